import { formatCount } from '../format/number.ts';
import { countTicks, timeTicks } from './ticks.ts';

export const X_AXES = ['step', 'examples', 'time'] as const;
export type XAxisName = (typeof X_AXES)[number];
/** "clock" is the time of day, x in seconds since 1970: for what is measured of the machine, not of a training. */
export type AnyXAxis = XAxisName | 'clock';

/** Where steps lie on an x axis, and back. Both rise with their argument. */
export interface XMap {
  readonly toX: (step: number) => number;
  readonly toStep: (x: number) => number;
}

/** What `metrics.axes` answers. */
interface AxisColumns {
  readonly steps: readonly number[];
  readonly examplesSeen: readonly number[];
  readonly trainedMs: readonly number[];
}

export const BY_STEP: XMap = { toX: (step) => step, toStep: (x) => x };

/**
 * The map of an x axis: steps, examples seen, or seconds of training. Between two known steps it is linear, beyond the
 * ends as steep as on average. A run of which nothing is known yet lies at its steps.
 */
export function xMapOf(axis: XAxisName, columns: AxisColumns | undefined): XMap {
  if (axis === 'step' || columns === undefined || columns.steps.length === 0) return BY_STEP;
  const xs = axis === 'examples' ? columns.examplesSeen : columns.trainedMs.map((ms) => ms / 1000);
  const known = strictlyRising(columns.steps, xs);
  return {
    toX: (step) => interpolate(known.steps, known.xs, step),
    toStep: (x) => interpolate(known.xs, known.steps, x),
  };
}

/** Pairs whose two sides both rise, so that the map can be turned round; of equal ones the last stays. */
function strictlyRising(steps: readonly number[], xs: readonly number[]): { steps: number[]; xs: number[] } {
  const known: { steps: number[]; xs: number[] } = { steps: [], xs: [] };
  steps.forEach((step, index) => {
    const x = xs[index] ?? 0;
    while (known.steps.length > 0 && (x <= (known.xs.at(-1) ?? 0) || step <= (known.steps.at(-1) ?? 0))) {
      known.steps.pop();
      known.xs.pop();
    }
    known.steps.push(step);
    known.xs.push(x);
  });
  return known;
}

function interpolate(from: readonly number[], to: readonly number[], value: number): number {
  const last = from.length - 1;
  const [firstFrom = 0, lastFrom = 0, firstTo = 0, lastTo = 0] = [from[0], from[last], to[0], to[last]];
  const slope =
    lastFrom > firstFrom ? (lastTo - firstTo) / (lastFrom - firstFrom) : lastFrom > 0 ? lastTo / lastFrom : 1;
  if (value <= firstFrom) return Math.max(0, firstTo + (value - firstFrom) * slope);
  if (value >= lastFrom) return lastTo + (value - lastFrom) * slope;
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((from[middle] ?? 0) <= value) low = middle;
    else high = middle;
  }
  const [a = 0, b = 0, c = 0, d = 0] = [from[low], from[high], to[low], to[high]];
  return c + ((d - c) * (value - a)) / (b - a);
}

export function xTicks(axis: AnyXAxis, low: number, high: number, most: number): number[] {
  return axis === 'time' || axis === 'clock' ? timeTicks(low, high, most) : countTicks(low, high, most);
}

/** A tick, shortly: "12 000", "1.2 M", "1:30:00". */
export function formatXTick(axis: AnyXAxis, x: number): string {
  if (axis === 'time') return formatClock(x);
  if (axis === 'clock') return formatTimeOfDay(x);
  if (Math.abs(x) < 1e6) return formatCount(x);
  const [unit, name] = Math.abs(x) < 1e9 ? [1e6, 'M'] : [1e9, 'G'];
  return `${String(Number((x / unit).toPrecision(4)))}\u202f${name}`;
}

/** Where the cursor is: "step 1 200", "3 400 examples", "1:02:03". */
export function formatX(axis: AnyXAxis, x: number): string {
  if (axis === 'time') return `at ${formatClock(x)}`;
  if (axis === 'clock') return formatTimeOfDay(x);
  return axis === 'step' ? `step ${formatCount(x)}` : `${formatCount(x)} examples`;
}

/** Local, "14:03:20". */
function formatTimeOfDay(seconds: number): string {
  const at = new Date(seconds * 1000);
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

/** Seconds as "m:ss" or "h:mm:ss"; with tenths below ten seconds, where whole ones would be all alike. */
export function formatClock(seconds: number): string {
  const isBelow = seconds < 0;
  const size = Math.abs(seconds);
  if (size < 10 && !Number.isInteger(size)) return `${isBelow ? '\u2212' : ''}0:0${size.toFixed(1)}`;
  const whole = Math.round(size);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  const two = (value: number): string => String(value).padStart(2, '0');
  const text = hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
  return `${isBelow ? '\u2212' : ''}${text}`;
}
