import {
  collapseMessage,
  collapseOf,
  collapseSign,
  type StepStatistics,
} from '../../src-shared/run/teacher-collapse.ts';
import type { RunEvent } from '../../src-shared/run/records.ts';
import { TEACHER_HEADS } from '../../src-shared/run/teacher-statistics.ts';
import { addEvent, listEvents } from '../registry/events.ts';
import type { Registry } from '../registry/open-registry.ts';
import { getRunOverview } from '../registry/runs.ts';
import { teacherStepsBackwards } from '../registry/teacher-examples.ts';

/** Stores a warning where the run's teacher has newly collapsed; once per collapse, also when a resume measures it again. */
export function warnOfCollapse(db: Registry, runId: string, nowMs: number): RunEvent | undefined {
  const row: StepStatistics[] = [];
  for (const step of teacherStepsBackwards(db, runId)) {
    row.unshift(step);
    // The first step without any sign ends whatever row there is.
    const { statistics } = step;
    if (TEACHER_HEADS.every((head) => collapseSign(statistics[head], statistics.textTopShare) === undefined)) break;
  }
  if (row.length < 2) return undefined;
  const collapse = collapseOf(row, getRunOverview(db, runId).progress?.totalExamples ?? Infinity);
  if (collapse === undefined) return undefined;
  const { head, sign, since } = collapse;
  const isKnown = listEvents(db, runId).some(
    ({ kind, details }) => kind === 'warning' && details['collapse'] === head && details['since'] === since,
  );
  if (isKnown) return undefined;
  const details = { collapse: head, sign, since, step: row.at(-1)?.step };
  return addEvent(db, { runId, atMs: nowMs, kind: 'warning', message: collapseMessage(collapse), details });
}
