/** How far an error may be from the recorded numbers, and how it is measured. */
export type Tolerance =
  | { readonly measure: 'absolute'; readonly limit: number }
  | { readonly measure: 'relative'; readonly limit: number }
  /** |a - b| / |b| in the Euclidean norm of the whole tensor */
  | { readonly measure: 'relativeL2'; readonly limit: number }
  | { readonly measure: 'exact'; readonly limit: 0 };

/** One line of the parity report. */
export interface Comparison {
  readonly case: string;
  readonly variant: string;
  readonly quantity: string;
  readonly count: number;
  readonly maxAbsolute: number;
  readonly maxRelative: number;
  readonly relativeL2: number;
  readonly tolerance: Tolerance;
  readonly within: boolean;
}

/** Tolerances of float32 implementations, as the fixtures' README states them. */
export const TOLERANCES = {
  logits: { measure: 'absolute', limit: 1e-5 },
  scalar: { measure: 'relative', limit: 2e-5 },
  /** cosine-like numbers, whose size carries no scale of their own */
  feedback: { measure: 'absolute', limit: 2e-5 },
  gradient: { measure: 'relativeL2', limit: 1e-5 },
  weights: { measure: 'absolute', limit: 1e-4 },
  softMetaGradientFirst: { measure: 'relativeL2', limit: 5e-3 },
  softMetaGradient: { measure: 'relativeL2', limit: 2e-3 },
  softScalar: { measure: 'relative', limit: 2e-3 },
  softTeacher: { measure: 'absolute', limit: 2e-3 },
  softStudent: { measure: 'absolute', limit: 1e-5 },
  exact: { measure: 'exact', limit: 0 },
  /** scores: shares summed in another order */
  metric: { measure: 'absolute', limit: 1e-12 },
} as const satisfies Record<string, Tolerance>;

/** Compares whole tensors; NaN anywhere, or another length, is never within a tolerance. */
export function compare(
  where: { readonly case: string; readonly variant: string },
  quantity: string,
  got: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: Tolerance,
): Comparison {
  let maxAbsolute = 0;
  let maxRelative = 0;
  let squaredError = 0;
  let squaredNorm = 0;
  let isComparable = got.length === expected.length && got.length > 0;
  for (let i = 0; i < expected.length; i++) {
    const a = got[i] ?? Number.NaN;
    const b = expected[i] ?? Number.NaN;
    const error = Math.abs(a - b);
    if (Number.isNaN(error)) {
      isComparable = false;
      continue;
    }
    if (error > maxAbsolute) maxAbsolute = error;
    if (b !== 0) maxRelative = Math.max(maxRelative, error / Math.abs(b));
    else if (error > 0) maxRelative = Infinity;
    squaredError += error * error;
    squaredNorm += b * b;
  }
  const relativeL2 = squaredError === 0 ? 0 : Math.sqrt(squaredError / squaredNorm);
  const measured = { absolute: maxAbsolute, relative: maxRelative, relativeL2, exact: maxAbsolute }[tolerance.measure];
  return {
    ...where,
    quantity,
    count: expected.length,
    maxAbsolute,
    maxRelative,
    relativeL2,
    tolerance,
    within: isComparable && measured <= tolerance.limit,
  };
}
