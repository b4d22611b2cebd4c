import { formatValue } from '../format/number.ts';
import type { Extent } from './extent.ts';
import { multiplesWithin, niceStep } from './ticks.ts';

export const Y_SCALES = ['linear', 'log', 'symlog'] as const;
export type YScaleName = (typeof Y_SCALES)[number];

export interface YTick {
  /** Place on the axis, transformed. */
  readonly at: number;
  readonly label: string;
}

/** A y axis: values are placed by `forward`, the axis runs from `min` to `max` of placed values. */
export interface YScale {
  readonly forward: (y: number) => number;
  readonly min: number;
  readonly max: number;
  readonly ticks: (most: number) => YTick[];
}

/** Decades below the largest size that a symlog axis shows before it turns linear around 0. */
const SYMLOG_DECADES = 3;
const PADDING = 0.05;

/** `fixed` is the range asked for, else all of the extent with a little room. */
export function yScaleOf(name: YScaleName, extent: Extent | undefined, fixed?: readonly [number, number]): YScale {
  const low = fixed?.[0] ?? extent?.low ?? 0;
  const high = fixed?.[1] ?? extent?.high ?? 1;
  if (name === 'symlog') return symlogScale(low, high);
  if (name === 'log') {
    const lowest = low > 0 ? low : (extent?.lowestPositive ?? Number.POSITIVE_INFINITY);
    // Nothing above 0: an empty axis says so, rather than one that quietly became linear.
    return Number.isFinite(lowest) && high > 0 ? logScale(lowest, high) : logScale(0.1, 1);
  }
  return linearScale(low, high, fixed !== undefined);
}

function linearScale(low: number, high: number, isFixed: boolean): YScale {
  const room = isFixed ? 0 : (high - low) * PADDING || Math.abs(high) * 0.1 || 1;
  // What is never below 0 keeps 0 as its floor.
  const min = low >= 0 && low - room < 0 ? 0 : low - room;
  const max = high <= 0 && high + room > 0 ? 0 : high + room;
  return {
    forward: (y) => y,
    min,
    max: max > min ? max : min + 1,
    ticks: (most) => linearLabels(min, max > min ? max : min + 1, most),
  };
}

function linearLabels(min: number, max: number, most: number): YTick[] {
  const step = niceStep(min, max, most);
  return multiplesWithin(min, max, step).map((y) => ({ at: y, label: formatTick(y, step) }));
}

function logScale(low: number, high: number): YScale {
  const forward = (y: number): number => (y > 0 ? Math.log10(y) : Number.NaN);
  const room = (Math.log10(high) - Math.log10(low)) * PADDING || 0.1;
  const [min, max] = [Math.log10(low) - room, Math.log10(high) + room];
  return {
    forward,
    min,
    max,
    ticks(most) {
      const decades = multiplesWithin(min, max, Math.max(1, Math.ceil((max - min) / Math.max(1, most))));
      const values =
        decades.length >= 3 ? decades.map((exponent) => 10 ** exponent) : valuesBetweenDecades(min, max, most);
      return values.map((y) => ({ at: Math.log10(y), label: formatTick(y) }));
    },
  };
}

/** Where a range holds hardly a power of ten: 1, 2 and 5 times one, or round values where even those are too few. */
function valuesBetweenDecades(min: number, max: number, most: number): number[] {
  const [low, high] = [10 ** min, 10 ** max];
  const powers = multiplesWithin(Math.floor(min), Math.ceil(max), 1);
  const values = powers
    .flatMap((exponent) => [1, 2, 5].map((digit) => digit * 10 ** exponent))
    .filter((y) => y >= low && y <= high);
  if (values.length >= 2) return values.length <= most + 1 ? values : values.filter((_, index) => index % 2 === 0);
  return multiplesWithin(low, high, niceStep(low, high, most)).filter((y) => y > 0);
}

/** sign(y) log10(1 + |y| / c): logarithmic far from 0 on both sides, linear within about c of it. */
function symlogScale(low: number, high: number): YScale {
  const largest = Math.max(Math.abs(low), Math.abs(high)) || 1;
  const top = Math.floor(Math.log10(largest));
  const linearWithin = 10 ** (top - SYMLOG_DECADES);
  const forward = (y: number): number => Math.sign(y) * Math.log10(1 + Math.abs(y) / linearWithin);
  const [a, b] = [forward(low), forward(high)];
  const room = (b - a) * PADDING || 0.1;
  const [min, max] = [a - room, b + room];
  const sizes = Array.from({ length: SYMLOG_DECADES + 1 }, (_, index) => 10 ** (top - SYMLOG_DECADES + index));
  const values = [...sizes.map((size) => -size).reverse(), 0, ...sizes];
  return {
    forward,
    min,
    max,
    ticks(most) {
      const within = values.filter((y) => forward(y) >= min && forward(y) <= max);
      const zero = within.indexOf(0);
      const stride = Math.max(1, Math.ceil(within.length / Math.max(1, most)));
      // Counted from 0, or from the largest, so that those are never the ones left out.
      const origin = zero >= 0 ? zero : within.length - 1;
      return within
        .filter((_, index) => (index - origin) % stride === 0)
        .map((y) => ({ at: forward(y), label: formatTick(y) }));
    },
  };
}

/** A tick's value with just the digits that tell it from its neighbours. */
export function formatTick(value: number, step?: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 100_000 || size < 1e-4) return formatValue(value, 3);
  const digits =
    step === undefined ? Math.max(0, -Math.floor(Math.log10(size))) : Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return value.toFixed(Math.min(digits, 12)).replace('-', '\u2212');
}
