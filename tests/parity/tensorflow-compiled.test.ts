import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Executor } from '../../src-main/engine/executors/executor.ts';
import { openExecutor, suiteName, tensorFlowMissing } from '../unit/engine/executors/tensorflow/native.ts';
import { expectParity, FIXTURES } from './check-parity.ts';

/** Enough to compile every objective's forward and backward passes once; compiling all 333 quantities takes minutes. */
const CASES = ['mlm/twomoons', 'finetune/twomoons', 'hard/prenorm_gelu_pad'];

/**
 * Leaves programs plain that take one micro-batch of several a call: XLA would take half a minute for the same passes in
 * two more functions, while presets run all micro-batches in one.
 */
function compilingOnce(executor: Executor, compiled: string[]): Executor {
  return {
    info: executor.info,
    compile(program, options) {
      const xla = !Object.keys(program.functions).some((name) => name.startsWith('accumulate'));
      if (xla) compiled.push(program.name);
      return executor.compile(program, { ...options, xla });
    },
    dispose() {},
  };
}

describe.skipIf(tensorFlowMissing !== undefined)(suiteName('recorded runs on TensorFlow, compiled by XLA'), () => {
  let executor: Executor;
  let folder: string;
  beforeAll(async () => {
    executor = await openExecutor();
    folder = mkdtempSync(join(tmpdir(), 'metalmo-parity-'));
    for (const one of CASES) cpSync(join(FIXTURES, one), join(folder, one), { recursive: true });
  });
  afterAll(() => {
    executor.dispose();
    rmSync(folder, { recursive: true });
  });

  it('are reproduced', async () => {
    const compiled: string[] = [];
    expect(await expectParity(compilingOnce(executor, compiled), folder)).toBeGreaterThan(30);
    expect(compiled).toEqual(['mlm', 'finetune', 'hard']);
  });
});
