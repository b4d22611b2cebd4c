import { broadcastShapes, sameShape, shapeSize } from '../../graph/infer-shape.ts';
import type { GraphNode, OpName, Shape } from '../../graph/types.ts';
import { isOp } from '../../graph/types.ts';
import { emitCast, emitReshape, operand, type EmitContext } from './emit-context.ts';
import { emitMatmul } from './emit-matmul.ts';
import type { Ref } from './node-list.ts';
import { emitRandomMask } from './emit-random-mask.ts';
import { squaredOf } from './library-passes.ts';
import { TF_TYPE, tfTypeOf, type Attributes, type TfType } from './tensorflow-messages.ts';

type Emit<Op extends OpName> = (context: EmitContext, node: GraphNode<Op>) => Ref;

const FLOAT = TF_TYPE.float32;
const INT = TF_TYPE.int32;
const T = (type: TfType): Attributes => ({ T: { type } });

/**
 * An operand of a broadcasting op: where the other operands give the result its shape, what only spreads a smaller
 * value (a filled constant, a broadcast) is left to the op itself.
 */
function broadcastOperand(context: EmitContext, node: GraphNode, index: number): Ref {
  const self = operand(node, index);
  let rest: Shape | undefined = [];
  for (const [i, other] of node.inputs.entries())
    if (i !== index && rest !== undefined) rest = broadcastShapes(rest, other.shape);
  if (rest === undefined || !sameShape(rest, node.shape)) return context.ref(self);
  let source = self;
  // Only one operand may be taken small: the others were counted with their own shapes.
  const isFirstSmall = node.inputs.findIndex((other) => isOp(other, 'broadcastTo') || isFilled(other)) === index;
  while (isFirstSmall && isOp(source, 'broadcastTo')) source = operand(source, 0);
  if (isFirstSmall && isFilled(source)) {
    return context.list.constant({ type: source.dtype, shape: [], values: source.attributes.values });
  }
  return context.ref(source);
}

function isFilled(node: GraphNode): node is GraphNode<'constant'> {
  return isOp(node, 'constant') && node.attributes.values.length === 1;
}

function elementwise<Op extends OpName>(tfOp: string): Emit<Op> {
  return (context, node) =>
    context.list.add(
      tfOp,
      node.inputs.map((_input, i) => broadcastOperand(context, node, i)),
      T(tfTypeOf(operand(node, 0).dtype)),
    );
}

function logical<Op extends OpName>(tfOp: string): Emit<Op> {
  return (context, node) =>
    context.list.add(
      tfOp,
      node.inputs.map((_input, i) => broadcastOperand(context, node, i)),
    );
}

function reduction<Op extends 'sum' | 'max'>(tfOp: string): Emit<Op> {
  return (context, node) => {
    const { axes, keepDims } = node.attributes;
    const squared = context.library ? squaredOf(node) : undefined;
    if (squared !== undefined) {
      const half = context.list.add('L2Loss', [context.ref(squared)], T(FLOAT));
      return context.list.add('Mul', [half, context.list.float32(2)], T(FLOAT));
    }
    return context.list.add(tfOp, [context.ref(operand(node, 0)), context.list.int32(axes)], {
      ...T(FLOAT),
      Tidx: { type: INT },
      keep_dims: { bool: keepDims },
    });
  };
}

const same: Emit<OpName> = (context, node) => context.ref(operand(node, 0));

/** uint64 [1] from the key, int32 [2]. */
function emitRandomKey(context: EmitContext, node: GraphNode<'randomUniform'>): Ref {
  const pair = emitReshape(context, context.ref(operand(node, 0)), [1, 2], INT);
  return context.list.add('Bitcast', [pair], { ...T(INT), type: { type: TF_TYPE.uint64 } });
}

/**
 * Philox 4x32-10 with key = (key[0], key[1]) and counter = (block low, block high, stream, 0), 32-bit words, where
 * element i is word i mod 4 of block floor(i / 4), and u = (word mod 2^23) / 2^23.
 */
