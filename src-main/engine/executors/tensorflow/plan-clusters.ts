import { shapeSize } from '../../graph/infer-shape.ts';
import type { GraphNode, OpName } from '../../graph/types.ts';
import { isOp } from '../../graph/types.ts';
import { isLibraryPass, isShortSum, readByLibrary } from './library-passes.ts';
import { valueInputs } from '../../graph/needed-nodes.ts';

/** A part of a graph that is compiled as one: from the values of `inputs` to those of `outputs`. */
export interface Cluster {
  readonly inputs: readonly GraphNode[];
  readonly outputs: readonly GraphNode[];
  /** Nodes computed inside that nothing outside asks for. */
  readonly interior: ReadonlySet<GraphNode>;
}

const ALIASES: ReadonlySet<OpName> = new Set<OpName>(['stopGradient', 'withGradient', 'reshape']);

const ELEMENTWISE: ReadonlySet<OpName> = new Set<OpName>([
  'add',
  'sub',
  'mul',
  'div',
  'maximum',
  'minimum',
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
  'broadcastTo',
]);

/** Passes over rows that the compiler fuses with what is around them. */
const ROW_PASSES: ReadonlySet<OpName> = new Set<OpName>(['sum', 'max', 'sparseCrossEntropy', 'sparseCrossEntropyGrad']);

const isFusibleAlone = (node: GraphNode): boolean =>
  (ALIASES.has(node.op) || ELEMENTWISE.has(node.op) || ROW_PASSES.has(node.op) || node.op === 'randomUniform') &&
  !isLibraryPass(node);

/** Fewer elements than this, in all of a cluster's ops, are not worth a call of compiled code. */
const LEAST_ELEMENTS = 65_536;
const LEAST_OPS = 2;
/** Longest chain that is computed a second time in order to save a tensor. */
const LONGEST_REPEAT = 16;

const size = (node: GraphNode): number => shapeSize(node.shape);

/** The node whose value an alias only names anew. */
function source(node: GraphNode): GraphNode {
  const [of] = node.inputs;
  return of !== undefined && ALIASES.has(node.op) ? source(of) : node;
}

/** What may be compiled: all but library passes, and sums of what is in memory for somebody else. */
function fusibleNodes(nodes: readonly GraphNode[]): ReadonlySet<GraphNode> {
  const fusible = new Set(nodes.filter(isFusibleAlone));
  const inMemory = new Set(
    nodes
      .filter((node) => !fusible.has(node))
      .flatMap(readByLibrary)
      .map(source),
  );
  for (const node of fusible) {
    const [x] = node.inputs;
    if (x !== undefined && isShortSum(node) && inMemory.has(source(x))) fusible.delete(node);
  }
  return fusible;
}

/**
 * Number of times a path from the start changes from fusible to other ops, at most. Fusible nodes of one level that hang
 * together can be computed as one: a path that leaves them through another op comes back on a higher level.
 */
function levelsOf(nodes: readonly GraphNode[], fusible: ReadonlySet<GraphNode>): Map<GraphNode, number> {
  const levels = new Map<GraphNode, number>();
  for (const node of nodes) {
    let level = 0;
    for (const input of valueInputs(node)) {
      const leaves = fusible.has(input) && !fusible.has(node);
      level = Math.max(level, (levels.get(input) ?? 0) + (leaves ? 1 : 0));
    }
    levels.set(node, level);
  }
  return levels;
}

/** Fusible nodes that hang together on one level. */
function connectedGroups(nodes: readonly GraphNode[]): GraphNode[][] {
  const fusible = fusibleNodes(nodes);
  const levels = levelsOf(nodes, fusible);
  const parents = new Map<GraphNode, GraphNode>();
  const rootOf = (node: GraphNode): GraphNode => {
    let root = node;
    for (let up = parents.get(root); up !== undefined && up !== root; up = parents.get(root)) root = up;
    parents.set(node, root);
    return root;
  };
  for (const node of nodes) {
    if (!fusible.has(node)) continue;
    parents.set(node, node);
    for (const input of valueInputs(node)) {
      if (fusible.has(input) && levels.get(input) === levels.get(node)) parents.set(rootOf(input), rootOf(node));
    }
  }
  const groups = new Map<GraphNode, GraphNode[]>();
  for (const node of nodes) {
    if (!fusible.has(node)) continue;
    const root = rootOf(node);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [node]);
    else group.push(node);
  }
  return [...groups.values()];
}

