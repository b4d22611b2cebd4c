import * as ops from '../../src-main/engine/graph/ops.ts';
import type { GraphNode, OpName, Shape } from '../../src-main/engine/graph/types.ts';
import type { GradientCase } from './check-gradients.ts';

type Nodes = Readonly<Record<string, GraphNode>>;

function node(nodes: Nodes, name: string): GraphNode {
  const found = nodes[name];
  if (!found) throw new Error(`no input ${name}`);
  return found;
}

function ints(beside: GraphNode, values: readonly number[], shape: Shape): GraphNode {
  return beside.graph.apply('constant', [], { values, shape, dtype: 'int32' });
}

const SHAPE_PAIRS: readonly (readonly [Shape, Shape])[] = [
  [[3], [3]],
  [[2, 3], [3]],
  [
    [1, 3],
    [2, 1],
  ],
  [[], [2, 3]],
  [
    [2, 1, 3],
    [4, 1],
  ],
];

function binaryCases(
  f: (a: GraphNode, b: GraphNode) => GraphNode,
  range: { low?: number; high?: number } = {},
): GradientCase[] {
  const cases = SHAPE_PAIRS.flatMap(([a, b]): GradientCase[] => [
    {
      name: `[${a.join()}] with [${b.join()}]`,
      inputs: { a: { shape: a }, bb: { shape: b, ...range } },
      build: (nodes) => f(node(nodes, 'a'), node(nodes, 'bb')),
    },
  ]);
  const both = { name: 'with itself', inputs: { a: { shape: [2, 3], ...range } } };
  return [...cases, { ...both, build: (nodes) => f(node(nodes, 'a'), ops.mul(node(nodes, 'a'), 0.7)) }];
}

function unaryCases(
  f: (x: GraphNode) => GraphNode,
  range: { low?: number; high?: number } = {},
  shapes: readonly Shape[] = [[], [4], [2, 3]],
): GradientCase[] {
  return shapes.map((shape) => ({
    name: `[${shape.join()}]`,
    inputs: { x: { shape, ...range } },
    build: (nodes) => f(node(nodes, 'x')),
  }));
}

const POSITIVE = { low: 0.5, high: 2 };

const matmulCases: GradientCase[] = [false, true].flatMap((transposeA) =>
  [false, true].flatMap((transposeB) =>
    [[], [2], [2, 1]].map((batch) => ({
      name: `transposeA ${transposeA}, transposeB ${transposeB}, batch [${batch.join()}]`,
      inputs: {
        a: { shape: [...batch, ...(transposeA ? [3, 2] : [2, 3])] },
        bb: { shape: [...batch, ...(transposeB ? [4, 3] : [3, 4])] },
      },
      build: (nodes: Nodes) => ops.matmul(node(nodes, 'a'), node(nodes, 'bb'), { transposeA, transposeB }),
    })),
  ),
);

