import { sameShape, shapeSize } from '../infer-shape.ts';
import * as ops from '../ops.ts';
import { isOp } from '../types.ts';
import type { GraphNode, OpName, Shape } from '../types.ts';
import { as, filled, fillOf, isFilledWith, operand } from './rule.ts';
import type { Candidate, Rule, RuleTable } from './rule.ts';

/** The input itself where the op changes neither shape nor order. */
function identityWhen<Op extends OpName>(isIdentity: (candidate: Candidate<Op>) => boolean): Rule<Op> {
  return (candidate) => (isIdentity(candidate) ? operand(candidate, 0) : undefined);
}

const keepsShape = (candidate: Candidate<OpName>): boolean => sameShape(operand(candidate, 0).shape, candidate.shape);

const isZero = (value: number): boolean => value === 0;

function zeros(candidate: Candidate<OpName>): GraphNode {
  return filled(candidate, 0, candidate.shape, candidate.dtype);
}

/** Ops that make zeros of zeros. */
const zeroOfZero: Rule<OpName> = (candidate) => (isFilledWith(operand(candidate, 0), 0) ? zeros(candidate) : undefined);

/** Axes longer than one, in the order they have after the permutation. */
function movesNothing(shape: Shape, perm: readonly number[]): boolean {
  const real = perm.filter((axis) => shape[axis] !== 1);
  return real.every((axis, i) => i === 0 || axis > (real[i - 1] ?? -1));
}

const sliceOfSlice: Rule<'slice'> = (candidate) => {
  const inner = operand(candidate, 0);
  if (!isOp(inner, 'slice')) return undefined;
  const begin = candidate.attributes.begin.map((at, i) => at + (inner.attributes.begin[i] ?? 0));
  return ops.slice(operand(inner, 0), begin, candidate.attributes.size);
};

/** A slice that touches some of the parts along the axis of a concatenation. */
const sliceOfConcat: Rule<'slice'> = (candidate) => {
  const inner = operand(candidate, 0);
  if (!isOp(inner, 'concat')) return undefined;
  const { axis } = inner.attributes;
  const { begin, size } = candidate.attributes;
  const [from, to] = [begin[axis] ?? 0, (begin[axis] ?? 0) + (size[axis] ?? 0)];
  if (from === to) return undefined;
  let position = 0;
  const touched: GraphNode[] = [];
  let first = 0;
  for (const part of inner.inputs) {
    const end = position + (part.shape[axis] ?? 0);
    if (end > from && position < to) {
      if (touched.length === 0) first = position;
      touched.push(part);
    }
    position = end;
  }
  if (touched.length === inner.inputs.length) return undefined;
  const at = begin.map((value, i) => (i === axis ? value - first : value));
  return ops.slice(ops.concat(touched, axis), at, size);
};

const sliceOfPad: Rule<'slice'> = (candidate) => {
  const inner = operand(candidate, 0);
  if (!isOp(inner, 'pad')) return undefined;
  const x = operand(inner, 0);
  const begin = candidate.attributes.begin.map((at, i) => at - (inner.attributes.before[i] ?? 0));
  const { size } = candidate.attributes;
  const end = begin.map((at, i) => at + (size[i] ?? 0));
  if (begin.every((at, i) => at >= 0 && (end[i] ?? 0) <= (x.shape[i] ?? 0))) return ops.slice(x, begin, size);
  return begin.some((at, i) => (end[i] ?? 0) <= 0 || at >= (x.shape[i] ?? 0)) ? zeros(candidate) : undefined;
};

const sliceOfBroadcast: Rule<'slice'> = (candidate) => {
  const inner = operand(candidate, 0);
  if (!isOp(inner, 'broadcastTo')) return undefined;
  const x = operand(inner, 0);
  const lead = inner.shape.length - x.shape.length;
  const { begin, size } = candidate.attributes;
  const own = x.shape.map((dim, i) => ({ at: dim === 1 ? 0 : begin[i + lead], size: dim === 1 ? 1 : size[i + lead] }));
  const part = ops.slice(
    x,
    own.map((axis) => axis.at ?? 0),
    own.map((axis) => axis.size ?? 0),
  );
  return ops.broadcastTo(part, candidate.shape);
};

/** Neighbouring parts of one node, or neighbouring zeros, as one part. */
function merged(a: GraphNode, b: GraphNode, axis: number): GraphNode | undefined {
  const shape = a.shape.map((dim, i) => (i === axis ? dim + (b.shape[i] ?? 0) : dim));
  const value = fillOf(a);
  if (value !== undefined && value === fillOf(b)) return filled(a, value, shape, a.dtype);
  if (!isOp(a, 'slice') || !isOp(b, 'slice') || operand(a, 0) !== operand(b, 0)) return undefined;
  const [from, next] = [a.attributes.begin, b.attributes.begin];
  const isNext = from.every((at, i) => next[i] === (i === axis ? at + (a.shape[i] ?? 0) : at));
  return isNext ? ops.slice(operand(a, 0), from, shape) : undefined;
}

