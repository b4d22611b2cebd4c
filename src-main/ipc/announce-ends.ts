import type { RunOverview } from '../../src-shared/run/records.ts';
import { leadingScore } from '../../src-shared/run/leading-score.ts';
import { readSettings } from '../registry/settings.ts';
import type { Host } from './host.ts';

/** Tells, unless the person has turned it off, when a run has come to its end or broken. */
export function announceEnds({ db, supervisor, events }: Pick<Host, 'db' | 'supervisor' | 'events'>): void {
  supervisor.on('ended', (run) => {
    if (!readSettings(db).notifications) return;
    const isGood = run.status === 'finished';
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
