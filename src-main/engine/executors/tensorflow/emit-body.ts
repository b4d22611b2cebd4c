import type { GraphNode, OpName } from '../../graph/types.ts';
import { isOp } from '../../graph/types.ts';
import { emitCrossEntropy, type EmittedEntropy } from './emit-cross-entropy.ts';
import { emitCast, emitTurned, type EmitContext } from './emit-context.ts';
import { emitOp } from './emit-ops.ts';
import { squaredOf } from './library-passes.ts';
import { neededNodes } from '../../graph/needed-nodes.ts';
import type { NodeList, Ref } from './node-list.ts';
import type { Cluster } from './plan-clusters.ts';
import { NO_TUNING, type Tuning } from './processor.ts';
import { planSplits, type SplitPlan } from './plan-splits.ts';
import { asScatterAdd, countUses, type ScatterAdd } from './scatter-add.ts';
import { TF_TYPE, tfTypeOf } from './tensorflow-messages.ts';

/** Where the values that a body does not compute come from. */
export interface BodySources {
  /** True when XLA compiles what is written. */
  readonly compiled?: boolean;
  readonly tuning?: Tuning;
  input(name: string): Ref;
  variable(name: string): Ref;
  /** Nodes computed elsewhere. */
  readonly given?: ReadonlyMap<GraphNode, Ref>;
  /** Parts that are compiled: their outputs come from a call. */
  readonly clusters?: readonly Cluster[];
  /** Writes the call of a cluster. */
  readonly callCluster?: (list: NodeList, cluster: Cluster, inputs: readonly Ref[]) => Ref[];
}

/** Ops that their users often make needless: written only when one asks for them. */
const WRITTEN_ON_DEMAND = new Set([
  'constant',
  'transpose',
  'broadcastTo',
  'reshape',
  'input',
  'variable',
  'randomUniform',
]);

