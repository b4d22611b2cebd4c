import { getRunOverview } from '../../registry/runs.ts';
import type { Handler } from '../handler.ts';
import type { Host } from '../host.ts';
import { runSummary } from '../run-summary.ts';

export function stopRun({ supervisor }: Host): Handler<'runs.stop'> {
  return ({ runId }) => runSummary(supervisor.stop(runId), supervisor);
}

/** Answers when the process is gone. A waiting run just leaves the queue. */
export function killRun({ supervisor }: Host): Handler<'runs.kill'> {
  return async ({ runId }) => {
    if (supervisor.waitingRunIds().includes(runId)) return runSummary(supervisor.stop(runId), supervisor);
    supervisor.kill(runId);
    return runSummary(await supervisor.whenEnded(runId), supervisor);
  };
}

export function pauseRun({ supervisor }: Host): Handler<'runs.pause'> {
  return ({ runId }) => runSummary(supervisor.pause(runId), supervisor);
}

/** A paused run still has its engine and goes on at once; any other starts one from its latest checkpoint. */
export function resumeRun({ db, supervisor }: Host): Handler<'runs.resume'> {
  return ({ runId }) => {
    const isPaused = getRunOverview(db, runId).status === 'paused';
    return runSummary(isPaused ? supervisor.continue(runId) : supervisor.resume(runId), supervisor);
  };
}
