/** A typographic minus, as wide as a plus. */
const MINUS = '\u2212';
const MISSING = '\u2013';

/**
 * A measured value with the digits that mean something: 4 significant ones by default, scientific where it would be
 * long. NaN and infinities are said, never hidden.
 */
export function formatValue(value: number | null | undefined, digits = 4): string {
  if (value === null || value === undefined) return MISSING;
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${MINUS}∞`;
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 10 ** (digits + 2) || size < 1e-3) return withMinus(scientific(value, digits));
  return withMinus(value.toFixed(Math.max(0, digits - 1 - Math.floor(Math.log10(size)))));
}

/** A whole number with its thousands apart: 32 000. */
export function formatCount(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return MISSING;
  return withMinus(
    Math.round(value)
      .toString()
      .replace(/\B(?=(\d{3})+$)/g, '\u202f'),
  );
}

/** A share in 0..1 as whole percent; 100 only when it is really all. */
export function formatShare(share: number): string {
  const percent = share >= 1 ? 100 : Math.min(99, Math.floor(share * 100));
  return `${percent}\u202f%`;
}

/** A score in 0..100 with one digit behind the point. */
export function formatScore(score: number | null | undefined): string {
  if (score === null || score === undefined) return MISSING;
  return Number.isFinite(score) ? score.toFixed(1) : formatValue(score);
}

function scientific(value: number, digits: number): string {
  const [mantissa = '0', exponent = '0'] = value.toExponential(digits - 1).split('e');
  return `${mantissa.replace(/\.?0+$/, '')}e${Number(exponent)}`;
}

function withMinus(text: string): string {
  return text.replaceAll('-', MINUS);
}
