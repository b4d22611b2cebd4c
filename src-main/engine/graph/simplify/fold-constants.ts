import { shapeSize } from '../infer-shape.ts';
import { evaluateOp } from '../interpreter/kernels.ts';
import type { ComputedOp } from '../interpreter/kernels.ts';
import { isOp } from '../types.ts';
import type { GraphNode, OpName } from '../types.ts';
import { filled, fillOf } from './rule.ts';
import type { Candidate } from './rule.ts';

/** Larger constants would bloat what executors load; they are computed in the step instead. */
const MAX_FOLDED_SIZE = 64;

/** Ops that act on each element alone: of constants that are filled, they make a filled constant of any size. */
const ELEMENTWISE: ReadonlySet<OpName> = new Set<OpName>([
  'add',
  'sub',
  'mul',
  'div',
  'maximum',
  'minimum',
  'floorDiv',
  'mod',
  'equal',
  'less',
  'lessEqual',
  'logicalAnd',
  'logicalOr',
  'logicalNot',
  'select',
  'neg',
  'exp',
  'log',
  'sqrt',
  'rsqrt',
  'square',
  'abs',
  'erf',
  'tanh',
  'floor',
  'cast',
  'stopGradient',
]);

/** Ops that only place elements; a filled constant stays one. */
const PLACING: ReadonlySet<OpName> = new Set<OpName>(['reshape', 'transpose', 'broadcastTo', 'slice']);

/** Not evaluated: leaves, markers, and random numbers (which belong to a call). */
const NEVER: ReadonlySet<OpName> = new Set<OpName>([
  'input',
  'variable',
  'constant',
  'randomUniform',
  'after',
  'withGradient',
]);

function isComputed(candidate: Candidate<OpName>): candidate is Candidate<ComputedOp> {
  return !NEVER.has(candidate.op);
}

/** Whether values survive in the dtype an executor gives them. */
function isRepresentable(values: Float64Array, candidate: Candidate<OpName>): boolean {
  if (candidate.dtype !== 'int32') return values.every((value) => Number.isFinite(value));
  return values.every((value) => Number.isInteger(value) && Math.abs(value) <= 0x7fffffff);
}

function constantOf(candidate: Candidate<OpName>, values: Float64Array): GraphNode | undefined {
  if (!isRepresentable(values, candidate)) return undefined;
  const { shape, dtype } = candidate;
  return candidate.graph.apply('constant', [], { values: [...values], shape, dtype });
}

function evaluated(candidate: Candidate<ComputedOp>): Float64Array {
  return evaluateOp(
    { ...candidate, id: -1 },
    candidate.inputs.map((input) => evaluateOp(input as GraphNode<'constant'>, [])),
  );
}

/** The value of an op on constants, where it is small or the same everywhere. */
export function foldConstants(candidate: Candidate<OpName>): GraphNode | undefined {
  const { inputs, op, shape, dtype } = candidate;
  if (!isComputed(candidate) || inputs.length === 0 || !inputs.every((input) => isOp(input, 'constant')))
    return undefined;
  const fills = inputs.flatMap((input) => fillOf(input) ?? []);
  if (fills.length === inputs.length) {
    const [first] = fills;
    if (PLACING.has(op) && first !== undefined) return filled(candidate, first, shape, dtype);
    if (ELEMENTWISE.has(op)) {
      const scalars = inputs.map((input) => ({ ...input, shape: [], attributes: { ...input.attributes, shape: [] } }));
      const values = evaluated({ ...candidate, shape: [], inputs: scalars });
      return isRepresentable(values, candidate) ? filled(candidate, values[0] ?? NaN, shape, dtype) : undefined;
    }
  }
  const isSmall = [candidate, ...inputs].every((node) => shapeSize(node.shape) <= MAX_FOLDED_SIZE);
  return isSmall ? constantOf(candidate, evaluated(candidate)) : undefined;
}
