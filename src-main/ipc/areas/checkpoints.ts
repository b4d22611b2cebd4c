import type { CHECKPOINT_REQUESTS } from '../../../src-shared/ipc/contract/checkpoints.ts';
import type { HandlersOf } from '../handler.ts';
import { exportRunCheckpoint, importCheckpoint, listRunCheckpoints } from '../handlers/checkpoints.ts';
import type { Host } from '../host.ts';

export function checkpointHandlers(host: Host): HandlersOf<typeof CHECKPOINT_REQUESTS> {
  return {
    'checkpoints.list': listRunCheckpoints(host),
    'checkpoints.export': exportRunCheckpoint(host),
    'checkpoints.import': importCheckpoint(host),
  };
}
