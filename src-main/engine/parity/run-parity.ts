import { existsSync, readdirSync } from 'node:fs';
import { AppError } from '../../../src-shared/app-error.ts';
import type { CompileOptions, Executor } from '../executors/executor.ts';
import { forwardCase } from './cases/forward.ts';
import { hardCase } from './cases/hard.ts';
import { mlmFeedbackCase } from './cases/mlm-feedback.ts';
import { pairCase } from './cases/pair.ts';
import type { ParityCase } from './cases/parity-case.ts';
import { schedulerCase } from './cases/scheduler.ts';
import { softCase } from './cases/soft.ts';
import type { Comparison } from './comparison.ts';
import { readFixture, readJsonCase, variantsOf } from './fixture-files.ts';
import { TEXT_CASES, textParity } from './text/text-parity.ts';

/** The cases that are computed on an executor, by folder name. */
const CASES: Readonly<Record<string, ParityCase>> = {
  forward: forwardCase,
  mlm: pairCase('mlm'),
  mlm_accum2: pairCase('mlm'),
  mlm_h: mlmFeedbackCase,
  finetune: pairCase('finetune'),
  hard: hardCase,
  soft: softCase,
  soft_fixed_y: softCase,
};

export interface ParityRequest {
  /** A folder laid out as tests/parity/fixtures; cases and files it lacks are not run. */
  readonly fixturesDir: string;
  readonly executor: Executor;
  readonly compileOptions?: CompileOptions;
}

export interface ParityReport {
  readonly comparisons: readonly Comparison[];
  /** Folders of DIR that hold no case computed here. */
  readonly notRun: readonly string[];
  readonly within: boolean;
}

/**
 * Recomputes every recorded case of a folder and compares whole tensors. `onComparison` hears each line as it is known.
 * @throws AppError file/not-found when the folder is missing or holds no case, file/invalid when a file is broken
 */
export async function runParity(
  request: ParityRequest,
  onComparison: (comparison: Comparison) => void = () => undefined,
): Promise<ParityReport> {
  const { fixturesDir, executor, compileOptions = {} } = request;
  if (!existsSync(fixturesDir)) {
    throw new AppError('file/not-found', `no folder "${fixturesDir}"; give the folder that holds the fixture cases`);
  }
  const comparisons: Comparison[] = [];
  const report = (lines: readonly Comparison[]): void => {
    comparisons.push(...lines);
    lines.forEach(onComparison);
  };
  const schedules = readJsonCase(fixturesDir, 'scheduler', 'data.json');
  if (schedules !== undefined) report(schedulerCase(schedules));
  await textParity(fixturesDir, report);
  for (const [caseName, run] of Object.entries(CASES)) {
    for (const variant of variantsOf(fixturesDir, caseName)) {
      report(await run(readFixture(fixturesDir, caseName, variant), executor, compileOptions));
    }
  }
  const known = new Set(['scheduler', ...TEXT_CASES, ...Object.keys(CASES)]);
  const folders = readdirSync(fixturesDir, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  if (comparisons.length === 0) {
    throw new AppError(
      'file/not-found',
      `"${fixturesDir}" holds no fixture case; expected folders such as ${[...known].join(', ')}`,
    );
  }
  return {
    comparisons,
    notRun: folders.map((entry) => entry.name).filter((name) => !known.has(name)),
    within: comparisons.every((comparison) => comparison.within),
  };
}
