import type { SWEEP_REQUESTS } from '../../../src-shared/ipc/contract/runs.ts';
import type { HandlersOf } from '../handler.ts';
import { checkSweep, startSweep } from '../handlers/sweeps.ts';
import type { Host } from '../host.ts';

export function sweepHandlers(host: Host): HandlersOf<typeof SWEEP_REQUESTS> {
  return { 'sweeps.check': checkSweep(host), 'sweeps.start': startSweep(host) };
}
