import type { Graph } from '../../../../../src-main/engine/graph/graph.ts';
import * as ops from '../../../../../src-main/engine/graph/ops.ts';
import type { GraphNode, OpName, Shape } from '../../../../../src-main/engine/graph/types.ts';

/** Builds nodes over inputs that the test fills with random values. */
export interface CaseInputs {
  readonly graph: Graph;
  /** float32 in [low, high), default [-2, 2) */
  readonly f: (shape: Shape, low?: number, high?: number) => GraphNode;
  /** int32 in [low, high) */
  readonly i: (shape: Shape, low: number, high: number) => GraphNode;
}

type Case = (inputs: CaseInputs) => GraphNode[];

const unary =
  (op: (a: GraphNode) => GraphNode, low = -2, high = 2): Case =>
  ({ f }) => [op(f([3, 4], low, high)), op(f([], low, high))];

const binary =
  (op: (a: GraphNode, b: ops.Operand) => GraphNode): Case =>
  ({ f, graph }) => [
    op(f([2, 3, 4]), f([2, 3, 4], 0.5, 2)),
    op(f([2, 3, 4]), f([3, 1], 0.5, 2)),
    op(f([4]), f([2, 1, 4], 0.5, 2)),
    op(f([2, 3]), 0.75),
    op(f([2, 3]), graph.constant(1.5, [2, 3])),
    op(graph.constant(2, [2, 3]), ops.broadcastTo(f([3], 0.5, 2), [2, 3])),
    op(ops.broadcastTo(f([3]), [2, 3]), ops.broadcastTo(f([2, 1], 0.5, 2), [2, 3])),
  ];

const integers =
  (op: (a: GraphNode, b: GraphNode) => GraphNode, low = 1): Case =>
  ({ i }) => [op(i([3, 5], -9, 9), i([3, 5], low, 5)), op(i([3, 5], -9, 9), i([5], low, 5))];

const both =
  (...cases: Case[]): Case =>
  (inputs) =>
    cases.flatMap((build) => build(inputs));

const comparison =
  (op: (a: GraphNode, b: GraphNode) => GraphNode): Case =>
  ({ f, i }) => [ops.cast(op(f([3, 4]), f([4])), 'int32'), op(i([3, 4], 0, 3), i([3, 1], 0, 3))];

const logical =
  (op: (a: GraphNode, b: GraphNode) => GraphNode): Case =>
  ({ f }) => [ops.cast(op(ops.less(f([3, 4]), f([3, 4])), ops.less(f([4]), f([4]))), 'float32')];

