import type Database from 'better-sqlite3';

/** Welford's running mean and sum of squared deviations: no cancellation where the mean is large. */
interface Spread {
  count: number;
  mean: number;
  squares: number;
}

/**
 * Adds the SQL aggregate `sample_std(x)`: standard deviation with n - 1 in the denominator over the finite numbers,
 * NULL for fewer than two.
 */
export function addSampleStd(db: Database.Database): void {
  db.aggregate('sample_std', {
    deterministic: true,
    start: (): Spread => ({ count: 0, mean: 0, squares: 0 }),
    step: (spread: Spread, value: unknown): Spread => {
      if (typeof value !== 'number' || !Number.isFinite(value)) return spread;
      const count = spread.count + 1;
      const off = value - spread.mean;
      const mean = spread.mean + off / count;
      return { count, mean, squares: spread.squares + off * (value - mean) };
    },
    result: ({ count, squares }: Spread): number | null => (count < 2 ? null : Math.sqrt(squares / (count - 1))),
  });
}
