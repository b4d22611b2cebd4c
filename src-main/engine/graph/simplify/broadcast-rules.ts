import { broadcastShapes, sameShape } from '../infer-shape.ts';
import { isOp } from '../types.ts';
import type { GraphNode, OpName, Shape } from '../types.ts';
import { operand } from './rule.ts';
import type { Candidate } from './rule.ts';

const BROADCASTING: ReadonlySet<OpName> = new Set<OpName>([
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
  'select',
]);

const UNARY: ReadonlySet<OpName> = new Set<OpName>([
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
  'logicalNot',
]);

/** Whether `to` is `from` with ones put before it. */
function addsLeadingOnes(from: Shape, to: Shape): boolean {
  const lead = to.length - from.length;
  return lead >= 0 && to.slice(0, lead).every((dim) => dim === 1) && sameShape(from, to.slice(lead));
}

/** What `node` is a copy of, in a shape that broadcasts to the node's. */
function unbroadcast(node: GraphNode): GraphNode {
  if (isOp(node, 'broadcastTo')) return unbroadcast(operand(node, 0));
  if (isOp(node, 'reshape') && addsLeadingOnes(operand(node, 0).shape, node.shape))
    return unbroadcast(operand(node, 0));
  if (isOp(node, 'constant') && node.attributes.values.length === 1 && node.shape.length > 0) {
    return node.graph.apply('constant', [], { values: node.attributes.values, shape: [], dtype: node.dtype });
  }
  return node;
}

/** Elementwise ops broadcast by themselves: what was spread out or given leading ones for them is taken as it was. */
export function dropBroadcasts(candidate: Candidate<OpName>): GraphNode | undefined {
  if (!BROADCASTING.has(candidate.op)) return undefined;
  const inputs = [...candidate.inputs];
  inputs.forEach((input, i) => {
    const small = unbroadcast(input);
    if (small === input) return;
    const shapes = inputs.map((other, k) => (k === i ? small.shape : other.shape));
    const shape = shapes.reduce<Shape | undefined>((total, each) => total && broadcastShapes(total, each), []);
    if (shape === undefined || !sameShape(shape, candidate.shape)) return;
    inputs[i] = small;
  });
  const isChanged = inputs.some((input, i) => input !== candidate.inputs[i]);
  return isChanged ? candidate.graph.apply(candidate.op, inputs, candidate.attributes) : undefined;
}

/** f(broadcast(x)) -> broadcast(f(x)): f on fewer elements, and the broadcast may vanish in what follows. */
export function computeBeforeBroadcast(candidate: Candidate<OpName>): GraphNode | undefined {
  if (!UNARY.has(candidate.op)) return undefined;
  const x = operand(candidate, 0);
  if (!isOp(x, 'broadcastTo')) return undefined;
  const computed = candidate.graph.apply(candidate.op, [operand(x, 0)], candidate.attributes);
  return candidate.graph.apply('broadcastTo', [computed], { shape: candidate.shape });
}
