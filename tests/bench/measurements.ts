/** A budget of the design and what was measured against it. */
export interface Measurement {
  readonly name: string;
  readonly unit: string;
  /** Most that is allowed; least where `atLeast`. */
  readonly budget: number;
  readonly atLeast?: boolean;
  readonly values: readonly number[];
  /** Beside the figures, e.g. what was done. */
  readonly how: string;
}

/** The middle value; of an even number the mean of the middle two. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

/** The value furthest on the wrong side. */
export function worst({ values, atLeast }: Pick<Measurement, 'values' | 'atLeast'>): number {
  return atLeast === true ? Math.min(...values) : Math.max(...values);
}

/** Whether the median keeps the budget, and whether every value does. NaN keeps nothing. */
export function verdict(measurement: Measurement): 'kept' | 'kept by the median' | 'broken' {
  const { budget, atLeast, values } = measurement;
  const keeps = (value: number): boolean => (atLeast === true ? value >= budget : value <= budget);
  if (!keeps(median(values))) return 'broken';
  return keeps(worst(measurement)) ? 'kept' : 'kept by the median';
}
