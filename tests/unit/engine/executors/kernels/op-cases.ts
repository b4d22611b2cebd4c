import { RandomGenerator } from '../../../../../src-main/engine/random/random-generator.ts';
import { Graph } from '../../../../../src-main/engine/graph/graph.ts';
import * as ops from '../../../../../src-main/engine/graph/ops.ts';
import { shapeSize } from '../../../../../src-main/engine/graph/infer-shape.ts';
import type { DType, GraphNode, OpName, Shape } from '../../../../../src-main/engine/graph/types.ts';
import type { TensorData } from '../../../../../src-main/engine/executors/executor.ts';

/** Cases of every op: nodes to fetch by name and what feeds them. */
export interface OpCases {
  readonly graph: Graph;
  readonly feeds: Record<string, TensorData>;
  /** Op -> case name -> node. */
  readonly cases: Record<OpName, Record<string, GraphNode>>;
}

type Values = (index: number, random: RandomGenerator) => number;

/** Pairs of shapes that broadcast in different ways, rank 0 to 6. */
const PAIRS: readonly (readonly [Shape, Shape])[] = [
  [[], []],
  [[5], []],
  [
    [3, 4],
    [3, 4],
  ],
  [[3, 4], [4]],
  [
    [3, 1],
    [1, 4],
  ],
  [
    [2, 3, 4],
    [2, 1, 4],
  ],
  [
    [2, 1, 3, 5],
    [2, 4, 1, 5],
  ],
  [
    [2, 3, 1, 5, 2],
    [3, 4, 1, 2],
  ],
  [
    [2, 1, 3, 1, 2, 3],
    [1, 2, 3, 2, 1, 3],
  ],
  [
    [130, 7],
    [130, 1],
  ],
];

