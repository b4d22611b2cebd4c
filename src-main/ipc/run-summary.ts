import type { RunSummary } from '../../src-shared/ipc/run-views.ts';
import type { RunOverview } from '../../src-shared/run/records.ts';
import type { Supervisor } from '../runs/supervisor.ts';

/** A run as lists and events show it. */
export function runSummary(run: RunOverview, supervisor: Supervisor): RunSummary {
  return {
    runId: run.runId,
    name: run.name,
    preset: run.preset,
    objective: run.objective,
    status: run.status,
    phase: supervisor.phaseOf(run.runId),
    createdAtMs: run.createdAtMs,
    startedAtMs: run.startedAtMs,
    finishedAtMs: run.finishedAtMs,
    progress: run.progress,
    parentRunId: run.parentRunId,
    executor: run.executor === null ? null : `${run.executor.name} on ${run.executor.device}`,
    lastLoss: run.lastLoss,
    bestScores: { ...run.bestScores },
    scores: { ...run.scores },
    error: run.error,
    dataKind: run.dataKind,
    seed: run.seed,
    tags: [...run.tags],
    notes: run.notes,
    sweepId: run.sweepId,
    archivedAtMs: run.archivedAtMs,
    trashedAtMs: run.trashedAtMs,
    queuePosition: run.queuePosition,
    resumeStep: run.resumeStep,
    silentSinceMs: supervisor.silentSinceMs(run.runId),
  };
}