/** Writes the nodes that `outputs` need into `list` and returns where the outputs are. */
export function emitBody(list: NodeList, outputs: readonly GraphNode[], sources: BodySources): Ref[] {
  const given = sources.given ?? new Map<GraphNode, Ref>();
  const nodes = neededNodes(outputs, new Set(given.keys()));
  const refs = new Map<GraphNode, Ref>(given);
  const halves = new Map<GraphNode, Ref>();
  const turned = new Map<GraphNode, Ref>();
  const entropies = new Map<string, EmittedEntropy>();
  const splitOf = new Map<GraphNode, SplitPlan>();
  const pieces = new Map<SplitPlan, Ref[]>();
  for (const plan of planSplits(nodes)) for (const slice of plan.pieceOf.keys()) splitOf.set(slice, plan);

  const scatters = new Map<GraphNode, ScatterAdd>();
  // Products that rows are added to in their own memory.
  const changed = new Set<GraphNode>();
  // Nodes that their only reader computes itself.
  const absorbed = new Set<GraphNode>();
  const library = sources.callCluster !== undefined;
  // The compiler fuses additions itself.
  const uses = sources.compiled === true ? new Map<GraphNode, number>() : countUses(nodes, outputs);
  for (const node of nodes) {
    const scatter = asScatterAdd(node, uses);
    if (scatter === undefined) continue;
    scatters.set(node, scatter);
    changed.add(scatter.into);
    absorbed.add(scatter.sum);
  }
  for (const node of library ? nodes : []) {
    const [square] = node.inputs;
    if (square !== undefined && squaredOf(node) !== undefined && uses.get(square) === 1) absorbed.add(square);
  }

  const clusterOf = new Map<GraphNode, Cluster>();
  const interior = new Set<GraphNode>();
  for (const cluster of sources.clusters ?? []) {
    for (const node of cluster.outputs) clusterOf.set(node, cluster);
    for (const node of cluster.interior) interior.add(node);
  }

  function clusterResult(node: GraphNode): Ref | undefined {
    const cluster = clusterOf.get(node);
    if (cluster === undefined) return undefined;
    const results = sources.callCluster?.(
      list,
      cluster,
      cluster.inputs.map((input) => context.ref(input)),
    );
    for (const [i, output] of cluster.outputs.entries()) {
      const result = results?.[i];
      if (result !== undefined) refs.set(output, result);
    }
    return refs.get(node);
  }

  function piecesOf(plan: SplitPlan): Ref[] {
    const known = pieces.get(plan);
    if (known !== undefined) return known;
    const inputs = [context.ref(plan.source), list.int32(plan.sizes), list.int32(plan.axis)];
    const attributes = {
      T: { type: tfTypeOf(plan.source.dtype) },
      Tlen: { type: TF_TYPE.int32 },
      num_split: { int: plan.sizes.length },
    };
    const made = list.addList('SplitV', inputs, attributes, plan.sizes.length);
    pieces.set(plan, made);
    return made;
  }

  function splitPiece(node: GraphNode): Ref | undefined {
    const plan = splitOf.get(node);
    const index = plan?.pieceOf.get(node);
    if (plan === undefined || index === undefined) return undefined;
    const piece = piecesOf(plan)[index];
    if (piece === undefined || plan.sizes[index] === node.shape[plan.axis]) return piece;
    const inputs = [piece, list.int32(node.shape.map(() => 0)), list.int32(node.shape)];
    return list.add('Slice', inputs, { T: { type: tfTypeOf(node.dtype) }, Index: { type: TF_TYPE.int32 } });
  }

  const context: EmitContext = {
    list,
    compiled: sources.compiled ?? false,
    isGiven: (node) => given.has(node),
    library,
    tuning: sources.tuning ?? NO_TUNING,
    ref(node) {
      const known = refs.get(node);
      if (known !== undefined) return known;
      const emitted = (): Ref => emitOp(context, node);
      const made = clusterResult(node) ?? splitPiece(node) ?? (changed.has(node) ? list.apart(emitted) : emitted());
      refs.set(node, made);
      return made;
    },
    bfloat16(node) {
      const known = halves.get(node);
      if (known !== undefined) return known;
      const made = emitCast(context, context.ref(node), TF_TYPE.float32, TF_TYPE.bfloat16);
      halves.set(node, made);
      return made;
    },
    transposed(node) {
      const known = turned.get(node);
      if (known !== undefined) return known;
      const made = emitTurned(context, context.ref(node), node.shape, tfTypeOf(node.dtype));
      turned.set(node, made);
      return made;
    },
    scatterAdd: (node) => scatters.get(node),
    input: (name) => sources.input(name),
    variable: (name) => sources.variable(name),
    crossEntropy(logits, labels) {
      const key = `${logits.id},${labels.id}`;
      const known = entropies.get(key);
      if (known !== undefined) return known;
      const made = emitCrossEntropy(context, logits, labels);
      entropies.set(key, made);
      return made;
    },
  };

  // In order, so that asking for inputs never recurses deeply.
  for (const node of nodes) {
    if (!WRITTEN_ON_DEMAND.has(node.op) && !interior.has(node) && !absorbed.has(node)) context.ref(node);
  }
  return outputs.map((node) => context.ref(node));
}

/** Ops whose result may be the very memory of their first input. */
const MAY_SHARE: ReadonlySet<OpName> = new Set<OpName>([
  'reshape',
  'slice',
  'stopGradient',
  'after',
  'withGradient',
  'broadcastTo',
  'transpose',
  'concat',
  'cast',
  'pad',
  'sum',
  'max',
]);

/** True when a value may share the memory of something fed: it must be copied before it is kept. */
export function mayShareFedMemory(node: GraphNode): boolean {
  let at: GraphNode | undefined = node;
  while (at !== undefined && !isOp(at, 'input')) at = MAY_SHARE.has(at.op) ? at.inputs[0] : undefined;
  return at !== undefined;
}
