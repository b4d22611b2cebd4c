import { AppError } from '../../../src-shared/app-error.ts';
import { shapeSize } from './infer-shape.ts';
import { evaluateOp } from './interpreter/kernels.ts';
import type { ComputedOp } from './interpreter/kernels.ts';
import { isOp } from './types.ts';
import type { GraphNode } from './types.ts';

/** Row-major values by name; int32 as whole numbers, bool as 0 and 1. */
export type Values = Readonly<Record<string, ArrayLike<number>>>;

/** Every op but the two whose values come from outside. */
function isComputed(node: GraphNode): node is GraphNode<ComputedOp> {
  return node.op !== 'input' && node.op !== 'variable';
}

function given(node: GraphNode<'input' | 'variable'>, values: Values): Float64Array {
  const { name } = node.attributes;
  const found = values[name];
  if (found === undefined) throw new AppError('graph/invalid', `${node.op} "${name}" has no value`);
  if (found.length !== shapeSize(node.shape)) {
    throw new AppError(
      'graph/invalid',
      `${node.op} "${name}" has ${found.length} values, expected ${shapeSize(node.shape)}`,
    );
  }
  return Float64Array.from(found);
}

/**
 * Evaluates nodes in float64 without any executor, each shared node once. Slow and exact: the oracle of tests.
 * @throws AppError graph/invalid when an input or a variable has no value or one of a wrong size
 */
export function interpret(nodes: readonly GraphNode[], feeds: Values, variables: Values = {}): Float64Array[] {
  const done = new Map<GraphNode, Float64Array>();
  const stack = [...nodes];
  // A stack of its own: graphs are deeper than the call stack.
  for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
    if (done.has(node)) {
      stack.pop();
      continue;
    }
    const missing = node.inputs.filter((input) => !done.has(input));
    if (missing.length > 0) {
      stack.push(...missing);
      continue;
    }
    stack.pop();
    if (isOp(node, 'input')) done.set(node, given(node, feeds));
    else if (isOp(node, 'variable')) done.set(node, given(node, variables));
    else if (isComputed(node)) {
      done.set(
        node,
        evaluateOp(
          node,
          node.inputs.map((input) => done.get(input) ?? new Float64Array(0)),
        ),
      );
    }
  }
  return nodes.map((node) => done.get(node) ?? new Float64Array(0));
}
