import { sameShape, shapeSize } from '../../../../src-main/engine/graph/infer-shape.ts';
import * as ops from '../../../../src-main/engine/graph/ops.ts';
import type { Graph } from '../../../../src-main/engine/graph/graph.ts';
import type { GraphNode, Shape } from '../../../../src-main/engine/graph/types.ts';

/** Numbers in [0, 1), the same for the same seed. */
export function randomStream(seed: number): () => number {
  let state = (seed + 1) * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 0x100000000;
  };
}

const SHAPES: readonly Shape[] = [[], [3], [1, 3], [2, 3], [2, 1], [2, 2, 3], [1]];

/** A random expression over two inputs `x` [2, 3] and `y` [3], made of `steps` ops; values stay moderate. */
export function randomGraph(graph: Graph, seed: number, steps: number): GraphNode {
  const draw = randomStream(seed);
  const below = (count: number): number => Math.floor(draw() * count);
  const pick = <T>(items: readonly T[]): T => {
    const item = items[below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  };
  const shaped = (values: number): GraphNode => {
    const shape = pick(SHAPES);
    const data = Array.from({ length: values === 1 ? 1 : shapeSize(shape) }, () => pick([0, 1, -1, 2, 0.5, 3]));
    return graph.constant(data, shape);
  };
  const pool: GraphNode[] = [graph.input('x', [2, 3]), graph.input('y', [3]), shaped(1), shaped(2), shaped(1)];
  const bounded = (node: GraphNode): GraphNode => ops.tanh(node);
  const binaries = [ops.add, ops.sub, ops.mul, ops.maximum, ops.minimum, ops.add, ops.mul];
  const unaries = [
    ops.neg,
    ops.square,
    ops.abs,
    ops.tanh,
    ops.stopGradient,
    (a: GraphNode) => ops.exp(bounded(a)),
    (a: GraphNode) => ops.sqrt(ops.add(ops.square(a), 1)),
    (a: GraphNode) => ops.div(a, pick([1, 2, -4])),
    (a: GraphNode) => ops.mul(a, pick([1, 0, -1, 3, 0.25])),
    (a: GraphNode) => ops.add(a, pick([0, 1, -2])),
    (a: GraphNode) => ops.sub(pick([0, 1]), a),
  ];
  const moves = [
    (a: GraphNode) => ops.reshape(a, pick([[shapeSize(a.shape)], [1, shapeSize(a.shape)], a.shape, [...a.shape, 1]])),
    (a: GraphNode) => ops.transpose(a, pick([[...a.shape.keys()], [...a.shape.keys()].reverse()])),
    (a: GraphNode) => ops.broadcastTo(a, pick([a.shape, [2, ...a.shape], [1, ...a.shape]])),
    (a: GraphNode) => ops.sum(a, a.shape.length > 0 && draw() < 0.7 ? below(a.shape.length) : undefined, draw() < 0.5),
    (a: GraphNode) => ops.max(a, a.shape.length > 0 ? below(a.shape.length) : undefined, draw() < 0.5),
    (a: GraphNode) => {
      const begin = a.shape.map((dim) => below(dim));
      return ops.slice(
        a,
        begin,
        a.shape.map((dim, i) => 1 + below(dim - (begin[i] ?? 0))),
      );
    },
    (a: GraphNode) =>
      ops.pad(
        a,
        a.shape.map(() => below(2)),
        a.shape.map(() => below(2)),
      ),
  ];
  for (let step = 0; step < steps; step++) {
    const [a, b] = [pick(pool), pick(pool)];
    const kind = draw();
    let made: GraphNode;
    if (kind < 0.3) made = fits(a, b) ? pick(binaries)(a, b) : pick(unaries)(a);
    else if (kind < 0.5) made = pick(unaries)(a);
    else if (kind < 0.75) made = pick(moves)(a);
    else if (kind < 0.83 && a.shape.length > 0) {
      made = ops.concat(
        [a, a.shape.length === b.shape.length && sameShape(a.shape, b.shape) ? b : a, a],
        below(a.shape.length),
      );
    } else if (kind < 0.9 && a.shape.length >= 2) {
      // Either product of the matrix with itself, one operand transposed by an op or by its flag.
      const flip = [...a.shape.keys()];
      flip.push(...flip.splice(-2).reverse());
      const flipped = ops.transpose(a, flip);
      made = pick([
        () => ops.matmul(a, a, { transposeA: true }),
        () => ops.matmul(a, a, { transposeB: true }),
        () => ops.matmul(flipped, a),
        () => ops.matmul(a, flipped),
        () => ops.matmul(flipped, flipped, { transposeB: true }),
      ])();
    } else if (fits(a, b)) made = ops.select(ops.less(a, b), pick([a, ops.neg(b)]), b);
    else made = pick(unaries)(b);
    if (shapeSize(made.shape) <= 64 && made.shape.length <= 4) pool.push(bounded(made));
  }
  return pool.at(-1) ?? pick(pool);
}

function fits(a: GraphNode, b: GraphNode): boolean {
  const rank = Math.min(a.shape.length, b.shape.length);
  for (let i = 1; i <= rank; i++) {
    const [da, db] = [a.shape.at(-i), b.shape.at(-i)];
    if (da !== db && da !== 1 && db !== 1) return false;
  }
  return true;
}
