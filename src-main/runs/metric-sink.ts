import type { TrainReport } from '../../src-shared/ipc/engine-protocol.ts';
import { addEvaluation } from '../registry/evaluations.ts';
import { addEvent } from '../registry/events.ts';
import { appendMetrics } from '../registry/metrics.ts';
import { getCheckpoint, putCheckpoint } from '../registry/checkpoints.ts';
import type { Registry } from '../registry/open-registry.ts';
import { getRunOverview, setRunExecutor, setRunProgress } from '../registry/runs.ts';
import { readSettings } from '../registry/settings.ts';
import { addTeacherExamples } from '../registry/teacher-examples.ts';
import { warnOfCollapse } from './collapse-warning.ts';
import type { RunEvents } from './run-events.ts';

export type Announce = <Name extends keyof RunEvents>(name: Name, ...body: RunEvents[Name]) => void;

/**
 * Stores what a training measured, then announces it: one transaction per report. Reports that change a run's status
 * are the supervisor's.
 */
export function storeReport(db: Registry, runId: string, report: TrainReport, nowMs: number, announce: Announce): void {
  switch (report.type) {
    case 'progress':
      db.transaction(() => {
        if (report.series.length > 0) appendMetrics(db, runId, report.series, nowMs);
        setRunProgress(db, runId, report.progress, nowMs);
      }).immediate();
      if (report.series.length > 0) announce('metrics', runId, report.series);
      announce('run', getRunOverview(db, runId));
      return;
    case 'executor': {
      const { name, device, versions, reason } = report;
      setRunExecutor(db, runId, { name, device, versions, reason });
      announce('run', getRunOverview(db, runId));
      return;
    }
    case 'evaluation': {
      const { step, examplesSeen, split, weights, scores, classMap } = report;
      const stored = addEvaluation(db, { runId, step, examplesSeen, split, weights, scores, classMap, atMs: nowMs });
      announce('evaluation', stored);
      announce('run', getRunOverview(db, runId));
      return;
    }
    case 'teacher-examples': {
      const { step, examplesSeen, feedback, entropy, examples } = report;
      const { teacherExamplesBytes } = readSettings(db);
      addTeacherExamples(db, { runId, step, examplesSeen, feedback, entropy }, examples, teacherExamplesBytes);
      announce('teacherExamples', runId, step);
      const warning = warnOfCollapse(db, runId, nowMs);
      if (warning !== undefined) announce('event', warning);
      return;
    }
    case 'checkpoint': {
      const { kind, step, examplesSeen, file, bytes, sha256, scores } = report;
      putCheckpoint(db, { runId, kind, step, examplesSeen, file, bytes, sha256, scores, savedAtMs: nowMs });
      const stored = getCheckpoint(db, runId, kind);
      if (stored !== undefined) announce('checkpoint', stored);
      return;
    }
    case 'warning': {
      const { message, step } = report;
      announce('event', addEvent(db, { runId, atMs: nowMs, kind: 'warning', message, details: { step } }));
      return;
    }
    default:
      return;
  }
}
