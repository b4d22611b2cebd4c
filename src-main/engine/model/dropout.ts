import type { ModelConfig } from '../../../src-shared/config/run-config.ts';
import { shapeSize } from '../graph/infer-shape.ts';
import { lessEqual, mul, randomUniform, reshape, select, slice, sub } from '../graph/ops.ts';
import type { GraphNode } from '../graph/types.ts';

/** Dropout of one forward pass. */
export interface DropoutMasks {
  /** `x` with a share `rate` of its values set to 0 and the others divided by (1 - rate). */
  apply(x: GraphNode, kind: DropoutKind): GraphNode;
}

export type DropoutKind = 'hidden' | 'attention' | 'activation';

/**
 * How many decisions are taken from one uniform number. Random numbers are what dropout costs most: four decisions keep
 * every one's probability and independence to within 2^-23 / rate^3 in the branch where the first three dropped
 * (1e-4 of it at a rate of 0.1, which happens once in 1000).
 */
const DECISIONS = 4;

const rateOf = (model: ModelConfig, kind: DropoutKind): number =>
  ({ hidden: model.dropout, attention: model.attentionDropout, activation: model.activationDropout })[kind];

/** Values that each place of a pass over `rows` positions drops from, in the order of the pass. */
function placesOf(model: ModelConfig, batch: number, length: number): { kind: DropoutKind; size: number }[] {
  const rows = batch * length;
  const hidden = { kind: 'hidden', size: rows * model.modelDim } as const;
  const attention = { kind: 'attention', size: rows * model.heads * length } as const;
  const activation = { kind: 'activation', size: rows * model.feedForwardDim } as const;
  return [hidden, ...Array.from({ length: model.layers }, () => [attention, hidden, activation, hidden]).flat()];
}

/** Numbers of one rate's pool: `uniform` [L], and how far the places of each decision have used it up. */
interface Pool {
  readonly uniform: GraphNode;
  readonly used: number[];
}

/** The decision whose places have used least. */
const nextDecision = (used: readonly number[]): number => used.indexOf(Math.min(...used));

/**
 * Masks for one pass over `batch` (all groups together) sequences of `length` positions; undefined when no rate is
 * above 0. `key` int32 [2] changes with every call; `stream` must differ between the passes of a call. All masks of a
 * pass that share a rate come from ONE vector of random numbers, kept until the backward pass.
 */
export function dropoutMasks(
  model: ModelConfig,
  key: GraphNode,
  stream: number,
  batch: number,
  length: number,
): DropoutMasks | undefined {
  const places = placesOf(model, batch, length).filter(({ kind }) => rateOf(model, kind) > 0);
  if (places.length === 0) return undefined;
  const pools = new Map<number, Pool>();
  for (const rate of new Set(places.map(({ kind }) => rateOf(model, kind)))) {
    const used = Array.from({ length: DECISIONS }, () => 0);
    for (const { kind, size } of places) {
      if (rateOf(model, kind) === rate) used[nextDecision(used)] = Math.min(...used) + size;
    }
    const uniform = randomUniform(key, [Math.max(...used)], stream * 4 + pools.size);
    pools.set(rate, { uniform, used: used.map(() => 0) });
  }
  return {
    apply(x, kind) {
      const rate = rateOf(model, kind);
      const pool = pools.get(rate);
      if (pool === undefined) return x;
      const size = shapeSize(x.shape);
      const decision = nextDecision(pool.used);
      const begin = Math.min(...pool.used);
      pool.used[decision] = begin + size;
      const uniform = reshape(slice(pool.uniform, [begin], [size]), x.shape);
      return select(lessEqual(rate, afterDecisions(uniform, rate, decision)), mul(x, 1 / (1 - rate)), 0);
    },
  };
}

/**
 * What is left of a uniform number once `decisions` dropped (below the rate) or kept with it: its place in the interval
 * that was hit, which is uniform again and independent of what was decided.
 */
function afterDecisions(uniform: GraphNode, rate: number, decisions: number): GraphNode {
  let left = uniform;
  for (let i = 0; i < decisions; i++) {
    const kept = mul(sub(left, rate), 1 / (1 - rate));
    left = select(lessEqual(rate, left), kept, mul(left, 1 / rate));
  }
  return left;
}