/** Ops that carry a derivative, each with the functions it is checked on. */
export const DIFFERENTIABLE: { readonly [Op in OpName]?: readonly GradientCase[] } = {
  add: binaryCases(ops.add),
  sub: binaryCases(ops.sub),
  mul: binaryCases(ops.mul),
  div: binaryCases(ops.div, POSITIVE),
  maximum: binaryCases(ops.maximum),
  minimum: binaryCases(ops.minimum),
  select: [
    ...binaryCases((a, b) => ops.select(ops.less(a, b), ops.square(a), ops.mul(a, b))),
    {
      name: 'a condition that broadcasts',
      inputs: { a: { shape: [2, 3] }, bb: { shape: [3] } },
      build: (nodes) => {
        const a = node(nodes, 'a');
        const condition = ops.equal(ints(a, [0, 1, 1, 0], [4, 1, 1]), ints(a, [1], []));
        return ops.select(condition, ops.square(a), ops.square(node(nodes, 'bb')));
      },
    },
    {
      name: 'against a number',
      inputs: { x: { shape: [5] } },
      build: (n) => ops.select(ops.less(0, node(n, 'x')), ops.square(node(n, 'x')), 0),
    },
  ],
  neg: unaryCases(ops.neg),
  exp: unaryCases(ops.exp),
  log: unaryCases(ops.log, POSITIVE),
  sqrt: unaryCases(ops.sqrt, POSITIVE),
  rsqrt: unaryCases(ops.rsqrt, POSITIVE),
  square: unaryCases(ops.square),
  abs: unaryCases(ops.abs),
  erf: unaryCases(ops.erf),
  tanh: unaryCases(ops.tanh),
  after: unaryCases((x) => ops.square(ops.after(x, [ops.exp(x)]))),
  withGradient: [
    {
      name: 'the true gradient, given',
      inputs: { x: { shape: [3] }, bb: { shape: [3] } },
      build: (nodes) => {
        const [x, b] = [node(nodes, 'x'), node(nodes, 'bb')];
        const value = ops.sum(ops.mul(ops.exp(x), b));
        return ops.square(ops.withGradient(value, [x, b], [ops.mul(ops.exp(x), b), ops.exp(x)]));
      },
    },
  ],
  sum: [
    ...unaryCases((x) => ops.sum(ops.square(x)), {}, [[], [4], [2, 3]]),
    ...[[0], [1], [0, 2], [2], []].flatMap((axes) =>
      [false, true].flatMap((keepDims) => unaryCases((x) => ops.sum(ops.square(x), axes, keepDims), {}, [[2, 3, 2]])),
    ),
  ],
  max: [[0], [1], [0, 2]].flatMap((axes) =>
    [false, true].flatMap((keepDims) =>
      unaryCases((x) => ops.max(ops.mul(x, ops.exp(x)), axes, keepDims), {}, [[2, 3, 2]]),
    ),
  ),
  reshape: [
    ...unaryCases((x) => ops.reshape(ops.square(x), [3, 2]), {}, [[2, 3]]),
    ...unaryCases((x) => ops.reshape(ops.square(x), [2, 1, 6]), {}, [[2, 3, 2]]),
    ...unaryCases((x) => ops.reshape(ops.square(x), [4, 3]), {}, [[2, 2, 3], [12]]),
    ...unaryCases((x) => ops.reshape(ops.square(x), [1, 1]), {}, [[]]),
  ],
  transpose: [
    ...unaryCases((x) => ops.transpose(ops.square(x), [2, 0, 1]), {}, [[2, 3, 4]]),
    ...unaryCases((x) => ops.transpose(ops.square(x), [1, 0]), {}, [[2, 3]]),
  ],
  broadcastTo: [
    ...unaryCases((x) => ops.square(ops.broadcastTo(x, [4, 2, 3])), {}, [[2, 3], [2, 1], [1], []]),
    ...unaryCases((x) => ops.broadcastTo(ops.exp(x), [4, 2, 3]), {}, [[2, 3], [2, 1], [1], []]),
  ],
  slice: [
    ...unaryCases((x) => ops.slice(ops.square(x), [1, 0], [1, 2]), {}, [[2, 3]]),
    {
      name: 'many slices of one vector: gaps, neighbours, overlaps, repeats',
      inputs: { x: { shape: [12] } },
      build: (nodes) => {
        const x = node(nodes, 'x');
        const part = (begin: number, size: number): GraphNode => ops.slice(x, [begin], [size]);
        const a = ops.mul(part(1, 3), ops.exp(part(4, 3)));
        const b = ops.mul(part(9, 1), ops.square(part(3, 3)));
        const c = ops.mul(part(1, 3), part(8, 3));
        return ops.add(ops.add(a, b), c);
      },
    },
    {
      name: 'slices along different axes beside a use of the whole',
      inputs: { x: { shape: [3, 4] } },
      build: (nodes) => {
        const x = node(nodes, 'x');
        const rows = ops.slice(x, [1, 0], [1, 4]);
        const columns = ops.slice(x, [0, 2], [3, 1]);
        const corner = ops.slice(x, [0, 0], [2, 2]);
        return ops.add(ops.mul(ops.mul(rows, columns), ops.sum(ops.square(corner))), ops.square(x));
      },
    },
  ],
  pad: unaryCases((x) => ops.pad(ops.square(x), [1, 0], [0, 2]), {}, [[2, 3]]),
  concat: [0, 1].map((axis) => ({
    name: `axis ${axis}`,
    inputs: { a: { shape: axis === 0 ? [1, 3] : [2, 2] }, bb: { shape: [2, 3] } },
    build: (nodes) => {
      const [a, b] = [node(nodes, 'a'), node(nodes, 'bb')];
      return ops.concat([ops.square(a), ops.exp(b), a], axis);
    },
  })),
  matmul: matmulCases,
  gather: [
    {
      name: 'rows, some twice, some never',
      inputs: { x: { shape: [4, 3] } },
      build: (nodes) => ops.square(ops.gather(node(nodes, 'x'), ints(node(nodes, 'x'), [2, 0, 2, 1, 0, 2], [2, 3]))),
    },
    {
      name: 'from a vector',
      inputs: { x: { shape: [4] } },
      build: (nodes) => ops.gather(ops.square(node(nodes, 'x')), ints(node(nodes, 'x'), [3, 3, 1], [3])),
    },
  ],
  segmentSum: [
    {
      name: 'ids of rank 2',
      inputs: { x: { shape: [2, 2, 3] } },
      build: (nodes) => ops.square(ops.segmentSum(node(nodes, 'x'), ints(node(nodes, 'x'), [1, 3, 1, 0], [2, 2]), 5)),
    },
    {
      name: 'of scalars',
      inputs: { x: { shape: [4] } },
      build: (nodes) => ops.segmentSum(ops.exp(node(nodes, 'x')), ints(node(nodes, 'x'), [1, 0, 1, 0], [4]), 2),
    },
  ],
  softmax: unaryCases(ops.softmax, {}, [[4], [2, 3], [2, 2, 3], [2, 1]]),
  logSoftmax: unaryCases(ops.logSoftmax, {}, [[4], [2, 3], [2, 2, 3]]),
  sparseCrossEntropy: unaryCases((x) => ops.sparseCrossEntropy(x, ints(x, [2, 0, 2], [3])), {}, [[3, 4]]),
  sparseCrossEntropyGrad: unaryCases((x) => ops.sparseCrossEntropyGrad(x, ints(x, [2, 0, 2], [3])), {}, [[3, 4]]),
};