export function opCases(): OpCases {
  const graph = new Graph();
  const feeds: Record<string, TensorData> = {};
  const random = new RandomGenerator(7, 'init');
  const feed = (shape: Shape, dtype: DType, values: Values): GraphNode => {
    const name = `x${Object.keys(feeds).length}`;
    const list = Array.from({ length: shapeSize(shape) }, (_unused, i) => values(i, random));
    feeds[name] = dtype === 'float32' ? Float32Array.from(list) : Int32Array.from(list);
    return graph.input(name, shape, dtype);
  };
  const normal = (shape: Shape): GraphNode => feed(shape, 'float32', (_i, r) => r.normal());
  const positive = (shape: Shape): GraphNode => feed(shape, 'float32', (_i, r) => 0.1 + 3 * r.uniform());
  const integers = (shape: Shape, low = -9, high = 9): GraphNode =>
    feed(shape, 'int32', (_i, r) => low + r.integer(high - low + 1));
  const nonzero = (shape: Shape): GraphNode =>
    feed(shape, 'int32', (_i, r) => (r.integer(5) + 1) * (r.uniform() < 0.5 ? -1 : 1));
  const bools = (shape: Shape): GraphNode => feed(shape, 'bool', (_i, r) => r.integer(2));

  type Make = (shape: Shape) => GraphNode;
  const pairs = (op: (a: GraphNode, b: GraphNode) => GraphNode, a: Make, b: Make = a): Record<string, GraphNode> =>
    Object.fromEntries(PAIRS.map(([x, y]) => [`[${x.join()}]x[${y.join()}]`, op(a(x), b(y))]));
  const both = (op: (a: GraphNode, b: GraphNode) => GraphNode): Record<string, GraphNode> => ({
    ...pairs(op, normal),
    ...Object.fromEntries(Object.entries(pairs(op, integers)).map(([name, node]) => [`int ${name}`, node])),
  });
  const each = (op: (a: GraphNode) => GraphNode, a: Make): Record<string, GraphNode> =>
    Object.fromEntries([[], [7], [3, 4], [2, 3, 4, 5], [300]].map((shape) => [`[${shape.join()}]`, op(a(shape))]));
  const labels = (rows: number, classes: number): GraphNode => integers([rows], 0, classes - 1);
  const reductions = (
    op: (a: GraphNode, axes: readonly number[], keep: boolean) => GraphNode,
  ): Record<string, GraphNode> => ({
    all: op(normal([3, 4, 5]), [0, 1, 2], false),
    last: op(normal([6, 70]), [1], true),
    first: op(normal([100, 5]), [0], false),
    middle: op(normal([3, 40, 5]), [1], true),
    outerAndInner: op(normal([4, 3, 6]), [0, 2], false),
    firstTwo: op(normal([2, 90, 3, 2]), [0, 1], false),
    large: op(normal([9001]), [0], false),
    manyRows: op(normal([2, 9001]), [1], false),
    none: op(normal([4]), [], false),
    sizeOne: op(normal([1, 5]), [0], false),
    rankFive: op(normal([2, 3, 2, 3, 2]), [1, 3], true),
  });
  const scaled = (shape: Shape, scale: number): GraphNode => feed(shape, 'float32', (_i, r) => scale * r.normal());
  const parameter = normal([2, 2]);
  const key = feed([2], 'int32', (i) => [123456789, -987654321][i] ?? 0);

  const cases: Record<OpName, Record<string, GraphNode>> = {
    input: { float: normal([3]), int: integers([3]), bool: bools([3]), scalar: normal([]) },
    variable: { value: graph.variable('v', [2, 3]), int: graph.variable('n', [2], 'int32') },
    constant: {
      list: graph.constant([1.5, -2, 3], [3]),
      filled: graph.constant(0.25, [2, 3]),
      int: graph.constant([4, -5], [2], 'int32'),
      bool: graph.constant([1, 0], [2], 'bool'),
      scalar: graph.constant(7),
    },
    add: both(ops.add),
    sub: both(ops.sub),
    mul: both(ops.mul),
    div: pairs(ops.div, normal, positive),
    maximum: both(ops.maximum),
    minimum: both(ops.minimum),
    floorDiv: pairs(ops.floorDiv, integers, nonzero),
    mod: pairs(ops.mod, integers, nonzero),
    equal: both((a, b) => ops.equal(a.dtype === 'int32' ? ops.mod(a, graph.constant(3, [], 'int32')) : a, b)),
    less: both(ops.less),
    lessEqual: both(ops.lessEqual),
    logicalAnd: pairs(ops.logicalAnd, bools),
    logicalOr: pairs(ops.logicalOr, bools),
    logicalNot: each(ops.logicalNot, bools),
    select: {
      ...Object.fromEntries(
        PAIRS.map(([x, y]) => [`[${x.join()}]x[${y.join()}]`, ops.select(bools(x), normal(y), normal(x))]),
      ),
      scalars: ops.select(bools([4, 3]), 1.5, -2),
      int: ops.select(bools([4, 1]), integers([3]), integers([4, 3])),
      scalarCondition: ops.select(bools([]), normal([4, 3]), normal([3])),
    },
    neg: each(ops.neg, normal),
    exp: each(ops.exp, (shape) => scaled(shape, 4)),
    log: each(ops.log, positive),
    sqrt: each(ops.sqrt, positive),
    rsqrt: each(ops.rsqrt, positive),
    square: each(ops.square, normal),
    abs: each(ops.abs, normal),
    erf: { ...each(ops.erf, normal), small: ops.erf(scaled([50], 1e-3)), large: ops.erf(scaled([50], 5)) },
    tanh: { ...each(ops.tanh, normal), small: ops.tanh(scaled([50], 1e-2)), large: ops.tanh(scaled([50], 30)) },
    floor: each(ops.floor, (shape) => scaled(shape, 5)),
    cast: {
      toInt: ops.cast(scaled([40], 5), 'int32'),
      toFloat: ops.cast(integers([3, 4]), 'float32'),
      boolToFloat: ops.cast(bools([3, 4]), 'float32'),
      boolToInt: ops.cast(bools([5]), 'int32'),
      same: ops.cast(normal([5]), 'float32'),
      thenSummed: ops.sum(ops.cast(integers([3, 4]), 'float32')),
    },
    stopGradient: { value: ops.stopGradient(normal([4])), int: ops.stopGradient(integers([4])) },
    after: { value: ops.after(normal([4]), [ops.exp(normal([2]))]) },
    withGradient: { value: ops.withGradient(ops.sum(parameter), [parameter], [normal([2, 2])]) },
    sum: reductions(ops.sum),
    max: reductions(ops.max),
    argMax: {
      last: ops.argMax(normal([5, 9]), -1),
      first: ops.argMax(normal([5, 9]), 0),
      middle: ops.argMax(normal([2, 5, 3]), 1),
      ties: ops.argMax(integers([20, 6], 0, 2), 1),
      vector: ops.argMax(normal([100]), 0),
    },
    reshape: {
      flat: ops.reshape(normal([3, 4]), [12]),
      split: ops.reshape(normal([12]), [2, 1, 6]),
      scalar: ops.reshape(normal([1, 1]), []),
      int: ops.reshape(integers([6]), [2, 3]),
    },
    transpose: {
      matrix: ops.transpose(normal([3, 5]), [1, 0]),
      heads: ops.transpose(normal([2, 3, 4, 5]), [0, 2, 1, 3]),
      projections: ops.transpose(normal([2, 3, 3, 2, 4]), [2, 0, 3, 1, 4]),
      ones: ops.transpose(normal([1, 3, 1, 4]), [2, 3, 0, 1]),
      merged: ops.transpose(normal([2, 3, 4, 5]), [2, 3, 0, 1]),
      identity: ops.transpose(normal([2, 3]), [0, 1]),
      noOp: ops.transpose(normal([1, 6]), [1, 0]),
      rankSeven: ops.transpose(normal([2, 1, 3, 2, 2, 1, 2]), [6, 5, 4, 3, 2, 1, 0]),
      int: ops.transpose(integers([3, 4]), [1, 0]),
    },
    broadcastTo: {
      scalar: ops.broadcastTo(normal([]), [3, 4]),
      row: ops.broadcastTo(normal([4]), [3, 4]),
      column: ops.broadcastTo(normal([3, 1]), [3, 4]),
      middle: ops.broadcastTo(normal([2, 1, 3]), [2, 4, 3]),
      both: ops.broadcastTo(normal([3, 1]), [2, 3, 4]),
      same: ops.broadcastTo(normal([3, 1]), [1, 3, 1]),
      int: ops.broadcastTo(integers([2, 1]), [2, 3]),
    },
    slice: {
      vector: ops.slice(normal([50]), [7], [20]),
      inner: ops.slice(normal([3, 8, 4]), [0, 2, 0], [3, 3, 4]),
      corner: ops.slice(normal([5, 6, 7]), [1, 2, 3], [2, 3, 4]),
      first: ops.slice(normal([3, 2, 3, 2, 4]), [1, 0, 0, 0, 0], [1, 2, 3, 2, 4]),
      whole: ops.slice(normal([2, 3]), [0, 0], [2, 3]),
      int: ops.slice(integers([6]), [1], [3]),
      rankSix: ops.slice(normal([2, 2, 2, 2, 2, 3]), [0, 1, 0, 0, 1, 1], [2, 1, 2, 1, 1, 2]),
    },
    pad: {
      vector: ops.pad(normal([5]), [2], [3]),
      outer: ops.pad(normal([2, 3, 4]), [1, 0, 0], [0, 0, 0]),
      middle: ops.pad(normal([2, 3, 4]), [0, 1, 0], [0, 2, 0]),
      all: ops.pad(normal([2, 3, 4]), [1, 2, 3], [3, 2, 1]),
      rankFive: ops.pad(normal([2, 1, 2, 2, 2]), [0, 0, 1, 0, 0], [0, 0, 0, 0, 1]),
      int: ops.pad(integers([2, 2]), [0, 1], [1, 0]),
    },
    concat: {
      vectors: ops.concat([normal([3]), normal([1]), normal([4])], 0),
      rows: ops.concat([normal([2, 3]), normal([1, 3])], 0),
      columns: ops.concat([normal([2, 3]), normal([2, 2]), normal([2, 1])], 1),
      middle: ops.concat([normal([2, 3, 4]), normal([2, 1, 4])], 1),
      one: ops.concat([normal([2, 3])], 1),
      same: ops.concat([parameter, parameter], 0),
      many: ops.concat(
        Array.from({ length: 40 }, (_unused, i) => normal([i + 1])),
        0,
      ),
      int: ops.concat([integers([2, 1]), integers([2, 3])], 1),
    },
    matmul: {
      plain: ops.matmul(normal([5, 7]), normal([7, 3])),
      transposeA: ops.matmul(normal([7, 5]), normal([7, 3]), { transposeA: true }),
      transposeB: ops.matmul(normal([5, 7]), normal([3, 7]), { transposeB: true }),
      transposeBoth: ops.matmul(normal([7, 5]), normal([3, 7]), { transposeA: true, transposeB: true }),
      batched: ops.matmul(normal([3, 5, 7]), normal([3, 7, 2])),
      heads: ops.matmul(normal([2, 3, 5, 4]), normal([2, 3, 6, 4]), { transposeB: true }),
      headsA: ops.matmul(normal([2, 3, 4, 5]), normal([2, 3, 4, 6]), { transposeA: true }),
      wide: ops.matmul(normal([64, 64]), normal([64, 407])),
      deep: ops.matmul(normal([4, 1000]), normal([1000, 8])),
      largeTransposeA: ops.matmul(normal([70, 50]), normal([70, 33]), { transposeA: true }),
      largeTransposeB: ops.matmul(normal([50, 70]), normal([33, 70]), { transposeB: true }),
      largeBatch: ops.matmul(normal([2, 50, 37]), normal([2, 37, 40])),
      largeBatchBoth: ops.matmul(normal([2, 37, 50]), normal([2, 40, 37]), { transposeA: true, transposeB: true }),
      wideTransposeA: ops.matmul(normal([60, 90]), normal([60, 8]), { transposeA: true }),
      rowTransposed: ops.matmul(normal([90, 1]), normal([90, 40]), { transposeA: true }),
      column: ops.matmul(normal([40, 9]), normal([9, 1])),
      row: ops.matmul(normal([1, 90]), normal([90, 40])),
      bfloat16: ops.matmul(normal([5, 64]), normal([64, 3]), { precision: 'bfloat16' }),
      bfloat16Heads: ops.matmul(normal([2, 2, 5, 8]), normal([2, 2, 3, 8]), {
        transposeB: true,
        precision: 'bfloat16',
      }),
    },
    gather: {
      rows: ops.gather(normal([10, 4]), integers([7], 0, 9)),
      matrix: ops.gather(normal([10, 4]), integers([2, 3], 0, 9)),
      scalars: ops.gather(normal([10]), integers([5], 0, 9)),
      blocks: ops.gather(normal([4, 2, 3]), integers([5], 0, 3)),
      int: ops.gather(integers([9]), integers([4, 2], 0, 8)),
    },
    segmentSum: {
      rows: ops.segmentSum(normal([20, 4]), integers([20], 0, 6), 9),
      matrix: ops.segmentSum(normal([4, 5, 3]), integers([4, 5], 0, 6), 7),
      scalars: ops.segmentSum(normal([30]), integers([30], 0, 3), 4),
    },
    oneHot: { vector: ops.oneHot(integers([6], 0, 4), 5), matrix: ops.oneHot(integers([3, 2], 0, 69), 70) },
    softmax: {
      rows: ops.softmax(scaled([6, 70], 5)),
      attention: ops.softmax(normal([2, 3, 4, 5])),
      large: ops.softmax(scaled([3, 407], 100)),
      masked: ops.softmax(feed([4, 6], 'float32', (i, r) => (i % 3 === 0 ? -1e9 : r.normal()))),
    },
    logSoftmax: { rows: ops.logSoftmax(scaled([6, 70], 5)), cube: ops.logSoftmax(scaled([2, 3, 407], 20)) },
    sparseCrossEntropy: {
      rows: ops.sparseCrossEntropy(scaled([9, 70], 5), labels(9, 70)),
      wide: ops.sparseCrossEntropy(scaled([3, 407], 20), labels(3, 407)),
      one: ops.sparseCrossEntropy(scaled([1, 2], 5), labels(1, 2)),
    },
    sparseCrossEntropyGrad: {
      rows: ops.sparseCrossEntropyGrad(scaled([9, 70], 5), labels(9, 70)),
      wide: ops.sparseCrossEntropyGrad(scaled([3, 407], 20), labels(3, 407)),
    },
    randomUniform: {
      vector: ops.randomUniform(key, [37], 0),
      stream: ops.randomUniform(key, [4, 5], 3),
      scalar: ops.randomUniform(key, [], 1),
    },
  };
  return { graph, feeds, cases };
}

export const VARIABLES: Record<string, TensorData> = {
  v: Float32Array.from([1, -2, 3.5, 0, 4, -0.125]),
  n: Int32Array.from([7, -8]),
};

export const VARIABLE_SPECS = [
  { name: 'v', shape: [2, 3], dtype: 'float32' as const },
  { name: 'n', shape: [2], dtype: 'int32' as const },
];
