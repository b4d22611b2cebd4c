import type {
  PipelineCell,
  PipelineDetail,
  PipelineSummary,
} from '../../../../../src-shared/ipc/contract/superglue.ts';

/** Pipelines as the main process tells of them, for tests. */
export function summary(changes: Partial<PipelineSummary> = {}): PipelineSummary {
  return {
    pipelineId: 'superglue-1',
    name: 'mine',
    createdAtMs: 1,
    source: null,
    superglue: 'sample',
    tasks: ['CB'],
    learningRates: [0.04],
    seeds: [0],
    status: 'finished',
    runs: { total: 1, finished: 1, diverged: 0, working: 0, waiting: 0, endedEarly: 0, deleted: 0 },
    share: 1,
    secondsLeft: null,
    scores: {},
    average: null,
    trashedAtMs: null,
    ...changes,
  };
}

export function cell(changes: Partial<PipelineCell> = {}): PipelineCell {
  return {
    task: 'CB',
    learningRate: 0.04,
    seed: 0,
    runId: 'run-1',
    status: 'finished',
    progress: null,
    secondsLeft: null,
    scores: {},
    score: null,
    loss: null,
    checkpoint: null,
    isBest: false,
    error: null,
    ...changes,
  };
}

export function detail(changes: Partial<PipelineSummary>, cells: PipelineCell[] = []): PipelineDetail {
  return { summary: summary(changes), cells, tasks: [], diagnostics: [] };
}
