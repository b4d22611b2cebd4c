import { shapeSize } from '../../src-main/engine/graph/infer-shape.ts';
import * as ops from '../../src-main/engine/graph/ops.ts';
import type { GraphNode, Shape } from '../../src-main/engine/graph/types.ts';
import type { RandomPool } from './random-pool.ts';

/** Adds a node to the graph, or none where nothing fits. */
type Growth = (draw: RandomPool) => void;

const MOST_ELEMENTS = 4096;
const MOST_AXES = 4;

/** Whether NumPy broadcasts the shapes to one. */
const areCompatible = (a: Shape, b: Shape): boolean =>
  a.toReversed().every((size, i) => {
    const other = b.at(-1 - i) ?? 1;
    return size === other || size === 1 || other === 1;
  });

const unary =
  (op: (x: GraphNode) => GraphNode, bound: (x: number) => number): Growth =>
  (draw) => {
    const x = draw.find();
    if (x) draw.add(op(x.node), bound(x.bound));
  };

const binary =
  (op: (a: GraphNode, b: GraphNode) => GraphNode, bound: (a: number, b: number) => number): Growth =>
  (draw) => {
    const a = draw.find();
    const b = a && draw.find((shape) => areCompatible(a.node.shape, shape));
    if (a && b && shapeSize(a.node.shape) * shapeSize(b.node.shape) <= MOST_ELEMENTS) {
      draw.add(op(a.node, b.node), bound(a.bound, b.bound));
    }
  };

/** Of a node that has axes. */
const withAxes =
  (grow: (draw: RandomPool, x: GraphNode, bound: number) => void): Growth =>
  (draw) => {
    const x = draw.find((shape) => shape.length > 0);
    if (x) grow(draw, x.node, x.bound);
  };

/** A distance from 0 and infinity, where roots and quotients are smooth. */
const positive = (x: GraphNode): GraphNode => ops.add(ops.square(x), 0.3);

const reshape = withAxes((draw, x, bound) => {
  const size = shapeSize(x.shape);
  const halves = size % 2 === 0 ? [[2, size / 2]] : [];
  const shapes = [[size], [1, size], [...x.shape, 1], [1, ...x.shape], x.shape.toReversed(), ...halves];
  const shape = draw.pick(shapes);
  if (shape.length <= MOST_AXES) draw.add(ops.reshape(x, shape), bound);
});

const transpose = withAxes((draw, x, bound) => {
  const perm = x.shape.map((_size, axis) => axis);
  perm.forEach((axis, i) => {
    const other = draw.below(i + 1);
    [perm[i], perm[other]] = [perm[other] ?? 0, axis];
  });
  draw.add(ops.transpose(x, perm), bound);
});

const broadcast: Growth = (draw) => {
  const found = draw.find((shape) => shape.length < MOST_AXES);
  if (!found) return;
  const x = found.node;
  const shape = [...(draw.below(2) === 0 ? [draw.size()] : []), ...x.shape.map((n) => (n === 1 ? draw.size() : n))];
  if (shapeSize(shape) <= MOST_ELEMENTS) draw.add(ops.broadcastTo(x, shape), found.bound);
};

const slice = withAxes((draw, x, bound) => {
  const begin = x.shape.map((size) => draw.below(size));
  const size = x.shape.map((length, axis) => 1 + draw.below(length - (begin[axis] ?? 0)));
  draw.add(ops.slice(x, begin, size), bound);
});

const pad = withAxes((draw, x, bound) => {
  const few = (): number[] => x.shape.map(() => draw.below(2));
  if (shapeSize(x.shape) <= MOST_ELEMENTS / 3 ** MOST_AXES) draw.add(ops.pad(x, few(), few()), bound);
});

const concat = withAxes((draw, x, bound) => {
  const axis = draw.below(x.shape.length);
  const other = draw.find(
    (shape) => shape.length === x.shape.length && shape.every((size, i) => i === axis || size === x.shape[i]),
  );
  if (!other || shapeSize(x.shape) + shapeSize(other.node.shape) > MOST_ELEMENTS / 2) return;
  const parts = draw.below(3) === 0 ? [x, other.node, x] : [x, other.node];
  draw.add(ops.concat(parts, axis), Math.max(bound, other.bound));
});

