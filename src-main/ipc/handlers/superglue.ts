import type { RequestBody } from '../../../src-shared/ipc/contract.ts';
import { renamePipeline } from '../../registry/pipelines.ts';
import type { PipelineRequest } from '../../superglue/check.ts';
import { pipelineDetail, pipelineSummary } from '../../superglue/pipeline-views.ts';
import { PredictedExamples } from '../../superglue/predicted-examples.ts';
import { runSource } from '../../superglue/source.ts';
import { contentOf, writeSubmission } from '../../superglue/write-submission.ts';
import type { Handler } from '../handler.ts';
import type { Host } from '../host.ts';
import { atField } from './form-config.ts';

export function checkNewPipeline({ db, pipelines }: Host): Handler<'superglue.check'> {
  return async (body) => {
    const { runs, problems } = await pipelines.check(requestOf(db, body));
    return {
      runs: runs.map(({ name, task, learningRate, seed }) => ({ name, task, learningRate, seed })),
      problems: problems.map(atField),
    };
  };
}

export function startPipeline({ db, pipelines }: Host): Handler<'superglue.start'> {
  return async (body) => pipelineDetail(await pipelines.start(requestOf(db, body)));
}

export function listPipelineSummaries({ pipelines }: Host): Handler<'superglue.list'> {
  return ({ scope, sourceRunIds }) =>
    pipelines.list({ trashed: scope === 'trash', sourceRunIds }).map((state) => pipelineSummary(state));
}

export function readPipeline({ pipelines }: Host): Handler<'superglue.get'> {
  return ({ pipelineId }) => pipelineDetail(pipelines.state(pipelineId));
}

export function resumePipeline({ pipelines }: Host): Handler<'superglue.resume'> {
  return ({ pipelineId }) => pipelineDetail(pipelines.resume(pipelineId));
}

export function stopPipeline({ pipelines }: Host): Handler<'superglue.stop'> {
  return ({ pipelineId }) => pipelineDetail(pipelines.stop(pipelineId));
}

export function rename({ db, pipelines }: Host): Handler<'superglue.rename'> {
  return ({ pipelineId, name }) => {
    renamePipeline(db, pipelineId, name);
    pipelines.emit('changed', pipelineId);
    return pipelineSummary(pipelines.state(pipelineId));
  };
}

export function trashPipelines({ pipelines }: Host): Handler<'superglue.trash'> {
  return ({ pipelineIds }) => pipelines.trash(pipelineIds).map((state) => pipelineSummary(state));
}

export function restorePipelines({ pipelines }: Host): Handler<'superglue.restore'> {
  return ({ pipelineIds }) => pipelines.restore(pipelineIds).map((state) => pipelineSummary(state));
}

/** Both read the same files, so they share what is kept of them. */
export function exampleHandlers({ db, home }: Host): {
  readonly page: Handler<'superglue.examples'>;
  readonly confusion: Handler<'superglue.confusion'>;
} {
  const examples = new PredictedExamples(db, home);
  return { page: (body) => examples.page(body), confusion: ({ runId }) => examples.confusion(runId) };
}

export function zipPipeline({ home, pipelines }: Host): Handler<'superglue.zip'> {
  return async ({ pipelineId, withContent }) => {
    const written = await writeSubmission(home, pipelines.state(pipelineId));
    return { ...written, base64: withContent ? await contentOf(written.file) : null };
  };
}

function requestOf(db: Host['db'], { from, ...rest }: RequestBody<'superglue.start'>): PipelineRequest {
  return { ...rest, source: from === null ? null : runSource(db, from) };
}
