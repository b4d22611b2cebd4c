import type { RunSummary } from '../../src-shared/ipc/run-views.ts';
import { STATUS_TABLE } from '../../src-shared/run/run-status.ts';
import { formatScore, formatShare, formatValue } from './number.ts';

/** Score by which a run is judged at a glance, the first of these that it has. */
const PRIMARY_SCORES = ['accuracy', 'Overall', 'MLM'] as const;

export interface PrimaryScore {
  readonly label: string;
  readonly value: number;
}

/** Best validation score so far; undefined before the first evaluation. */
export function primaryScore(run: RunSummary): PrimaryScore | undefined {
  for (const name of PRIMARY_SCORES) {
    const value = run.bestScores[name]?.value;
    if (value !== undefined) return { label: name === 'accuracy' ? 'Accuracy' : name, value };
  }
  return undefined;
}

/** Share of the training that is done, 0..1. */
export function shareDone(run: RunSummary): number {
  const { progress } = run;
  if (run.status === 'finished') return 1;
  return progress === null || progress.totalSteps === 0 ? 0 : progress.step / progress.totalSteps;
}

/** One short figure for a list: how far it is while it goes on, else its best score or last loss. */
export function briefResult(run: RunSummary): string {
  if (!STATUS_TABLE[run.status].isEnd) return run.progress === null ? '' : formatShare(shareDone(run));
  const score = primaryScore(run);
  if (score !== undefined) return formatScore(score.value);
  return run.lastLoss === null ? '' : formatValue(run.lastLoss, 3);
}

/** Seconds until the last step at the present speed; undefined where nothing moves. */
export function secondsLeft(run: RunSummary): number | undefined {
  const { progress } = run;
  if (run.status !== 'running' || progress === null || progress.samplesPerSecond <= 0) return undefined;
  return (progress.totalExamples - progress.examplesSeen) / progress.samplesPerSecond;
}

const PHASES: Readonly<Record<NonNullable<RunSummary['phase']>, string>> = {
  starting: 'Starting the engine',
  'preparing-data': 'Preparing data',
  compiling: 'Compiling the step',
  training: 'Training',
  evaluating: 'Evaluating on the validation split',
  testing: 'Testing the latest and the best checkpoints',
};

/** What is going on, in words. */
export function activityOf(run: RunSummary): string {
  const engaged = run.status === 'starting' || run.status === 'running';
  if (engaged && run.phase !== null) return PHASES[run.phase];
  return STATUS_TABLE[run.status].help;
}
