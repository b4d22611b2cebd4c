import { expect, it } from 'vitest';
import { borderFunctions, borderGraph } from '../../../../../src-main/engine/executors/tensorflow/border.ts';

it.each([false, true])('the graph of a session (GPU %s) is too small for an optimizer to look at', (isGpu) => {
  // kDefaultMinGraphNodes of TensorFlow's meta_optimizer.cc: a graph of fewer nodes is passed over.
  expect(borderGraph(isGpu).length).toBeLessThan(4);
});

it('puts the branch that ends a search before all others', () => {
  const [stop, gate] = borderFunctions(['a', 'b']);
  expect(stop?.nodes.map(({ op }) => op)).toContain('VariableV2');
  expect(gate?.nodes.find(({ op }) => op === 'Case')?.attributes['branches']).toEqual({
    funcs: [stop?.name, 'a', 'b'],
  });
});
