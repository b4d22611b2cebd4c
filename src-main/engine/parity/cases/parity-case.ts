import type { CompileOptions, Executor } from '../../executors/executor.ts';
import type { Comparison } from '../comparison.ts';
import type { Fixture } from '../fixture-files.ts';

/** Recomputes one recorded variant on an executor. */
export type ParityCase = (fixture: Fixture, executor: Executor, options: CompileOptions) => Promise<Comparison[]>;
