import type { SUPERGLUE_REQUESTS } from '../../../src-shared/ipc/contract/superglue.ts';
import type { HandlersOf } from '../handler.ts';
import {
  checkNewPipeline,
  exampleHandlers,
  listPipelineSummaries,
  pipelineChoices,
  readPipeline,
  rename,
  restorePipelines,
  resumePipeline,
  startPipeline,
  stopPipeline,
  trashPipelines,
  zipPipeline,
} from '../handlers/superglue.ts';
import type { Host } from '../host.ts';

export function superGlueHandlers(host: Host): HandlersOf<typeof SUPERGLUE_REQUESTS> {
  const examples = exampleHandlers(host);
  return {
    'superglue.choices': pipelineChoices(host),
    'superglue.check': checkNewPipeline(host),
    'superglue.start': startPipeline(host),
    'superglue.list': listPipelineSummaries(host),
    'superglue.get': readPipeline(host),
    'superglue.resume': resumePipeline(host),
    'superglue.stop': stopPipeline(host),
    'superglue.rename': rename(host),
    'superglue.trash': trashPipelines(host),
    'superglue.restore': restorePipelines(host),
    'superglue.examples': examples.page,
    'superglue.confusion': examples.confusion,
    'superglue.overlaps': examples.overlaps,
    'superglue.zip': zipPipeline(host),
  };
}
