import { expect, it } from 'vitest';
import { createKernelExecutor } from '../../src-main/engine/executors/kernels/create-kernel-executor.ts';
import { expectParity, FIXTURES } from './check-parity.ts';

it('recorded runs are reproduced on wasm', async () => {
  const executor = await createKernelExecutor('wasm');
  try {
    expect(await expectParity(executor, FIXTURES)).toBeGreaterThan(300);
  } finally {
    executor.dispose();
  }
});