/** The float form of an integer or boolean result, so that a derivative can be asked for. */
const asFloat = (x: GraphNode): GraphNode => ops.cast(x, 'float32');
const asInt = (x: GraphNode): GraphNode => ops.cast(x, 'int32');

/** Ops that pass no derivative on: a function of x [2, 3] that goes through the op alone. */
export const NOT_DIFFERENTIABLE_OPS: { readonly [Op in OpName]?: (x: GraphNode) => GraphNode } = {
  input: (x) => asFloat(x.graph.apply('input', [], { name: 'other', shape: [2], dtype: 'float32' })),
  variable: (x) => x.graph.apply('variable', [], { name: 'state', shape: [2], dtype: 'float32' }),
  constant: (x) => x.graph.apply('constant', [], { values: [3], shape: [2], dtype: 'float32' }),
  floorDiv: (x) => asFloat(ops.floorDiv(asInt(x), 2)),
  mod: (x) => asFloat(ops.mod(asInt(x), 2)),
  equal: (x) => asFloat(ops.equal(x, 0.5)),
  less: (x) => asFloat(ops.less(x, 0.5)),
  lessEqual: (x) => asFloat(ops.lessEqual(x, 0.5)),
  logicalAnd: (x) => asFloat(ops.logicalAnd(ops.less(x, 0.5), ops.less(0, x))),
  logicalOr: (x) => asFloat(ops.logicalOr(ops.less(x, 0.5), ops.less(1, x))),
  logicalNot: (x) => asFloat(ops.logicalNot(ops.less(x, 0.5))),
  floor: (x) => ops.floor(x),
  cast: (x) => asFloat(asInt(x)),
  stopGradient: (x) => ops.stopGradient(x),
  argMax: (x) => asFloat(ops.argMax(x, 1)),
  oneHot: (x) => ops.oneHot(asInt(x), 3),
  randomUniform: (x) => ops.randomUniform(asInt(ops.slice(ops.reshape(x, [6]), [0], [2])), [4], 1),
};
