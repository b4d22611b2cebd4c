import type { RequestBody } from '../../../src-shared/ipc/contract.ts';
import { renamePipeline } from '../../registry/pipelines.ts';
import { readSettings } from '../../registry/settings.ts';
import { dataDirectory } from '../../runs/run-files.ts';
import type { PipelineRequest } from '../../superglue/check.ts';
import { readChoices } from '../../superglue/choices.ts';
import { pipelineDetail, pipelineSummary } from '../../superglue/pipeline-views.ts';
import type { PlannedRun } from '../../superglue/plan.ts';
import { PredictedExamples } from '../../superglue/predicted-examples.ts';
import { runSource } from '../../superglue/source.ts';
import { contentOf, writeSubmission } from '../../superglue/write-submission.ts';
import type { Handler } from '../handler.ts';
import type { Host } from '../host.ts';
import { estimate } from './estimate.ts';
import { atField } from './form-config.ts';

export function pipelineChoices({ home }: Host): Handler<'superglue.choices'> {
  return () => readChoices(dataDirectory(home));
}

export function checkNewPipeline(host: Host): Handler<'superglue.check'> {
  return async (body) => {
    const { runs, problems } = await host.pipelines.check(requestOf(host.db, body));
    return {
      runs: runs.map(({ name, task, learningRate, seed }) => ({ name, task, learningRate, seed })),
      problems: problems.map(atField),
      ...(problems.length > 0 ? { seconds: null, basis: '' } : expectedTime(host, runs)),
    };
  };
}

/** Runs of a task take the same time whatever their learning rate and seed. */
function expectedTime(host: Host, runs: readonly PlannedRun[]): { seconds: number | null; basis: string } {
  const tasks = [...new Set(runs.map(({ task }) => task))];
  const { concurrency } = readSettings(host.db);
  let seconds: number | null = 0;
  let basis = '';
  for (const task of tasks) {
    const ofTask = runs.filter((run) => run.task === task);
    const [first] = ofTask;
    if (first === undefined) continue;
    const one = estimate(host, first.config);
    // What is said of memory is not asked for here.
    basis = one.basis.replace(/ Memory is .*$/, '');
    // One task of unknown length makes the whole unknown.
    if (one.seconds === null) return { seconds: null, basis };
    seconds += one.seconds * ofTask.length;
  }
  return { seconds: seconds / Math.min(concurrency, runs.length), basis };
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
  readonly overlaps: Handler<'superglue.overlaps'>;
} {
  const examples = new PredictedExamples(db, home);
  return {
    page: (body) => examples.page(body),
    confusion: ({ runId, split }) => examples.confusion(runId, split),
    overlaps: ({ runId }) => examples.overlaps(runId),
  };
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
