import { AppError } from '../../../src-shared/app-error.ts';
import type { SUPERGLUE_REQUESTS } from '../../../src-shared/ipc/contract/superglue.ts';
import type { HandlersOf } from '../handler.ts';
import type { Host } from '../host.ts';

export function superGlueHandlers(_host: Host): HandlersOf<typeof SUPERGLUE_REQUESTS> {
  const notYet = (): never => {
    throw new AppError('internal', 'The SuperGLUE pipeline is being built.');
  };
  return {
    'superglue.check': notYet,
    'superglue.start': notYet,
    'superglue.list': () => [],
    'superglue.get': notYet,
    'superglue.resume': notYet,
    'superglue.stop': notYet,
    'superglue.rename': notYet,
    'superglue.trash': notYet,
    'superglue.restore': notYet,
    'superglue.examples': notYet,
    'superglue.confusion': notYet,
    'superglue.zip': notYet,
  };
}
