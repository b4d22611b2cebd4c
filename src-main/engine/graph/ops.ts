/**
 * The functions that model code is written in. They take nodes (numbers become float32 constants where a node of
 * known graph is beside them) and return a node of the same graph. Shapes follow NumPy broadcasting.
 */
import type { Derivative, DType, GraphNode, MatmulPrecision, Shape } from './types.ts';

export type Operand = GraphNode | number;

function lift(value: Operand, beside: GraphNode): GraphNode {
  if (typeof value !== 'number') return value;
  return beside.graph.apply('constant', [], { values: [value], shape: [], dtype: beside.dtype });
}

type BinaryOp =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'maximum'
  | 'minimum'
  | 'floorDiv'
  | 'mod'
  | 'equal'
  | 'less'
  | 'lessEqual'
  | 'logicalAnd'
  | 'logicalOr';

function binary(op: BinaryOp, a: Operand, b: Operand): GraphNode {
  const node = typeof a === 'number' ? b : a;
  if (typeof node === 'number') throw new Error(`${op}: at least one operand must be a node`);
  return node.graph.apply(op, [lift(a, node), lift(b, node)], {});
}

export const add = (a: Operand, b: Operand): GraphNode => binary('add', a, b);
export const sub = (a: Operand, b: Operand): GraphNode => binary('sub', a, b);
export const mul = (a: Operand, b: Operand): GraphNode => binary('mul', a, b);
export const div = (a: Operand, b: Operand): GraphNode => binary('div', a, b);
export const maximum = (a: Operand, b: Operand): GraphNode => binary('maximum', a, b);
export const minimum = (a: Operand, b: Operand): GraphNode => binary('minimum', a, b);
export const floorDiv = (a: Operand, b: Operand): GraphNode => binary('floorDiv', a, b);
export const mod = (a: Operand, b: Operand): GraphNode => binary('mod', a, b);
export const equal = (a: Operand, b: Operand): GraphNode => binary('equal', a, b);
export const less = (a: Operand, b: Operand): GraphNode => binary('less', a, b);
export const lessEqual = (a: Operand, b: Operand): GraphNode => binary('lessEqual', a, b);
export const logicalAnd = (a: GraphNode, b: GraphNode): GraphNode => binary('logicalAnd', a, b);
export const logicalOr = (a: GraphNode, b: GraphNode): GraphNode => binary('logicalOr', a, b);
export const logicalNot = (a: GraphNode): GraphNode => a.graph.apply('logicalNot', [a], {});

/** `condition ? a : b`, element by element. */
export function select(condition: GraphNode, a: Operand, b: Operand): GraphNode {
  const beside = typeof a === 'number' ? b : a;
  if (typeof beside === 'number') {
    const graph = condition.graph;
    const constant = (value: number): GraphNode =>
      graph.apply('constant', [], { values: [value], shape: [], dtype: 'float32' });
    return graph.apply('select', [condition, constant(a as number), constant(beside)], {});
  }
  return condition.graph.apply('select', [condition, lift(a, beside), lift(b, beside)], {});
}

export const neg = (a: GraphNode): GraphNode => a.graph.apply('neg', [a], {});
export const exp = (a: GraphNode): GraphNode => a.graph.apply('exp', [a], {});
export const log = (a: GraphNode): GraphNode => a.graph.apply('log', [a], {});
export const sqrt = (a: GraphNode): GraphNode => a.graph.apply('sqrt', [a], {});
export const rsqrt = (a: GraphNode): GraphNode => a.graph.apply('rsqrt', [a], {});
export const square = (a: GraphNode): GraphNode => a.graph.apply('square', [a], {});
export const abs = (a: GraphNode): GraphNode => a.graph.apply('abs', [a], {});
export const erf = (a: GraphNode): GraphNode => a.graph.apply('erf', [a], {});
export const tanh = (a: GraphNode): GraphNode => a.graph.apply('tanh', [a], {});
export const floor = (a: GraphNode): GraphNode => a.graph.apply('floor', [a], {});
export const cast = (a: GraphNode, dtype: DType): GraphNode => a.graph.apply('cast', [a], { dtype });
export const stopGradient = (a: GraphNode): GraphNode => a.graph.apply('stopGradient', [a], {});

/**
 * `a` itself, as a node that simplification never looks through: for what gradients are taken of, whose users must
 * stay users of this very node.
 */
export const opaque = (a: GraphNode): GraphNode => a.graph.apply('after', [a], {});

/** `a`, evaluated only after `dependencies`. */
export const after = (a: GraphNode, dependencies: readonly GraphNode[]): GraphNode =>
  dependencies.length === 0 ? a : a.graph.apply('after', [a, ...dependencies], {});

/** The scalar `value` with the given gradient for each of `xs`. */
export function withGradient(value: GraphNode, xs: readonly GraphNode[], gradients: readonly GraphNode[]): GraphNode {
  return value.graph.apply('withGradient', [value, ...xs, ...gradients], { count: xs.length });
}