function isWorthCompiling(group: Iterable<GraphNode>, leastElements: number): boolean {
  const work = [...group].filter((node) => !ALIASES.has(node.op));
  const elements = work.reduce((total, node) => total + Math.max(size(node), ...node.inputs.map(size)), 0);
  return work.length >= LEAST_OPS && elements >= leastElements;
}

/**
 * The chain of elementwise ops behind `node` if computing it again reads no more than reading `node` would;
 * undefined when it is better kept in memory.
 */
function repeatable(node: GraphNode, isKept: (node: GraphNode) => boolean): Set<GraphNode> | undefined {
  const repeated = new Set<GraphNode>();
  const read = new Set<GraphNode>();
  const stack = [node];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (repeated.has(at) || read.has(at) || isOp(at, 'constant')) continue;
    const isCheap = ELEMENTWISE.has(at.op) || ALIASES.has(at.op);
    if (!isCheap || (at !== node && isKept(at)) || size(at) * 16 <= size(node)) {
      if (at === node) return undefined;
      read.add(at);
      continue;
    }
    repeated.add(at);
    if (repeated.size > LONGEST_REPEAT) return undefined;
    stack.push(...valueInputs(at));
  }
  const elements = [...read].reduce((total, leaf) => total + size(leaf), 0);
  return elements <= size(node) * 1.25 ? repeated : undefined;
}

/**
 * Cuts what surrounds a graph's matrix products, look-ups and other library kernels into clusters: each is compiled to
 * loops that pass over memory once. Where it saves memory, a cluster repeats elementwise ops of an earlier one.
 * @param nodes needed nodes, inputs before users
 * @param outputs nodes whose value is needed outside
 */
export function planClusters(
  nodes: readonly GraphNode[],
  outputs: ReadonlySet<GraphNode>,
  leastElements = LEAST_ELEMENTS,
): Cluster[] {
  const groups = connectedGroups(nodes);
  const groupOf = new Map<GraphNode, number>();
  for (const [i, group] of groups.entries()) for (const node of group) groupOf.set(node, i);

  // What must be in memory: results, and what ops outside of clusters read.
  const kept = new Set<GraphNode>(outputs);
  for (const node of nodes) {
    if (groupOf.has(node)) continue;
    for (const input of readByLibrary(node)) if (groupOf.has(input)) kept.add(input);
  }
  const isKept = (node: GraphNode): boolean => kept.has(node) || !groupOf.has(node);

  // In order, so that what an earlier group keeps is known to later ones.
  const repeats = groups.map(() => new Set<GraphNode>());
  for (const node of nodes) {
    const group = groupOf.get(node);
    if (group === undefined) continue;
    for (const input of valueInputs(node)) {
      const from = groupOf.get(input);
      if (from === undefined || from === group || kept.has(input) || repeats[group]?.has(input)) continue;
      const chain = repeatable(input, isKept);
      if (chain === undefined) kept.add(input);
      else for (const repeated of chain) repeats[group]?.add(repeated);
    }
  }
  // A repeated chain reads small or kept nodes of other groups: those are needed in memory too.
  for (const [i, repeated] of repeats.entries()) {
    for (const node of repeated) {
      for (const input of valueInputs(node)) {
        const from = groupOf.get(input);
        if (from !== undefined && from !== i && !repeated.has(input)) kept.add(input);
      }
    }
  }
  return groups.flatMap((group, i) => {
    const own = new Set(group);
    const results = group.filter((node) => kept.has(node));
    // Repeated elsewhere, and needed by nobody else: written for whoever asks.
    if (results.length === 0) return [{ inputs: [], outputs: [], interior: own }];
    const inside = (node: GraphNode): boolean => own.has(node) || (repeats[i]?.has(node) === true && !kept.has(node));
    const { inputs, interior } = walkBack(results, inside);
    if (!isWorthCompiling([...interior, ...results], leastElements)) return [];
    return [{ inputs, outputs: results, interior: new Set(group.filter((node) => !kept.has(node))) }];
  });
}

/** Nodes inside behind `results`, and where the walk back ends. Constants are written anew inside. */
function walkBack(
  results: readonly GraphNode[],
  isInside: (node: GraphNode) => boolean,
): { inputs: GraphNode[]; interior: GraphNode[] } {
  const seen = new Set<GraphNode>(results);
  const inputs: GraphNode[] = [];
  const interior: GraphNode[] = [];
  const stack = results.flatMap(valueInputs);
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node) || isOp(node, 'constant')) continue;
    seen.add(node);
    if (isInside(node)) {
      interior.push(node);
      stack.push(...valueInputs(node));
    } else {
      inputs.push(node);
    }
  }
  return { inputs: inputs.sort((a, b) => a.id - b.id), interior };
}