function emitRandomUniform(context: EmitContext, node: GraphNode<'randomUniform'>): Ref {
  const { shape, stream } = node.attributes;
  const { list } = context;
  const key = emitRandomKey(context, node);
  const counter = list.constant({ type: 'uint64', shape: [2], values: [0n, BigInt(stream)] });
  const philox = list.int32(1);
  if (context.compiled) {
    // The compiler's words are the library's, but its way from words to numbers is another.
    const inputs = [list.int32(shape), key, counter, philox];
    const words = list.add('StatelessRandomUniformFullIntV2', inputs, { dtype: { type: INT }, Tshape: { type: INT } });
    const mantissa = list.add('BitwiseAnd', [words, list.int32(0x7fffff)], T(INT));
    return list.add('Mul', [emitCast(context, mantissa, INT, FLOAT), list.float32(2 ** -23)], T(FLOAT));
  }
  return list.add('StatelessRandomUniformV2', [list.int32(shape), key, counter, philox], {
    dtype: { type: FLOAT },
    Tshape: { type: INT },
  });
}

const emitSum = elementwise<'add'>('AddV2');

function emitAdd(context: EmitContext, node: GraphNode<'add'>): Ref {
  const scatter = context.scatterAdd(node);
  if (scatter === undefined) return emitSum(context, node);
  const { into, sum } = scatter;
  const [rows, ids] = [operand(sum, 0), operand(sum, 1)];
  // Row after row in the product's own memory, which TensorScatterAdd would copy; on a GPU it would race for a row.
  if (context.library) {
    return context.list.add('InplaceAdd', [context.ref(into), context.ref(ids), context.ref(rows)], T(FLOAT));
  }
  const indices = emitReshape(context, context.ref(ids), [...ids.shape, 1], INT);
  return context.list.add('TensorScatterAdd', [context.ref(into), indices, context.ref(rows)], {
    ...T(FLOAT),
    Tindices: { type: INT },
  });
}

const emitComparison = elementwise<'lessEqual'>('LessEqual');

function emitLessEqual(context: EmitContext, node: GraphNode<'lessEqual'>): Ref {
  const [bound, random] = [operand(node, 0), operand(node, 1)];
  const isMask = context.compiled && isFilled(bound) && isOp(random, 'randomUniform');
  if (!isMask || context.isGiven(random) || !sameShape(random.shape, node.shape)) return emitComparison(context, node);
  const value = Math.fround(bound.attributes.values[0] ?? 0);
  if (value < 0 || value > 1) return emitComparison(context, node);
  return emitRandomMask(context.list, emitRandomKey(context, random), random.attributes.stream, node.shape, value);
}