const joinParts: Rule<'concat'> = (candidate) => {
  const { axis } = candidate.attributes;
  const flat = candidate.inputs.flatMap((part) =>
    isOp(part, 'concat') && part.attributes.axis === axis ? part.inputs : [part],
  );
  const parts: GraphNode[] = [];
  for (const part of flat) {
    if (part.shape[axis] === 0) continue;
    const last = parts.at(-1);
    const joined = last && merged(last, part, axis);
    if (joined) parts[parts.length - 1] = joined;
    else parts.push(part);
  }
  if (parts.length === 0) return zeros(candidate);
  const [only] = parts;
  if (parts.length === 1) return only;
  const isSame = parts.length === candidate.inputs.length && parts.every((part, i) => part === candidate.inputs[i]);
  return isSame ? undefined : ops.concat(parts, axis);
};

/** x where `node` is the transposition of x's last two axes. */
function untransposed(node: GraphNode): GraphNode | undefined {
  if (!isOp(node, 'transpose')) return undefined;
  const { perm } = node.attributes;
  const rank = perm.length;
  const swapsLast = perm.every((axis, i) => axis === (i < rank - 2 ? i : i === rank - 2 ? rank - 1 : rank - 2));
  return swapsLast ? operand(node, 0) : undefined;
}

const absorbTransposes: Rule<'matmul'> = (candidate) => {
  const [a, b] = [operand(candidate, 0), operand(candidate, 1)];
  const [plainA, plainB] = [untransposed(a), untransposed(b)];
  if (!plainA && !plainB) return undefined;
  const { transposeA, transposeB, precision } = candidate.attributes;
  return ops.matmul(plainA ?? a, plainB ?? b, {
    transposeA: plainA ? !transposeA : transposeA,
    transposeB: plainB ? !transposeB : transposeB,
    precision,
  });
};

export const STRUCTURE_RULES: RuleTable = {
  constant: [
    // One value stands for an array of equals.
    (candidate) => {
      const { values, shape, dtype } = candidate.attributes;
      const [first] = values;
      if (values.length < 2 || first === undefined || !values.every((value) => Object.is(value, first)))
        return undefined;
      return filled(candidate, first, shape, dtype);
    },
  ],
  reshape: [
    identityWhen(keepsShape),
    (candidate) => {
      const inner = operand(candidate, 0);
      return isOp(inner, 'reshape') ? ops.reshape(operand(inner, 0), candidate.shape) : undefined;
    },
    // Signs move out, where they meet an addition or a constant.
    (candidate) => {
      const inner = operand(candidate, 0);
      return isOp(inner, 'neg') ? ops.neg(ops.reshape(operand(inner, 0), candidate.shape)) : undefined;
    },
    // Values move as they are.
    (candidate) => {
      const x = operand(candidate, 0);
      const { shape, dtype } = candidate;
      return isOp(x, 'constant')
        ? x.graph.apply('constant', [], { values: x.attributes.values, shape, dtype })
        : undefined;
    },
  ],
  transpose: [
    identityWhen((candidate) => candidate.attributes.perm.every((axis, i) => axis === i)),
    (candidate) => {
      const inner = operand(candidate, 0);
      if (!isOp(inner, 'transpose')) return undefined;
      return ops.transpose(
        operand(inner, 0),
        candidate.attributes.perm.map((axis) => inner.attributes.perm[axis] ?? 0),
      );
    },
    (candidate) => {
      const x = operand(candidate, 0);
      return movesNothing(x.shape, candidate.attributes.perm) ? ops.reshape(x, candidate.shape) : undefined;
    },
  ],
  broadcastTo: [
    identityWhen(keepsShape),
    (candidate) => {
      const inner = operand(candidate, 0);
      return isOp(inner, 'broadcastTo') ? ops.broadcastTo(operand(inner, 0), candidate.shape) : undefined;
    },
  ],
  slice: [identityWhen(keepsShape), sliceOfSlice, sliceOfConcat, sliceOfPad, sliceOfBroadcast],
  pad: [
    identityWhen((candidate) => candidate.attributes.before.every(isZero) && candidate.attributes.after.every(isZero)),
    zeroOfZero,
    (candidate) => {
      const inner = operand(candidate, 0);
      if (!isOp(inner, 'pad')) return undefined;
      return ops.pad(
        operand(inner, 0),
        candidate.attributes.before.map((count, i) => count + (inner.attributes.before[i] ?? 0)),
        candidate.attributes.after.map((count, i) => count + (inner.attributes.after[i] ?? 0)),
      );
    },
  ],
  concat: [joinParts],
  matmul: [
    absorbTransposes,
    (candidate) => (candidate.inputs.some((input) => isFilledWith(input, 0)) ? zeros(candidate) : undefined),
  ],
  gather: [
    (candidate) => {
      const value = fillOf(operand(candidate, 0));
      return value === undefined ? undefined : filled(candidate, value, candidate.shape, candidate.dtype);
    },
  ],
  segmentSum: [zeroOfZero],
  sum: [
    identityWhen((candidate) => candidate.attributes.axes.length === 0),
    reshapeOfUnitAxes,
    (candidate) => {
      const value = fillOf(operand(candidate, 0));
      if (value === undefined) return undefined;
      const count = shapeSize(operand(candidate, 0).shape) / shapeSize(candidate.shape);
      return filled(candidate, value * count, candidate.shape, candidate.dtype);
    },
    sumOfBroadcast,
    sumOfNegative,
    sumOfProduct,
    sumOfRearranged,
  ],
  max: [identityWhen((candidate) => candidate.attributes.axes.length === 0), reshapeOfUnitAxes],
};