const sum = withAxes((draw, x, bound) => {
  const axes = x.shape.map((_size, axis) => axis).filter(() => draw.below(2) === 0);
  const count = shapeSize(axes.map((axis) => x.shape[axis] ?? 1));
  draw.add(ops.sum(x, axes, draw.below(2) === 0), bound * count);
});

const product: Growth = (draw) => {
  const a = draw.find((shape) => shape.length >= 2);
  if (!a) return;
  const [transposeA, transposeB] = [draw.below(2) === 0, draw.below(2) === 0];
  const batch = a.node.shape.slice(0, -2);
  const inner = a.node.shape.at(transposeA ? -2 : -1) ?? 1;
  const found = draw.find(
    (shape) =>
      shape.length === batch.length + 2 &&
      batch.every((size, i) => size === shape[i]) &&
      shape.at(transposeB ? -1 : -2) === inner,
  );
  const columns = draw.size();
  const b = found ?? draw.addInput([...batch, ...(transposeB ? [columns, inner] : [inner, columns])]);
  draw.add(ops.matmul(a.node, b.node, { transposeA, transposeB }), a.bound * b.bound * inner);
};

const gather = withAxes((draw, x, bound) => {
  const ids = draw.ids(draw.shape(draw.below(3)), x.shape[0] ?? 1);
  if (ids.shape.length + x.shape.length <= MOST_AXES) draw.add(ops.gather(x, ids), bound);
});

const segmentSum = withAxes((draw, x, bound) => {
  const keys = x.shape.slice(0, 1 + draw.below(Math.min(2, x.shape.length)));
  const segments = draw.size();
  draw.add(ops.segmentSum(x, draw.ids(keys, segments), segments), bound * shapeSize(keys));
});

const crossEntropy: Growth = (draw) => {
  const found = draw.find((shape) => shape.length === 2);
  if (!found) return;
  const { node: x, bound } = found;
  const labels = draw.ids([x.shape[0] ?? 1], x.shape[1] ?? 1);
  const kind = draw.below(3);
  if (kind !== 1) draw.add(ops.sparseCrossEntropy(x, labels), 2 * bound + 2);
  if (kind !== 0) draw.add(ops.sparseCrossEntropyGrad(x, labels), 1);
};

/** Ways to make a node of others; smooth, so that rounding moves no value far. */
export const GROWTHS: readonly Growth[] = [
  binary(ops.add, (a, b) => a + b),
  binary(ops.add, (a, b) => a + b),
  binary(ops.sub, (a, b) => a + b),
  binary(ops.mul, (a, b) => a * b),
  binary(ops.mul, (a, b) => a * b),
  binary(
    (a, b) => ops.div(a, positive(b)),
    (a) => a / 0.3,
  ),
  unary(ops.neg, (x) => x),
  unary(
    (x) => ops.exp(ops.tanh(x)),
    () => Math.E,
  ),
  unary(ops.tanh, () => 1),
  unary(ops.erf, () => 1),
  unary(ops.square, (x) => x * x),
  unary(
    (x) => ops.sqrt(positive(x)),
    (x) => x + 1,
  ),
  unary(
    (x) => ops.rsqrt(positive(x)),
    () => 2,
  ),
  unary(
    (x) => ops.log(positive(x)),
    (x) => x + 2,
  ),
  unary(ops.opaque, (x) => x),
  withAxes((draw, x) => {
    draw.add(ops.softmax(x), 1);
  }),
  withAxes((draw, x, bound) => {
    draw.add(ops.logSoftmax(x), 2 * bound + 2);
  }),
  reshape,
  transpose,
  broadcast,
  slice,
  slice,
  pad,
  concat,
  sum,
  product,
  product,
  gather,
  segmentSum,
  crossEntropy,
  crossEntropy,
];
