import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { CompileOptions, Executor } from '../../src-main/engine/executors/executor.ts';
import { runParity } from '../../src-main/engine/parity/run-parity.ts';

/** Recorded runs of the reference code; the folder's README says how they were made. */
export const FIXTURES = fileURLToPath(new URL('./fixtures', import.meta.url));

/** Recomputes every recorded case below `folder` and expects each compared quantity within its tolerance. */
export async function expectParity(
  executor: Executor,
  folder: string,
  compileOptions: CompileOptions = {},
): Promise<number> {
  const { comparisons } = await runParity({ fixturesDir: folder, executor, compileOptions });
  const outside = comparisons.filter((comparison) => !comparison.within);
  expect(outside).toEqual([]);
  return comparisons.length;
}
