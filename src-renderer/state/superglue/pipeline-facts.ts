import type {
  PipelineCell,
  PipelineStatus,
  PipelineSummary,
  PredictionView,
} from '../../../src-shared/ipc/contract/superglue.ts';
import { STATUS_TABLE, type RunStatus } from '../../../src-shared/run/run-status.ts';
import { formatScore, formatShare } from '../../format/number.ts';

/** What a pipeline's status is called, what it means, and the run's status whose mark it shares. */
export const PIPELINE_STATUS: Readonly<
  Record<PipelineStatus, { readonly label: string; readonly help: string; readonly like: RunStatus }>
> = {
  queued: { label: 'Queued', help: 'Its runs wait for their turn.', like: 'queued' },
  running: { label: 'Running', help: 'Its runs are at work.', like: 'running' },
  predicting: { label: 'Predicting', help: 'All runs have ended; the best of each task predict.', like: 'running' },
  incomplete: {
    label: 'Incomplete',
    help: 'It was stopped or interrupted, or something could not be predicted. Resume goes on with it.',
    like: 'stopped',
  },
  finished: { label: 'Finished', help: 'Trained, scored and predicted.', like: 'finished' },
};

/** What became of its runs, e.g. "3 of 6 runs finished, 1 diverged". */
export function runsInWords({ runs }: Pick<PipelineSummary, 'runs'>): string {
  const others = [
    [runs.diverged, 'diverged'],
    [runs.endedEarly, 'ended early'],
    [runs.deleted, 'deleted'],
  ] as const;
  return [
    `${runs.finished} of ${runs.total} ${runs.total === 1 ? 'run' : 'runs'} finished`,
    ...others.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`),
  ].join(', ');
}

/** Whether anything of it is under way, so that it can be stopped. */
export function isUnderWay({ status }: Pick<PipelineSummary, 'status'>): boolean {
  return status === 'queued' || status === 'running' || status === 'predicting';
}

/** Share of a cell's training that is done, 0..1; undefined where nothing is known of it. */
export function shareOfCell({ status, progress }: PipelineCell): number | undefined {
  if (status === 'finished') return 1;
  if (progress === null || progress.totalSteps === 0) return undefined;
  return Math.min(1, progress.step / progress.totalSteps);
}

/** What stands in a cell of the grid: its score once there is one and it works no more, else how far it is. */
export function cellText(cell: PipelineCell): string {
  const { status, score, error } = cell;
  if (status === 'deleted') return 'deleted';
  if (status === 'queued') return 'waits';
  const share = shareOfCell(cell);
  if (!STATUS_TABLE[status].isEnd)
    return share === undefined ? STATUS_TABLE[status].label.toLowerCase() : formatShare(share);
  if (status === 'finished') return formatScore(score);
  // A run that failed for good after it was scored still takes part with that score.
  if (status === 'failed' && error !== null) return score === null ? 'failed' : `failed, ${formatScore(score)}`;
  return share === undefined
    ? STATUS_TABLE[status].label.toLowerCase()
    : `${STATUS_TABLE[status].label.toLowerCase()}, ${formatShare(share)}`;
}

const PREDICTION_WORDS: Readonly<Record<PredictionView['state'], string>> = {
  waiting: 'waits',
  working: 'predicting',
  done: 'done',
  failed: 'failed',
  unavailable: 'none',
};

/** "16 lines", "waits", "failed"; why is in its message. */
export function predictionText({ state, lines }: PredictionView): string {
  if (state !== 'done' || lines === null) return PREDICTION_WORDS[state];
  return lines === 1 ? '1 line' : `${lines} lines`;
}
