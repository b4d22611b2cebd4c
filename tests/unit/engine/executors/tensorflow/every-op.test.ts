import { describe, expect, it } from 'vitest';
import { EMITTED_OPS } from '../../../../../src-main/engine/executors/tensorflow/emit-ops.ts';
import { OP_NAMES } from '../../../../../src-main/engine/graph/infer-shape.ts';
import { describeEveryOp } from './describe-every-op.ts';
import { OP_CASES } from './op-cases.ts';

describe('the mapping of ops', () => {
  it('covers every op of the graph language', () => {
    expect([...EMITTED_OPS].sort()).toEqual([...OP_NAMES].sort());
    expect([...Object.keys(OP_CASES), 'randomUniform'].sort()).toEqual([...OP_NAMES].sort());
  });
});

describeEveryOp('TensorFlow against the float64 interpreter', {}, [false, true]);
