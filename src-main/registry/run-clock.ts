import { z } from 'zod';
import { listEvents } from './events.ts';
import type { Registry } from './open-registry.ts';
import { statement } from './statements.ts';

/** When the steps of a run were trained, as columns ascending by step. */
export interface RunClock {
  readonly steps: number[];
  /** Milliseconds of training until then, pauses and interruptions left out. */
  readonly trainedMs: number[];
}

const LeadingSeries = z.object({ series_id: z.number(), first_step: z.number(), last_step: z.number() });
type Knot = [step: number, atMs: number];

/** A stretch of time in which nothing was trained, milliseconds since 1970. */
interface Idle {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * The clock of a run at up to `maxPoints` of its steps, from when its longest series' points were stored. Work that was
 * lost with an interruption doesn't count: after a resume the clock goes on from the checkpoint's step.
 */
export function readRunClock(db: Registry, runId: string, maxPoints: number): RunClock {
  const knots = readKnots(db, runId, maxPoints);
  const events = listEvents(db, runId);
  const started = events.find(({ kind }) => kind === 'started' || kind === 'resumed');
  const resumes = events.filter(({ kind }) => kind === 'resumed').map(({ atMs }) => atMs);
  const pauses = pausesOf(events);
  const clock: RunClock = { steps: [], trainedMs: [] };
  let [trainedMs, beforeMs] = [0, started?.atMs ?? knots[0]?.[1] ?? 0];
  for (const [step, atMs] of knots) {
    trainedMs += trainedBetween(beforeMs, atMs, resumes, pauses);
    beforeMs = Math.max(beforeMs, atMs);
    clock.steps.push(step);
    clock.trainedMs.push(trainedMs);
  }
  return clock;
}

/** Steps with the moment they were stored, evenly over the run. */
function readKnots(db: Registry, runId: string, maxPoints: number): Knot[] {
  const found = statement(
    db,
    `SELECT series_id, last_step, (SELECT min(step) FROM points WHERE points.series_id = series.series_id) AS first_step
     FROM series WHERE run_id = ? AND points > 0 ORDER BY points DESC, series_id LIMIT 1`,
  ).get(runId);
  if (found === undefined) return [];
  const { series_id: seriesId, first_step: first, last_step: last } = LeadingSeries.parse(found);
  const stride = Math.max(1, Math.ceil((last - first) / (maxPoints - 1)));
  const next = statement(
    db,
    'SELECT step, at_ms FROM points WHERE series_id = ? AND step >= ? ORDER BY step LIMIT 1',
  ).raw();
  const knots: Knot[] = [];
  for (let wanted = first; wanted < last;) {
    const knot = next.get(seriesId, wanted) as Knot;
    knots.push(knot);
    // From the grid, not from the step found: as many reads as points, however the steps are spaced.
    wanted = first + (Math.floor((knot[0] - first) / stride) + 1) * stride;
  }
  const end = next.get(seriesId, last) as Knot;
  if (knots.at(-1)?.[0] !== end[0]) knots.push(end);
  return knots;
}

function pausesOf(events: readonly { readonly kind: string; readonly atMs: number }[]): Idle[] {
  const pauses: Idle[] = [];
  let fromMs: number | undefined;
  for (const { kind, atMs } of events) {
    if (kind === 'paused') fromMs ??= atMs;
    else if (fromMs !== undefined && kind !== 'warning') {
      pauses.push({ fromMs, toMs: atMs });
      fromMs = undefined;
    }
  }
  return pauses;
}

function trainedBetween(fromMs: number, toMs: number, resumes: readonly number[], pauses: readonly Idle[]): number {
  const resumedMs = resumes.findLast((atMs) => atMs > fromMs && atMs <= toMs) ?? fromMs;
  const paused = pauses.reduce((sum, idle) => {
    return sum + Math.max(0, Math.min(idle.toMs, toMs) - Math.max(idle.fromMs, resumedMs));
  }, 0);
  return Math.max(0, toMs - resumedMs - paused);
}
