import type { TWO_MOONS_REQUESTS } from '../../../src-shared/ipc/contract/two-moons.ts';
import type { HandlersOf } from '../handler.ts';
import { readTwoMoonsResults, readUnlabeledPoints } from '../handlers/two-moons.ts';
import type { Host } from '../host.ts';

export function twoMoonsHandlers(host: Host): HandlersOf<typeof TWO_MOONS_REQUESTS> {
  return {
    'data.unlabeledPoints': readUnlabeledPoints(host),
    'twoMoons.results': readTwoMoonsResults(host),
  };
}
