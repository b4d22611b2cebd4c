import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Executor } from '../../src-main/engine/executors/executor.ts';
import { openExecutor, suiteName, tensorFlowMissing } from '../unit/engine/executors/tensorflow/native.ts';
import { expectParity, FIXTURES } from './check-parity.ts';

describe.skipIf(tensorFlowMissing !== undefined)(suiteName('recorded runs on TensorFlow'), () => {
  let executor: Executor;
  beforeAll(async () => {
    executor = await openExecutor();
  });
  afterAll(() => {
    executor.dispose();
  });

  it('are reproduced by plain graphs', async () => {
    expect(await expectParity(executor, FIXTURES)).toBeGreaterThan(300);
  });
});
