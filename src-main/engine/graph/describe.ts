import { shapeSize } from './infer-shape.ts';
import { neededNodes, topologicalOrder } from './topological-order.ts';
import { isOp } from './types.ts';
import type { GraphNode, OpName } from './types.ts';

/** Numbers of a constant shown in a listing. */
const SHOWN_VALUES = 4;

function attributesText(node: GraphNode): string {
  if (!isOp(node, 'constant'))
    return Object.keys(node.attributes).length === 0 ? '' : ` ${JSON.stringify(node.attributes)}`;
  const { values } = node.attributes;
  return ` ${values.slice(0, SHOWN_VALUES).join(', ')}${values.length > SHOWN_VALUES ? ', …' : ''}`;
}

/** One line per node that `outputs` need, in the order of evaluation: `%7 float32[2, 3] = add(%1, %5)`. */
export function describe(outputs: Iterable<GraphNode>): string {
  return topologicalOrder(outputs)
    .map((node) => {
      const inputs = node.inputs.map((input) => `%${input.id}`).join(', ');
      return `%${node.id} ${node.dtype}[${node.shape.join(', ')}] = ${node.op}(${inputs})${attributesText(node)}`;
    })
    .join('\n');
}

export interface OpCount {
  readonly op: OpName;
  readonly nodes: number;
  /** Elements of all their outputs. */
  readonly elements: number;
}

/** How many nodes of each op `outputs` need, most first. */
export function countNodes(outputs: Iterable<GraphNode>): OpCount[] {
  const counts = new Map<OpName, { nodes: number; elements: number }>();
  for (const node of neededNodes(outputs)) {
    const count = counts.get(node.op) ?? { nodes: 0, elements: 0 };
    counts.set(node.op, { nodes: count.nodes + 1, elements: count.elements + shapeSize(node.shape) });
  }
  return [...counts].map(([op, count]) => ({ op, ...count })).sort((a, b) => b.nodes - a.nodes);
}
