import type { RunOverview } from '../../src-shared/run/records.ts';
import { addEvent } from '../registry/events.ts';
import type { Registry } from '../registry/open-registry.ts';
import { abandonedRuns, getRunOverview, setRunStatus } from '../registry/runs.ts';
import { isProcessAlive } from './process-alive.ts';

/** A run's owner gives a sign of life every few seconds; one that is silent for a minute is taken for dead. */
const OWNER_SILENT_MS = 60_000;

/**
 * Runs whose owner is gone become `interrupted`, with what to do. Runs of another living process (a terminal beside
 * the app) are left alone, and so are those in `own`.
 */
export function interruptAbandonedRuns(
  db: Registry,
  nowMs: number,
  own: { has(runId: string): boolean } = new Set<string>(),
): RunOverview[] {
  // Process ids come again: a run that carries ours and is not ours belongs to a dead process.
  const isAlive = (pid: number): boolean => pid !== process.pid && isProcessAlive(pid);
  return abandonedRuns(db, nowMs, OWNER_SILENT_MS, isAlive)
    .filter(({ runId }) => !own.has(runId))
    .map(({ runId, resumeStep }) => {
      const remedy =
        resumeStep === null ? 'Resume starts it over: it had saved no checkpoint.' : `Resume from step ${resumeStep}.`;
      const message = `The program that ran it ended without saving. ${remedy}`;
      db.transaction(() => {
        setRunStatus(db, runId, 'interrupted', { nowMs, error: { code: 'run/failed', message, details: {} } });
        addEvent(db, { runId, atMs: nowMs, kind: 'interrupted', message });
      }).immediate();
      return getRunOverview(db, runId);
    });
}
