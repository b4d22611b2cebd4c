import { compare, type Comparison, type Tolerance } from './comparison.ts';

/** Collects a quantity's values over the recorded steps and compares them as one series. */
export class ScalarLog {
  readonly #series = new Map<string, { got: number[]; expected: number[]; tolerance: Tolerance }>();

  /** Steps for which the reference recorded nothing are left out. */
  add(quantity: string, got: number | undefined, expected: number | undefined, tolerance: Tolerance): void {
    if (expected === undefined) return;
    const known = this.#series.get(quantity) ?? { got: [], expected: [], tolerance };
    this.#series.set(quantity, known);
    known.got.push(got ?? Number.NaN);
    known.expected.push(expected);
  }

  comparisons(where: { case: string; variant: string }): Comparison[] {
    return [...this.#series].map(([quantity, { got, expected, tolerance }]) =>
      compare(where, quantity, got, expected, tolerance),
    );
  }
}