/** Reducing axes of length one moves nothing. */
function reshapeOfUnitAxes(candidate: Candidate<'sum' | 'max'>): GraphNode | undefined {
  const x = operand(candidate, 0);
  const isUnit = candidate.attributes.axes.every((axis) => x.shape[axis] === 1);
  return isUnit ? ops.reshape(x, candidate.shape) : undefined;
}

/** Sums fewer copies: axes that only repeat are counted. */
function sumOfBroadcast(candidate: Candidate<'sum'>): GraphNode | undefined {
  const wide = operand(candidate, 0);
  if (!isOp(wide, 'broadcastTo')) return undefined;
  const x = operand(wide, 0);
  const lead = wide.shape.length - x.shape.length;
  const repeats = (axis: number): boolean => axis < lead || (x.shape[axis - lead] === 1 && wide.shape[axis] !== 1);
  const { axes, keepDims } = candidate.attributes;
  const counted = axes.filter(repeats);
  if (counted.length === 0) return undefined;
  const copies = counted.reduce((product, axis) => product * (wide.shape[axis] ?? 1), 1);
  // Without the counted axes, x broadcasts to this; the rest is an ordinary sum over it.
  const narrow = wide.shape.map((dim, i) => (counted.includes(i) ? 1 : dim));
  const aligned = ops.reshape(x, [...wide.shape.slice(0, lead).map(() => 1), ...x.shape]);
  const summed = ops.sum(ops.broadcastTo(aligned, narrow), axes, keepDims);
  return ops.mul(summed, copies);
}

function sumOfNegative(candidate: Candidate<'sum'>): GraphNode | undefined {
  const x = operand(candidate, 0);
  if (!isOp(x, 'neg')) return undefined;
  return ops.neg(ops.sum(operand(x, 0), candidate.attributes.axes, candidate.attributes.keepDims));
}

/** sum(x * s) -> sum(x) * s where s is the same along the summed axes. */
function sumOfProduct(candidate: Candidate<'sum'>): GraphNode | undefined {
  const product = operand(candidate, 0);
  if (!isOp(product, 'mul')) return undefined;
  const { axes, keepDims } = candidate.attributes;
  if (shapeSize(candidate.shape) === shapeSize(product.shape)) return undefined;
  for (const [x, s] of [
    [operand(product, 0), operand(product, 1)],
    [operand(product, 1), operand(product, 0)],
  ] as const) {
    const lead = product.shape.length - s.shape.length;
    const isSame = axes.every((axis) => axis < lead || s.shape[axis - lead] === 1);
    if (!isSame || !sameShape(x.shape, product.shape)) continue;
    const summed = ops.sum(x, axes, keepDims);
    const factor = keepDims || shapeSize(s.shape) === 1 ? s : withoutAxes(s, axes, lead);
    return as(candidate, ops.mul(summed, shapeSize(factor.shape) === 1 ? ops.reshape(factor, []) : factor));
  }
  return undefined;
}

function withoutAxes(node: GraphNode, axes: readonly number[], lead: number): GraphNode {
  return ops.reshape(
    node,
    node.shape.filter((_dim, i) => !axes.includes(i + lead)),
  );
}

/** The sum of all elements does not depend on their arrangement. */
function sumOfRearranged(candidate: Candidate<'sum'>): GraphNode | undefined {
  const x = operand(candidate, 0);
  if (candidate.attributes.axes.length !== x.shape.length) return undefined;
  if (!isOp(x, 'reshape') && !isOp(x, 'transpose')) return undefined;
  return ops.reshape(ops.sum(operand(x, 0)), candidate.shape);
}
