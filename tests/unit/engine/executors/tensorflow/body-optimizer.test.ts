import { expect, it } from 'vitest';
import { ARITHMETIC_ALONE } from '../../../../../src-main/engine/executors/tensorflow/body-optimizer.ts';

/**
 * The fields of `tf.compat.v1.ConfigProto().SerializeToString()` of TensorFlow 2.21 with layout_optimizer, constant_folding,
 * dependency_optimization, loop_optimization, function_optimization, shape_optimization, remapping, implementation_selector and
 * common_subgraph_elimination OFF, disable_model_pruning and disable_tfg_optimizer true, NO_MEM_OPT and one iteration.
 */
const RECORDED = '521f521d0802100118022001400248025002600168027002b00102c00102800201';

/** Fields of a message of varints as hexadecimal tag and value, sorted: their order means nothing. */
const fields = (hex: string): string[] => (hex.match(/(?:[89a-f][0-9a-f])*[0-7][0-9a-f][0-9a-f]{2}/g) ?? []).sort();

it('is what TensorFlow writes for the passes that are left', () => {
  const hex = Buffer.from(ARITHMETIC_ALONE).toString('hex');
  expect(hex.slice(0, 8)).toBe(RECORDED.slice(0, 8));
  expect(fields(hex.slice(8))).toEqual(fields(RECORDED.slice(8)));
  expect(fields(RECORDED.slice(8))).toHaveLength(13);
});
