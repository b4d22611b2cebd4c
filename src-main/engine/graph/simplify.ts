import { ARITHMETIC_RULES } from './simplify/arithmetic-rules.ts';
import { computeBeforeBroadcast, dropBroadcasts } from './simplify/broadcast-rules.ts';
import { foldConstants } from './simplify/fold-constants.ts';
import type { Candidate, Rule, RuleTable } from './simplify/rule.ts';
import { STRUCTURE_RULES } from './simplify/structure-rules.ts';
import type { DType, GraphHandle, GraphNode, OpAttributes, OpName, Shape } from './types.ts';

const RULES: RuleTable = { ...STRUCTURE_RULES, ...ARITHMETIC_RULES };

const GENERAL_RULES: readonly Rule<OpName>[] = [foldConstants, dropBroadcasts, computeBeforeBroadcast];

/**
 * A cheaper node equal to `op(inputs)`, or undefined when there is none. Shape and dtype are the same; values are equal
 * up to rounding, except that 0 * x, 0 / x, x - x and products with zeros are 0 even where x is infinite or NaN.
 */
export function simplify<Op extends OpName>(
  graph: GraphHandle,
  op: Op,
  inputs: readonly GraphNode[],
  attributes: OpAttributes[Op],
  shape: Shape,
  dtype: DType,
): GraphNode | undefined {
  const candidate: Candidate<Op> = { graph, op, inputs, attributes, shape, dtype };
  for (const rule of GENERAL_RULES) {
    const simpler = rule(candidate);
    if (simpler) return simpler;
  }
  const own: readonly Rule<Op>[] = RULES[op] ?? [];
  for (const rule of own) {
    const simpler = rule(candidate);
    if (simpler) return simpler;
  }
  return undefined;
}