/** At least one case for every op; the interpreter gives the expected values. */
export const OP_CASES: { readonly [Op in Exclude<OpName, 'randomUniform'>]: Case } = {
  input: ({ f, i, graph }) => [f([2, 3]), f([]), i([5], -3, 3), ops.add(f([40]), 1), graph.input('flag', [3], 'bool')],
  variable: ({ graph }) => [graph.variable('v', [2, 3])],
  constant: ({ graph }) => [
    graph.constant([1, 2.5, -3, 4, 5, 6], [2, 3]),
    graph.constant(0.25, [2, 3]),
    graph.constant(7, [], 'int32'),
    graph.constant(-0, [2]),
    graph.constant([1, 0], [2], 'bool'),
  ],
  add: both(binary(ops.add), integers(ops.add)),
  sub: both(binary(ops.sub), integers(ops.sub)),
  mul: both(binary(ops.mul), integers(ops.mul)),
  div: binary(ops.div),
  maximum: both(binary(ops.maximum), integers(ops.maximum)),
  minimum: both(binary(ops.minimum), integers(ops.minimum)),
  floorDiv: integers(ops.floorDiv),
  mod: both(integers(ops.mod), ({ i }) => [ops.mod(i([20], -9, 9), i([20], -5, -1))]),
  equal: comparison(ops.equal),
  less: comparison(ops.less),
  lessEqual: comparison(ops.lessEqual),
  logicalAnd: logical(ops.logicalAnd),
  logicalOr: logical(ops.logicalOr),
  logicalNot: ({ f }) => [ops.logicalNot(ops.less(f([3, 4]), f([3, 4])))],
  select: ({ f, i }) => [
    ops.select(ops.less(f([3, 4]), f([3, 4])), f([3, 4]), f([4])),
    ops.select(ops.less(f([3, 1]), f([3, 1])), f([3, 4]), 0),
    ops.select(ops.less(f([]), 0), i([3], 0, 9), i([3], 0, 9)),
    ops.select(ops.less(f([3, 4]), 0), 1, 0),
  ],
  neg: unary(ops.neg),
  exp: unary(ops.exp),
  log: unary(ops.log, 0.1, 3),
  sqrt: unary(ops.sqrt, 0, 3),
  rsqrt: unary(ops.rsqrt, 0.1, 3),
  square: unary(ops.square),
  abs: unary(ops.abs),
  erf: unary(ops.erf, -4, 4),
  tanh: unary(ops.tanh, -4, 4),
  floor: unary(ops.floor, -4, 4),
  cast: ({ f, i }) => [
    ops.cast(f([20], -4, 4), 'int32'),
    ops.cast(i([5], -4, 4), 'float32'),
    ops.cast(ops.less(f([4]), f([4])), 'float32'),
  ],
  stopGradient: unary(ops.stopGradient),
  after: ({ f }) => [ops.after(f([3]), [ops.exp(f([2])), f([])])],
  withGradient: ({ f }) => {
    const x = f([3]);
    return [ops.withGradient(ops.sum(x), [x], [ops.mul(x, 2)])];
  },
  sum: ({ f }) => [
    ops.sum(f([3, 4])),
    ops.sum(f([3, 4, 5]), 0),
    ops.sum(f([3, 4, 5]), 1, true),
    ops.sum(f([3, 4, 5]), [0, 2]),
    ops.sum(f([3, 4, 5]), -1),
    ops.sum(f([3, 4]), []),
  ],
  max: ({ f }) => [ops.max(f([3, 4])), ops.max(f([3, 4, 5]), 1, true), ops.max(f([3, 4, 5]), [0, 2])],
  argMax: ({ f, i }) => [
    ops.argMax(f([3, 4, 5]), 1),
    ops.argMax(f([3, 40]), -1),
    ops.argMax(f([7]), 0),
    // Many equals: the first must win, however the work is divided.
    ops.argMax(ops.cast(i([6, 4000], 0, 3), 'float32'), -1),
    ops.argMax(ops.cast(i([20_000], 0, 3), 'float32'), 0),
  ],
  reshape: ({ f }) => [
    ops.reshape(f([3, 4]), [2, 6]),
    ops.reshape(ops.reshape(f([3, 4]), [12]), [4, 3]),
    ops.reshape(f([1]), []),
  ],
  transpose: ({ f, i }) => [
    ops.transpose(f([3, 4, 5]), [2, 0, 1]),
    ops.transpose(f([3, 4]), [1, 0]),
    ops.transpose(i([3, 4], 0, 99), [1, 0]),
  ],
  broadcastTo: ({ f }) => [ops.broadcastTo(f([3, 1]), [2, 3, 4]), ops.broadcastTo(f([]), [5])],
  slice: ({ f, i }) => {
    const flat = f([200]);
    const wide = f([2, 3, 10]);
    return [
      ops.slice(f([4, 6]), [1, 2], [2, 3]),
      // Pieces of one vector, with a gap, a piece that is not a multiple of 16, and one that overlaps nothing.
      ops.slice(flat, [16], [32]),
      ops.slice(flat, [48], [7]),
      ops.slice(flat, [64], [100]),
      ops.slice(wide, [0, 0, 0], [2, 3, 4]),
      ops.slice(wide, [0, 0, 4], [2, 3, 6]),
      ops.slice(wide, [0, 1, 0], [2, 1, 10]),
      ops.slice(i([9], 0, 99), [3], [4]),
    ];
  },
  pad: ({ f }) => [ops.pad(f([2, 3]), [1, 0], [0, 2]), ops.pad(f([5]), [3], [4])],
  concat: ({ f, i }) => [
    ops.concat([f([2, 3]), f([1, 3]), f([4, 3])], 0),
    ops.concat([f([2, 3]), f([2, 1])], -1),
    ops.concat([f([4])], 0),
    ops.concat([i([2], 0, 9), i([3], 0, 9)], 0),
  ],
  matmul: ({ f }) => [
    ops.matmul(f([3, 4]), f([4, 5])),
    ops.matmul(f([4, 3]), f([4, 5]), { transposeA: true }),
    ops.matmul(f([3, 4]), f([5, 4]), { transposeB: true }),
    ops.matmul(f([4, 3]), f([5, 4]), { transposeA: true, transposeB: true }),
    ops.matmul(ops.transpose(f([4, 3]), [1, 0]), ops.transpose(f([5, 4]), [1, 0])),
    ops.matmul(f([2, 6, 3, 4]), f([2, 6, 4, 5])),
    ops.matmul(ops.transpose(f([2, 4, 3]), [0, 2, 1]), f([2, 5, 4]), { transposeB: true }),
    ops.matmul(ops.transpose(f([4, 2, 3]), [1, 0, 2]), f([2, 3, 5])),
    ops.matmul(f([1, 1]), f([1, 1])),
  ],
  gather: ({ f, i }) => [
    ops.gather(f([7, 3]), i([2, 4], 0, 7)),
    ops.gather(f([7]), i([5], 0, 7)),
    ops.gather(i([7, 2, 2], 0, 99), i([], 0, 7)),
  ],
  segmentSum: ({ f, i }) => [
    ops.segmentSum(f([2, 4, 3]), i([2, 4], 0, 5), 5),
    ops.segmentSum(f([300, 8]), i([300], 0, 3), 4),
    ops.segmentSum(f([6]), i([6], 0, 2), 2),
  ],
  oneHot: ({ i }) => [ops.oneHot(i([2, 3], 0, 5), 5), ops.oneHot(i([], 0, 5), 7)],
  softmax: ({ f }) => [ops.softmax(f([3, 4])), ops.softmax(f([2, 3, 5], -20, 20)), ops.softmax(f([6]))],
  logSoftmax: ({ f }) => [ops.logSoftmax(f([3, 4])), ops.logSoftmax(f([2, 3, 5], -20, 20))],
  sparseCrossEntropy: ({ f, i }) => {
    const [logits, labels] = [f([4, 9], -5, 5), i([4], 0, 9)];
    return [ops.sparseCrossEntropy(logits, labels), ops.sparseCrossEntropyGrad(logits, labels)];
  },
  sparseCrossEntropyGrad: ({ f, i }) => [ops.sparseCrossEntropyGrad(f([4, 9], -5, 5), i([4], 0, 9))],
};
