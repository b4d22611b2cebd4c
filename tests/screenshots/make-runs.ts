import type { RunSummary } from '../../src-shared/ipc/run-views.ts';
import { makePipelines, type ShownPipelines } from './make-pipelines.ts';
import type { PageClient } from './page-client.ts';
import { ended, until } from './until.ts';

export interface ShownRuns {
  readonly mlm: string;
  readonly hard: string;
  readonly soft: string;
  /** Fine-tuned from each of them, in this order. */
  readonly tuned: readonly string[];
  readonly sweep: readonly string[];
  readonly pipelines: ShownPipelines;
}

/** Fractions of the report's pretraining: enough that curves and class maps show something. */
const SIZES = {
  mlm: { 'training.epochs': 1, 'training.epochSize': 32_000 },
  hard: { 'training.epochs': 1, 'training.epochSize': 6400 },
  soft: { 'training.epochs': 1, 'training.epochSize': 3200 },
} as const;
const OFTEN = {
  'training.logEverySteps': 4,
  'training.evaluateEveryExamples': 640,
  'training.teacherExamplesEveryExamples': 320,
};
const FINETUNING = { 'training.epochs': 60 };
/** A compiled step pays only in long runs. */
const UNCOMPILED = { 'engine.xla': false };

/** Real runs, one after the other. @param whileWaiting called when some wait in the queue */
export async function makeRuns(client: PageClient, whileWaiting: () => Promise<void>): Promise<ShownRuns> {
  const pretrain = (objective: 'mlm' | 'hard' | 'soft', name: string): Promise<RunSummary> =>
    client.request('runs.start', {
      base: { preset: `two-moons-${objective}`, overrides: { ...OFTEN, ...SIZES[objective], ...UNCOMPILED } },
      name,
      tags: ['pretraining'],
    });
  const mlm = await pretrain('mlm', 'Masked language modeling');
  const hard = await pretrain('hard', 'Hard labels');
  const soft = await pretrain('soft', 'Soft labels');
  const { runs: sweep } = await client.request('sweeps.start', {
    base: { preset: 'two-moons-mlm-smoke', overrides: UNCOMPILED },
    name: 'Learning rate',
    axes: [{ path: 'optimizer.learningRate', values: [0.02, 0.08] }],
    seeds: [0, 1],
  });
  await until(async () => (await client.request('queue.get', {})).running.some(({ progress }) => progress !== null));
  await whileWaiting();
  await ended(client, [mlm, hard, soft, ...sweep]);
  const tuned: RunSummary[] = [];
  for (const from of [mlm, hard, soft]) {
    tuned.push(
      await client.request('runs.start', {
        base: { preset: 'two-moons-finetune-80', overrides: { ...FINETUNING, ...UNCOMPILED } },
        from: { runId: from.runId },
        name: `${from.name}, fine-tuned on 80`,
        tags: ['fine-tuning'],
      }),
    );
  }
  await ended(client, tuned);
  await client.request('runs.edit', { runIds: [hard.runId], notes: 'Pretrained for the fine-tuning on 80 labels.' });
  const ids = (runs: readonly RunSummary[]): string[] => runs.map(({ runId }) => runId);
  const pipelines = await makePipelines(client);
  return { mlm: mlm.runId, hard: hard.runId, soft: soft.runId, tuned: ids(tuned), sweep: ids(sweep), pipelines };
}
