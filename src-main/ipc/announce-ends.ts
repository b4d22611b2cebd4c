import type { RunOverview } from '../../src-shared/run/records.ts';
import { leadingScore } from '../../src-shared/run/leading-score.ts';
import { averageOf } from '../../src-shared/run/superglue-scores.ts';
import { knownPipeline } from '../registry/pipelines.ts';
import { readSettings } from '../registry/settings.ts';
import { pipelineSummary } from '../superglue/pipeline-views.ts';
import type { Host } from './host.ts';

/** Tells, unless the person has turned it off, when a run has come to its end or broken. */
export function announceEnds({
  db,
  supervisor,
  pipelines,
  events,
}: Pick<Host, 'db' | 'supervisor' | 'pipelines' | 'events'>): void {
  pipelines.on('finished', (state) => {
    if (!readSettings(db).notifications) return;
    const { name, scores, tasks } = pipelineSummary(state);
    const average = averageOf(tasks, scores);
    events.publish('notification', {
      runId: state.tasks.find(({ best }) => best !== undefined)?.best?.run.runId ?? '',
      title: `${name} has finished`,
      text: average === undefined ? '' : `Average of ${tasks.join(', ')}: ${average.toFixed(1)} on validation.`,
      kind: 'good',
    });
  });
  supervisor.on('ended', (run) => {
    if (!readSettings(db).notifications) return;
    const isGood = run.status === 'finished';
    // Of a group's two dozen runs only what went wrong is news; its end is told once.
    if (isGood && run.sweepId !== null && knownPipeline(db, run.sweepId) !== undefined) return;
    events.publish('notification', {
      runId: run.runId,
      title: `${run.name} ${isGood ? 'has finished' : run.status === 'failed' ? 'has failed' : 'was interrupted'}`,
      text: isGood ? resultOf(run) : (run.error?.message ?? ''),
      kind: isGood ? 'good' : 'bad',
    });
  });
}

function resultOf({ bestScores, progress }: RunOverview): string {
  const steps = progress === null ? '' : `${progress.step} steps.`;
  const best = leadingScore(bestScores);
  return best === null ? steps : `Best validation ${best.name}: ${Number(best.value.toPrecision(4))}. ${steps}`;
}
