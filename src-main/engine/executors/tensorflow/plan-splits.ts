import type { GraphNode } from '../../graph/types.ts';
import { isOp } from '../../graph/types.ts';

/** One tensor cut along one axis into pieces that lie side by side: one SplitV in place of many slices. */
export interface SplitPlan {
  readonly source: GraphNode;
  readonly axis: number;
  /** Lengths of all pieces; they add up to the axis. */
  readonly sizes: readonly number[];
  /** The slice a piece is for; a piece may be longer than its slice (padding behind it). */
  readonly pieceOf: ReadonlyMap<GraphNode, number>;
}

interface Cut {
  readonly node: GraphNode<'slice'>;
  readonly axis: number;
  readonly begin: number;
  readonly end: number;
}

/** The axis along which a slice is partial, if it is only one. */
function cutOf(node: GraphNode): Cut | undefined {
  if (!isOp(node, 'slice')) return undefined;
  const source = node.inputs[0];
  const { begin, size } = node.attributes;
  const partial = size.flatMap((length, axis) => (length === source?.shape[axis] ? [] : [axis]));
  const axis = partial[0];
  if (source === undefined || axis === undefined || partial.length !== 1) return undefined;
  const start = begin[axis] ?? 0;
  return { node, axis, begin: start, end: start + (size[axis] ?? 0) };
}

/**
 * Splits for every tensor of which at least two disjoint slices along one axis are needed. TensorFlow shares the
 * memory of pieces along axis 0 that start at multiples of 64 bytes; a slice would do so only where its size fits too.
 */
export function planSplits(nodes: readonly GraphNode[]): SplitPlan[] {
  const groups = new Map<string, Cut[]>();
  for (const node of nodes) {
    const cut = cutOf(node);
    if (cut === undefined || cut.end === cut.begin) continue;
    const key = `${node.inputs[0]?.id ?? -1}/${cut.axis}`;
    groups.set(key, [...(groups.get(key) ?? []), cut]);
  }
  const plans: SplitPlan[] = [];
  for (const cuts of groups.values()) {
    const plan = planOne(cuts);
    if (plan !== undefined) plans.push(plan);
  }
  return plans;
}

function planOne(unordered: readonly Cut[]): SplitPlan | undefined {
  const cuts = unordered.toSorted((a, b) => a.begin - b.begin || a.end - b.end);
  const first = cuts[0];
  const source = first?.node.inputs[0];
  if (first === undefined || source === undefined || cuts.length < 2) return undefined;
  for (const [i, cut] of cuts.entries()) {
    const next = cuts[i + 1];
    if (next !== undefined && next.begin < cut.end) return undefined;
  }
  const length = source.shape[first.axis] ?? 0;
  const sizes: number[] = [];
  const pieceOf = new Map<GraphNode, number>();
  if (first.begin > 0) sizes.push(first.begin);
  for (const [i, cut] of cuts.entries()) {
    const next = cuts[i + 1]?.begin ?? length;
    // Padding of less than a cache line goes with its slice; a larger gap is a piece of its own, so that it need not be copied.
    const gap = next - cut.end;
    pieceOf.set(cut.node, sizes.length);
    if (first.axis === 0 && gap < 16) sizes.push(next - cut.begin);
    else sizes.push(cut.end - cut.begin, ...(gap > 0 ? [gap] : []));
  }
  return { source, axis: first.axis, sizes, pieceOf };
}