const EMIT: { readonly [Op in OpName]: Emit<Op> } = {
  input: (context, node) => context.input(node.attributes.name),
  variable: (context, node) => context.variable(node.attributes.name),
  constant: ({ list }, node) => {
    const { values, shape, dtype } = node.attributes;
    if (values.length === shapeSize(shape)) return list.constant({ type: dtype, shape, values });
    const one = list.constant({ type: dtype, shape: [], values });
    return list.add('Fill', [list.int32(shape), one], { ...T(tfTypeOf(dtype)), index_type: { type: INT } });
  },
  add: emitAdd,
  sub: elementwise('Sub'),
  mul: elementwise('Mul'),
  div: elementwise('RealDiv'),
  maximum: elementwise('Maximum'),
  minimum: elementwise('Minimum'),
  floorDiv: elementwise('FloorDiv'),
  mod: elementwise('FloorMod'),
  equal: elementwise('Equal'),
  less: elementwise('Less'),
  lessEqual: emitLessEqual,
  logicalAnd: logical('LogicalAnd'),
  logicalOr: logical('LogicalOr'),
  logicalNot: logical('LogicalNot'),
  select: (context, node) =>
    context.list.add(
      'SelectV2',
      node.inputs.map((_input, i) => broadcastOperand(context, node, i)),
      T(tfTypeOf(node.dtype)),
    ),
  neg: elementwise('Neg'),
  exp: elementwise('Exp'),
  log: elementwise('Log'),
  sqrt: elementwise('Sqrt'),
  rsqrt: elementwise('Rsqrt'),
  square: elementwise('Square'),
  abs: elementwise('Abs'),
  erf: elementwise('Erf'),
  tanh: elementwise('Tanh'),
  floor: elementwise('Floor'),
  cast: (context, node) =>
    emitCast(context, context.ref(operand(node, 0)), tfTypeOf(operand(node, 0).dtype), tfTypeOf(node.attributes.dtype)),
  stopGradient: same,
  after: (context, node) =>
    node.inputs.length === 1
      ? context.ref(operand(node, 0))
      : context.list.add('Identity', [context.ref(operand(node, 0))], T(tfTypeOf(node.dtype)), {
          after: node.inputs.slice(1).map((dependency) => context.ref(dependency)),
        }),
  withGradient: same,
  sum: reduction('Sum'),
  max: reduction('Max'),
  argMax: (context, node) =>
    context.list.add('ArgMax', [context.ref(operand(node, 0)), context.list.int32(node.attributes.axis)], {
      ...T(tfTypeOf(operand(node, 0).dtype)),
      Tidx: { type: INT },
      output_type: { type: INT },
    }),
  reshape: (context, node) => {
    let source = operand(node, 0);
    while (isOp(source, 'reshape')) source = operand(source, 0);
    const ref = context.ref(source);
    return sameShape(source.shape, node.shape) ? ref : emitReshape(context, ref, node.shape, tfTypeOf(node.dtype));
  },
  transpose: (context, node) =>
    context.list.add('Transpose', [context.ref(operand(node, 0)), context.list.int32(node.attributes.perm)], {
      ...T(tfTypeOf(node.dtype)),
      Tperm: { type: INT },
    }),
  broadcastTo: (context, node) => {
    const ref = context.ref(operand(node, 0));
    if (sameShape(operand(node, 0).shape, node.shape)) return ref;
    return context.list.add('BroadcastTo', [ref, context.list.int32(node.shape)], {
      ...T(tfTypeOf(node.dtype)),
      Tidx: { type: INT },
    });
  },
  slice: (context, node) =>
    context.list.add(
      'Slice',
      [
        context.ref(operand(node, 0)),
        context.list.int32(node.attributes.begin),
        context.list.int32(node.attributes.size),
      ],
      { ...T(tfTypeOf(node.dtype)), Index: { type: INT } },
    ),
  pad: (context, node) => {
    const { before, after } = node.attributes;
    const pairs = before.flatMap((count, i) => [count, after[i] ?? 0]);
    const paddings = context.list.constant({ type: 'int32', shape: [before.length, 2], values: pairs });
    return context.list.add('Pad', [context.ref(operand(node, 0)), paddings], {
      ...T(tfTypeOf(node.dtype)),
      Tpaddings: { type: INT },
    });
  },
  concat: (context, node) => {
    if (node.inputs.length === 1) return context.ref(operand(node, 0));
    const parts = node.inputs.map((part) => context.ref(part));
    return context.list.add('ConcatV2', [...parts, context.list.int32(node.attributes.axis)], {
      ...T(tfTypeOf(node.dtype)),
      N: { int: parts.length },
      Tidx: { type: INT },
    });
  },
  matmul: emitMatmul,
  gather: (context, node) =>
    context.list.add(
      'GatherV2',
      [context.ref(operand(node, 0)), context.ref(operand(node, 1)), context.list.int32(0)],
      {
        Tparams: { type: tfTypeOf(node.dtype) },
        Tindices: { type: INT },
        Taxis: { type: INT },
        batch_dims: { int: 0 },
      },
    ),
  // Each segment is summed by one thread in the order of its rows: the same bits whatever the threads do.
  segmentSum: (context, node) =>
    context.list.add(
      'UnsortedSegmentSum',
      [context.ref(operand(node, 0)), context.ref(operand(node, 1)), context.list.int32(node.attributes.segments)],
      { ...T(FLOAT), Tindices: { type: INT }, Tnumsegments: { type: INT } },
    ),
  oneHot: (context, node) =>
    context.list.add(
      'OneHot',
      [
        context.ref(operand(node, 0)),
        context.list.int32(node.attributes.depth),
        context.list.float32(1),
        context.list.float32(0),
      ],
      { ...T(FLOAT), TI: { type: INT }, axis: { int: -1 } },
    ),
  softmax: elementwise('Softmax'),
  logSoftmax: elementwise('LogSoftmax'),
  sparseCrossEntropy: (context, node) => context.crossEntropy(operand(node, 0), operand(node, 1)).loss,
  sparseCrossEntropyGrad: (context, node) => context.crossEntropy(operand(node, 0), operand(node, 1)).gradient,
  randomUniform: emitRandomUniform,
};

/** Writes the TensorFlow nodes of one graph node; its inputs are asked from the context. */
export function emitOp(context: EmitContext, node: GraphNode): Ref {
  const emit = EMIT[node.op] as Emit<OpName>;
  return emit(context, node);
}

/** Ops with a mapping; a test compares it with the graph's list. */
export const EMITTED_OPS = Object.keys(EMIT) as readonly OpName[];