/**
 * `value` (any shape) with a derivative in closed form: `derivative` turns the cotangent of the returned node into those
 * of the `xs`. Must be the true derivative: equal values of equal xs are one node, whichever function came first.
 */
export function withDerivative(value: GraphNode, xs: readonly GraphNode[], derivative: Derivative): GraphNode {
  return value.graph.apply('withGradient', [value, ...xs], { count: xs.length, derivative });
}

/** Negative axes count from the end. */
const axesOf = (a: GraphNode, axes?: number | readonly number[]): readonly number[] => {
  if (axes === undefined) return a.shape.map((_dim, i) => i);
  const list = typeof axes === 'number' ? [axes] : axes;
  return list.map((axis) => (axis < 0 ? axis + a.shape.length : axis));
};

/** Sum over `axes` (all when left out). */
export const sum = (a: GraphNode, axes?: number | readonly number[], keepDims = false): GraphNode =>
  a.graph.apply('sum', [a], { axes: axesOf(a, axes), keepDims });

export const max = (a: GraphNode, axes?: number | readonly number[], keepDims = false): GraphNode =>
  a.graph.apply('max', [a], { axes: axesOf(a, axes), keepDims });

/** Arithmetic mean over `axes` (all when left out). */
export function mean(a: GraphNode, axes?: number | readonly number[], keepDims = false): GraphNode {
  const count = axesOf(a, axes).reduce((product, axis) => product * (a.shape[axis] ?? 1), 1);
  return mul(sum(a, axes, keepDims), 1 / count);
}

export const argMax = (a: GraphNode, axis: number): GraphNode =>
  a.graph.apply('argMax', [a], { axis: axis < 0 ? axis + a.shape.length : axis });

export const reshape = (a: GraphNode, shape: Shape): GraphNode => a.graph.apply('reshape', [a], { shape });
export const transpose = (a: GraphNode, perm: readonly number[]): GraphNode =>
  a.graph.apply('transpose', [a], { perm });
export const broadcastTo = (a: GraphNode, shape: Shape): GraphNode => a.graph.apply('broadcastTo', [a], { shape });
export const slice = (a: GraphNode, begin: readonly number[], size: readonly number[]): GraphNode =>
  a.graph.apply('slice', [a], { begin, size });
export const pad = (a: GraphNode, before: readonly number[], afterEach: readonly number[]): GraphNode =>
  a.graph.apply('pad', [a], { before, after: afterEach });

export function concat(parts: readonly GraphNode[], axis: number): GraphNode {
  const first = parts[0];
  if (first === undefined) throw new Error('concat: needs at least one part');
  return first.graph.apply('concat', parts, { axis: axis < 0 ? axis + first.shape.length : axis });
}

export interface MatmulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  readonly precision?: MatmulPrecision;
}

/** [...B, M, K] x [...B, K, N] -> [...B, M, N]; batch dimensions must be equal. */
export const matmul = (a: GraphNode, b: GraphNode, options: MatmulOptions = {}): GraphNode =>
  a.graph.apply('matmul', [a, b], {
    transposeA: options.transposeA ?? false,
    transposeB: options.transposeB ?? false,
    precision: options.precision ?? 'float32',
  });

/** Rows of `params` [R, ...rest] at `ids` [...K] -> [...K, ...rest]. */
export const gather = (params: GraphNode, ids: GraphNode): GraphNode => params.graph.apply('gather', [params, ids], {});
export const segmentSum = (data: GraphNode, ids: GraphNode, segments: number): GraphNode =>
  data.graph.apply('segmentSum', [data, ids], { segments });
export const oneHot = (ids: GraphNode, depth: number): GraphNode => ids.graph.apply('oneHot', [ids], { depth });

export const softmax = (logits: GraphNode): GraphNode => logits.graph.apply('softmax', [logits], {});
export const logSoftmax = (logits: GraphNode): GraphNode => logits.graph.apply('logSoftmax', [logits], {});

/** -log softmax(logits)[label] per row, nats; logits [R, V], labels int32 [R] -> [R]. */
export const sparseCrossEntropy = (logits: GraphNode, labels: GraphNode): GraphNode =>
  logits.graph.apply('sparseCrossEntropy', [logits, labels], {});
/** softmax(logits) - onehot(labels); logits [R, V], labels int32 [R] -> [R, V]. */
export const sparseCrossEntropyGrad = (logits: GraphNode, labels: GraphNode): GraphNode =>
  logits.graph.apply('sparseCrossEntropyGrad', [logits, labels], {});

/** Uniform numbers in [0, 1), a pure function of `key` (int32 [2]), `stream` and the element's index. */
export const randomUniform = (key: GraphNode, shape: Shape, stream: number): GraphNode =>
  key.graph.apply('randomUniform', [key], { shape, stream });
