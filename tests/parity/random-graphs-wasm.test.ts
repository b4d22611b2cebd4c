import { it } from 'vitest';
import { createKernelExecutor } from '../../src-main/engine/executors/kernels/create-kernel-executor.ts';
import { expectRandomGraphs } from './check-random-graphs.ts';

it('random graphs give on wasm what the interpreter gives', async () => {
  const executor = await createKernelExecutor('wasm');
  try {
    await expectRandomGraphs(executor, { from: 0, to: 400 });
  } finally {
    executor.dispose();
  }
});
