import { AppError } from '../../../src-shared/app-error.ts';
import type { DType, GraphNode, OpAttributes, OpName, Shape } from './types.ts';

export interface InferredType {
  readonly shape: Shape;
  readonly dtype: DType;
}

const shapeText = (shape: Shape): string => `[${shape.join(', ')}]`;

function fail(op: OpName, inputs: readonly GraphNode[], reason: string): never {
  const found = inputs.map((input) => `${input.dtype}${shapeText(input.shape)}`).join(', ');
  throw new AppError('graph/shape', `${op}(${found}): ${reason}`, { op, inputs: inputs.map((i) => i.shape) });
}

/** NumPy broadcasting of two shapes; undefined when they do not fit. */
export function broadcastShapes(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const out: number[] = [];
  for (let i = 0; i < rank; i++) {
    const da = a[a.length - rank + i] ?? 1;
    const db = b[b.length - rank + i] ?? 1;
    if (da !== db && da !== 1 && db !== 1) return undefined;
    out.push(da === 1 ? db : da);
  }
  return out;
}

export const shapeSize = (shape: Shape): number => shape.reduce((size, dim) => size * dim, 1);

export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((dim, i) => dim === b[i]);

type Rule<Op extends OpName> = (inputs: readonly GraphNode[], attributes: OpAttributes[Op], op: Op) => InferredType;

function arity(op: OpName, inputs: readonly GraphNode[], count: number): void {
  if (inputs.length !== count) fail(op, inputs, `expected ${count} inputs, got ${inputs.length}`);
}

function at(inputs: readonly GraphNode[], index: number): GraphNode {
  const node = inputs[index];
  if (node === undefined) throw new Error(`missing input ${index}`);
  return node;
}

function binary(dtypes: readonly DType[], result?: DType) {
  return (inputs: readonly GraphNode[], _attributes: unknown, op: OpName): InferredType => {
    arity(op, inputs, 2);
    const [a, b] = [at(inputs, 0), at(inputs, 1)];
    if (a.dtype !== b.dtype) fail(op, inputs, 'both inputs must have one dtype');
    if (!dtypes.includes(a.dtype)) fail(op, inputs, `dtype must be ${dtypes.join(' or ')}`);
    const shape = broadcastShapes(a.shape, b.shape);
    if (shape === undefined) fail(op, inputs, 'shapes cannot be broadcast together');
    return { shape, dtype: result ?? a.dtype };
  };
}

function unary(dtypes: readonly DType[]) {
  return (inputs: readonly GraphNode[], _attributes: unknown, op: OpName): InferredType => {
    arity(op, inputs, 1);
    const a = at(inputs, 0);
    if (!dtypes.includes(a.dtype)) fail(op, inputs, `dtype must be ${dtypes.join(' or ')}`);
    return { shape: a.shape, dtype: a.dtype };
  };
}

function leaf(attributes: { shape: Shape; dtype: DType }): InferredType {
  return { shape: attributes.shape, dtype: attributes.dtype };
}

function reduction(
  inputs: readonly GraphNode[],
  attributes: { axes: readonly number[]; keepDims: boolean },
  op: OpName,
): InferredType {
  arity(op, inputs, 1);
  const a = at(inputs, 0);
  if (a.dtype !== 'float32') fail(op, inputs, 'dtype must be float32');
  const axes = new Set(attributes.axes);
  if (axes.size !== attributes.axes.length || attributes.axes.some((axis) => axis < 0 || axis >= a.shape.length)) {
    fail(op, inputs, `axes ${shapeText(attributes.axes)} must be distinct and within the rank`);
  }
  const shape = a.shape.flatMap((dim, i) => (axes.has(i) ? (attributes.keepDims ? [1] : []) : [dim]));
  return { shape, dtype: a.dtype };
}

function crossEntropy(inputs: readonly GraphNode[], op: OpName): readonly [number, number] {
  arity(op, inputs, 2);
  const [logits, labels] = [at(inputs, 0), at(inputs, 1)];
  const [rows, classes] = [logits.shape[0], logits.shape[1]];
  if (logits.dtype !== 'float32' || logits.shape.length !== 2 || rows === undefined || classes === undefined) {
    fail(op, inputs, 'logits must be float32 [R, V]');
  }
  if (labels.dtype !== 'int32' || !sameShape(labels.shape, [rows])) fail(op, inputs, `labels must be int32 [${rows}]`);
  return [rows, classes];
}

const FLOAT: readonly DType[] = ['float32'];
const INT: readonly DType[] = ['int32'];
const NUMBER: readonly DType[] = ['float32', 'int32'];
const BOOL: readonly DType[] = ['bool'];

