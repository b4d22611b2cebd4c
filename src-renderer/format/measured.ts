import { formatScore, formatValue } from './number.ts';

/** A figure over repeated runs: one value, or mean and sample standard deviation over `count` finite values. */
export interface Measured {
  readonly value: number;
  /** Undefined for a single value, where no spread is known. */
  readonly std: number | undefined;
  readonly count: number;
}

/** How a single value is written; with a spread, the spread decides the digits. */
export type MeasuredFormat = 'score' | 'value' | 'count';

/** A value beyond this, or a spread below the inverse, is written in scientific digits of its own. */
const LONGEST = 1e7;

/** Mean and sample standard deviation of the finite values; undefined where there is none. NaN and infinite values don't count. */
export function measure(values: readonly (number | null | undefined)[]): Measured | undefined {
  const known = values.filter((value) => typeof value === 'number');
  const finite = known.filter((value) => Number.isFinite(value));
  const [first] = known;
  // A single run whose value was lost shows just that.
  if (finite.length === 0) return first === undefined ? undefined : { value: first, std: undefined, count: 0 };
  const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length;
  if (finite.length === 1) return { value: mean, std: undefined, count: 1 };
  const squares = finite.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { value: mean, std: Math.sqrt(squares / (finite.length - 1)), count: finite.length };
}

/**
 * Value and spread as text. The spread has two significant digits where it begins with a 1, else one, and the value ends
 * at the same decimal: digits that the noise makes meaningless are not written. Without a spread a score has one
 * decimal, a count none, and anything else four significant digits.
 */
export function formatMeasured(
  { value, std }: Measured,
  format: MeasuredFormat,
): { readonly value: string; readonly std: string | undefined } {
  if (std === undefined || !Number.isFinite(std) || !Number.isFinite(value)) {
    return { value: formatSingle(value, format), std: undefined };
  }
  if (std === 0) return { value: formatSingle(value, format), std: '0' };
  if (Math.abs(value) >= LONGEST || std < 1 / LONGEST) return { value: formatValue(value), std: formatValue(std, 2) };
  const exponent = Math.floor(Math.log10(std));
  const digits = std / 10 ** exponent < 1.95 ? 2 : 1;
  const decimals = Math.max(0, digits - 1 - exponent);
  return { value: withMinus(value.toFixed(decimals)), std: std.toFixed(decimals) };
}

function formatSingle(value: number, format: MeasuredFormat): string {
  if (format === 'score') return formatScore(value);
  return format === 'count' && Number.isFinite(value) ? withMinus(Math.round(value).toString()) : formatValue(value);
}

function withMinus(text: string): string {
  return text.replace('-', '\u2212');
}
