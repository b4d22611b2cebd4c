import type { QUEUE_REQUESTS } from '../../../src-shared/ipc/contract/runs.ts';
import type { HandlersOf } from '../handler.ts';
import { moveRun, readQueue, setConcurrency } from '../handlers/queue.ts';
import type { Host } from '../host.ts';

export function queueHandlers(host: Host): HandlersOf<typeof QUEUE_REQUESTS> {
  return {
    'queue.get': readQueue(host),
    'queue.move': moveRun(host),
    'queue.setConcurrency': setConcurrency(host),
  };
}
