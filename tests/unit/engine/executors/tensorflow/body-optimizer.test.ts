import { expect, it } from 'vitest';
import { ARITHMETIC_ALONE } from '../../../../../src-main/engine/executors/tensorflow/body-optimizer.ts';

/**
 * `tf.compat.v1.ConfigProto().SerializeToString()` of TensorFlow 2.21 with layout_optimizer, constant_folding,
 * dependency_optimization, loop_optimization, function_optimization, shape_optimization, remapping, implementation_selector and
 * common_subgraph_elimination OFF, disable_model_pruning and disable_tfg_optimizer true, NO_MEM_OPT and one iteration.
 */
const RECORDED = '521f521d0802100118022001400248025002600168027002b00102c00102800201';

it('is what TensorFlow writes for the passes that are left', () => {
  expect(Buffer.from(ARITHMETIC_ALONE).toString('hex')).toBe(RECORDED);
});
