import { describe, it } from 'vitest';
import { openExecutor, suiteName, tensorFlowMissing } from '../unit/engine/executors/tensorflow/native.ts';
import { expectRandomGraphs } from './check-random-graphs.ts';

describe.skipIf(tensorFlowMissing !== undefined)(suiteName('random graphs on TensorFlow'), () => {
  it('give what the interpreter gives, with oneDNN', async () => {
    await expectRandomGraphs(await openExecutor({ largeProducts: true }), { from: 0, to: 200 });
  });

  it('give it compiled by XLA too', async () => {
    await expectRandomGraphs(await openExecutor({ largeProducts: true }), { from: 200, to: 212 }, { xla: true });
  });
});
