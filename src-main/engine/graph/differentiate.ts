import { AppError } from '../../../src-shared/app-error.ts';
import { accumulate, spread } from './cotangent.ts';
import { sameShape } from './infer-shape.ts';
import { assembleSlices } from './slice-cotangents.ts';
import type { GraphNode, OpName } from './types.ts';
import { isSlice, NOT_DIFFERENTIABLE } from './vjp.ts';
import type { Contribution } from './vjp.ts';
import { VJPS } from './vjps.ts';

const canCarry = (node: GraphNode): boolean => node.dtype === 'float32' && VJPS[node.op] !== NOT_DIFFERENTIABLE;

/** All nodes that `y` is made of, inputs first. Ids grow from inputs to outputs, so they give the order. */
function ancestors(y: GraphNode): GraphNode[] {
  const seen = new Set([y]);
  const stack = [y];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const input of node.inputs) {
      if (!seen.has(input)) {
        seen.add(input);
        stack.push(input);
      }
    }
  }
  return [...seen].sort((a, b) => a.id - b.id);
}

/** The nodes of `ordered` on a differentiable path from one of `xs`. */
function dependents(ordered: readonly GraphNode[], xs: readonly GraphNode[]): Set<GraphNode> {
  const active = new Set(xs);
  for (const node of ordered) {
    if (canCarry(node) && node.inputs.some((input) => active.has(input))) active.add(node);
  }
  return active;
}

function passBack<Op extends OpName>(
  node: GraphNode<Op>,
  cotangent: GraphNode,
  wanted: readonly boolean[],
): readonly (Contribution | undefined)[] {
  const vjp = VJPS[node.op];
  return vjp === NOT_DIFFERENTIABLE ? [] : vjp(node, cotangent, wanted);
}

/** The cotangent that a node's users have passed back in sum; its shape broadcasts to the node's. */
function total(node: GraphNode, contributions: readonly Contribution[]): GraphNode | undefined {
  const whole: GraphNode[] = [];
  const slices = contributions.filter((contribution) => {
    if (isSlice(contribution)) return true;
    whole.push(contribution);
    return false;
  });
  return accumulate([...whole, ...assembleSlices(slices.filter(isSlice), node.shape)]);
}

/**
 * d `y` / d `x` for each x of `xs`, as graph nodes (zeros where y does not depend on x). `y` must be a scalar, or
 * `cotangent` (its shape) given. The derivatives are total: what reaches an x through another x counts for it too.
 * @throws AppError graph/shape when y is no scalar and no cotangent is given, or when a node is not float32
 */
export function gradients(y: GraphNode, xs: readonly GraphNode[], cotangent?: GraphNode): GraphNode[] {
  const wrong = [y, ...xs].find((node) => node.dtype !== 'float32');
  if (wrong) throw new AppError('graph/shape', `gradients: ${wrong.op} is ${wrong.dtype}, expected float32`);
  if (!sameShape(y.shape, cotangent?.shape ?? [])) {
    throw new AppError(
      'graph/shape',
      `gradients: y has shape [${y.shape.join(', ')}] and needs a cotangent of that shape`,
    );
  }
  const ordered = ancestors(y);
  const active = dependents(ordered, xs);
  const contributions = new Map<GraphNode, Contribution[]>();
  const seed = cotangent ?? y.graph.apply('constant', [], { values: [1], shape: [], dtype: 'float32' });
  contributions.set(y, [seed]);

  const totals = new Map<GraphNode, GraphNode>();
  for (const node of ordered.reverse()) {
    const received = contributions.get(node);
    if (!received || !active.has(node)) continue;
    const value = total(node, received);
    if (value === undefined) continue;
    totals.set(node, value);
    const wanted = node.inputs.map((input) => active.has(input));
    if (!wanted.includes(true)) continue;
    passBack(node, value, wanted).forEach((contribution, i) => {
      const input = node.inputs[i];
      if (contribution === undefined || input === undefined || !wanted[i]) return;
      const list = contributions.get(input);
      if (list) list.push(contribution);
      else contributions.set(input, [contribution]);
    });
  }
  return xs.map((x) => {
    const value = totals.get(x);
    return value === undefined
      ? x.graph.apply('constant', [], { values: [0], shape: x.shape, dtype: 'float32' })
      : spread(value, x.shape);
  });
}