const RULES: { readonly [Op in OpName]: Rule<Op> } = {
  input: (_inputs, attributes) => leaf(attributes),
  variable: (_inputs, attributes) => leaf(attributes),
  constant: (inputs, attributes, op) => {
    const size = shapeSize(attributes.shape);
    if (attributes.values.length !== size && attributes.values.length !== 1) {
      fail(op, inputs, `${attributes.values.length} values do not fill ${shapeText(attributes.shape)}`);
    }
    return leaf(attributes);
  },
  add: binary(NUMBER),
  sub: binary(NUMBER),
  mul: binary(NUMBER),
  div: binary(FLOAT),
  maximum: binary(NUMBER),
  minimum: binary(NUMBER),
  floorDiv: binary(INT),
  mod: binary(INT),
  equal: binary(NUMBER, 'bool'),
  less: binary(NUMBER, 'bool'),
  lessEqual: binary(NUMBER, 'bool'),
  logicalAnd: binary(BOOL),
  logicalOr: binary(BOOL),
  logicalNot: unary(BOOL),
  select: (inputs, _attributes, op) => {
    arity(op, inputs, 3);
    const [condition, a, b] = [at(inputs, 0), at(inputs, 1), at(inputs, 2)];
    if (condition.dtype !== 'bool' || a.dtype !== b.dtype) fail(op, inputs, 'expected (bool, T, T)');
    const values = broadcastShapes(a.shape, b.shape);
    const shape = values && broadcastShapes(values, condition.shape);
    if (shape === undefined) fail(op, inputs, 'shapes cannot be broadcast together');
    return { shape, dtype: a.dtype };
  },
  neg: unary(FLOAT),
  exp: unary(FLOAT),
  log: unary(FLOAT),
  sqrt: unary(FLOAT),
  rsqrt: unary(FLOAT),
  square: unary(FLOAT),
  abs: unary(FLOAT),
  erf: unary(FLOAT),
  tanh: unary(FLOAT),
  floor: unary(FLOAT),
  cast: (inputs, attributes, op) => {
    arity(op, inputs, 1);
    if (attributes.dtype === 'bool') fail(op, inputs, 'cast to bool: use a comparison');
    return { shape: at(inputs, 0).shape, dtype: attributes.dtype };
  },
  stopGradient: unary(NUMBER),
  after: (inputs) => ({ shape: at(inputs, 0).shape, dtype: at(inputs, 0).dtype }),
  withGradient: (inputs, attributes, op) => {
    const value = at(inputs, 0);
    if (attributes.derivative) {
      arity(op, inputs, 1 + attributes.count);
      return { shape: value.shape, dtype: value.dtype };
    }
    arity(op, inputs, 1 + 2 * attributes.count);
    if (value.shape.length !== 0) fail(op, inputs, 'the value must be a scalar');
    for (let i = 0; i < attributes.count; i++) {
      if (!sameShape(at(inputs, 1 + i).shape, at(inputs, 1 + attributes.count + i).shape)) {
        fail(op, inputs, `gradient ${i} must have the shape of its input`);
      }
    }
    return { shape: value.shape, dtype: value.dtype };
  },
  sum: reduction,
  max: reduction,
  argMax: (inputs, attributes, op) => {
    arity(op, inputs, 1);
    const a = at(inputs, 0);
    if (attributes.axis < 0 || attributes.axis >= a.shape.length)
      fail(op, inputs, `axis ${attributes.axis} is out of range`);
    return { shape: a.shape.filter((_dim, i) => i !== attributes.axis), dtype: 'int32' };
  },
  reshape: (inputs, attributes, op) => {
    arity(op, inputs, 1);
    const a = at(inputs, 0);
    if (shapeSize(a.shape) !== shapeSize(attributes.shape))
      fail(op, inputs, `cannot become ${shapeText(attributes.shape)}`);
    return { shape: attributes.shape, dtype: a.dtype };
  },
  transpose: (inputs, attributes, op) => {
    arity(op, inputs, 1);
    const a = at(inputs, 0);
    const isPermutation =
      attributes.perm.length === a.shape.length && a.shape.every((_dim, i) => attributes.perm.includes(i));
    if (!isPermutation) fail(op, inputs, `${shapeText(attributes.perm)} is no permutation of the axes`);
    return { shape: attributes.perm.map((axis) => a.shape[axis] ?? 1), dtype: a.dtype };
  },
  broadcastTo: (inputs, attributes, op) => {
    arity(op, inputs, 1);
    const a = at(inputs, 0);
    const shape = broadcastShapes(a.shape, attributes.shape);
    if (shape === undefined || !sameShape(shape, attributes.shape)) {
      fail(op, inputs, `cannot be broadcast to ${shapeText(attributes.shape)}`);
    }
    return { shape: attributes.shape, dtype: a.dtype };
  },
  slice: (inputs, attributes, op) => {
    arity(op, inputs, 1);
    const a = at(inputs, 0);
    const { begin, size } = attributes;
    const fits =
      begin.length === a.shape.length &&
      size.length === a.shape.length &&
      a.shape.every(
        (dim, i) => (begin[i] ?? -1) >= 0 && (size[i] ?? -1) >= 0 && (begin[i] ?? 0) + (size[i] ?? 0) <= dim,
      );
    if (!fits) fail(op, inputs, `slice of ${shapeText(size)} at ${shapeText(begin)} is out of range`);
    return { shape: size, dtype: a.dtype };
  },
  pad: (inputs, attributes, op) => {
    arity(op, inputs, 1);
    const a = at(inputs, 0);
    if (attributes.before.length !== a.shape.length || attributes.after.length !== a.shape.length) {
      fail(op, inputs, 'before and after need one entry per axis');
    }
    return {
      shape: a.shape.map((dim, i) => dim + (attributes.before[i] ?? 0) + (attributes.after[i] ?? 0)),
      dtype: a.dtype,
    };
  },
  concat: (inputs, attributes, op) => {
    if (inputs.length === 0) fail(op, inputs, 'needs at least one input');
    const first = at(inputs, 0);
    const { axis } = attributes;
    if (axis < 0 || axis >= first.shape.length) fail(op, inputs, `axis ${axis} is out of range`);
    let total = 0;
    for (const input of inputs) {
      const fits =
        input.dtype === first.dtype &&
        input.shape.length === first.shape.length &&
        input.shape.every((dim, i) => i === axis || dim === first.shape[i]);
      if (!fits) fail(op, inputs, `inputs may differ only along axis ${axis}`);
      total += input.shape[axis] ?? 0;
    }
    return { shape: first.shape.map((dim, i) => (i === axis ? total : dim)), dtype: first.dtype };
  },
  matmul: (inputs, attributes, op) => {
    arity(op, inputs, 2);
    const [a, b] = [at(inputs, 0), at(inputs, 1)];
    if (a.dtype !== 'float32' || b.dtype !== 'float32') fail(op, inputs, 'dtype must be float32');
    const rank = a.shape.length;
    if (rank < 2 || b.shape.length !== rank) fail(op, inputs, 'both inputs need one rank of at least 2');
    const batch = a.shape.slice(0, -2);
    if (!sameShape(batch, b.shape.slice(0, -2))) fail(op, inputs, 'batch dimensions must be equal');
    const [a0 = 0, a1 = 0] = a.shape.slice(-2);
    const [b0 = 0, b1 = 0] = b.shape.slice(-2);
    const [m, ka] = attributes.transposeA ? [a1, a0] : [a0, a1];
    const [kb, n] = attributes.transposeB ? [b1, b0] : [b0, b1];
    if (ka !== kb) fail(op, inputs, `inner dimensions ${ka} and ${kb} differ`);
    return { shape: [...batch, m, n], dtype: 'float32' };
  },
  gather: (inputs, _attributes, op) => {
    arity(op, inputs, 2);
    const [params, ids] = [at(inputs, 0), at(inputs, 1)];
    if (params.shape.length === 0 || ids.dtype !== 'int32') fail(op, inputs, 'expected (params [R, ...], ids int32)');
    return { shape: [...ids.shape, ...params.shape.slice(1)], dtype: params.dtype };
  },
  segmentSum: (inputs, attributes, op) => {
    arity(op, inputs, 2);
    const [data, ids] = [at(inputs, 0), at(inputs, 1)];
    if (data.dtype !== 'float32' || ids.dtype !== 'int32') fail(op, inputs, 'expected (float32, int32)');
    if (!sameShape(ids.shape, data.shape.slice(0, ids.shape.length)))
      fail(op, inputs, 'data must start with the shape of ids');
    return { shape: [attributes.segments, ...data.shape.slice(ids.shape.length)], dtype: 'float32' };
  },
  oneHot: (inputs, attributes, op) => {
    arity(op, inputs, 1);
    const ids = at(inputs, 0);
    if (ids.dtype !== 'int32') fail(op, inputs, 'ids must be int32');
    return { shape: [...ids.shape, attributes.depth], dtype: 'float32' };
  },
  softmax: unary(FLOAT),
  logSoftmax: unary(FLOAT),
  sparseCrossEntropy: (inputs, _attributes, op) => ({ shape: [crossEntropy(inputs, op)[0]], dtype: 'float32' }),
  sparseCrossEntropyGrad: (inputs, _attributes, op) => ({ shape: crossEntropy(inputs, op), dtype: 'float32' }),
  randomUniform: (inputs, attributes, op) => {
    arity(op, inputs, 1);
    const key = at(inputs, 0);
    if (key.dtype !== 'int32' || !sameShape(key.shape, [2])) fail(op, inputs, 'the key must be int32 [2]');
    return { shape: attributes.shape, dtype: 'float32' };
  },
};

/**
 * Output shape and dtype of an op.
 * @throws AppError graph/shape naming the op, its inputs and what does not fit
 */
export function inferShape<Op extends OpName>(
  op: Op,
  inputs: readonly GraphNode[],
  attributes: OpAttributes[Op],
): InferredType {
  return RULES[op](inputs, attributes, op);
}

/** Every op of the graph language; tests enumerate it. */
export const OP_NAMES = Object.keys(RULES) as readonly OpName[];
