import type { ModelConfig } from '../../../src-shared/config/run-config.ts';
import { shapeSize } from '../graph/infer-shape.ts';
import { lessEqual, mul, randomUniform, reshape, select, slice } from '../graph/ops.ts';
import type { GraphNode } from '../graph/types.ts';

/**
 * Dropout of one forward pass. All masks of a pass that share a rate are cut from ONE vector of random numbers: a few
 * big ops instead of five small ones per dropout.
 */
export interface DropoutMasks {
  /** `x` with a share `rate` of its values set to 0 and the others divided by (1 - rate). */
  apply(x: GraphNode, kind: DropoutKind): GraphNode;
}

export type DropoutKind = 'hidden' | 'attention' | 'activation';

const rateOf = (model: ModelConfig, kind: DropoutKind): number =>
  ({ hidden: model.dropout, attention: model.attentionDropout, activation: model.activationDropout })[kind];

/** Positions of the sequences that a pass goes over: N sequences of S, and in the last layer those it computes of each. */
interface PassSize {
  readonly batch: number;
  readonly length: number;
  readonly lastLength: number;
}

/** Random numbers that a pass draws for one kind of dropout. */
function drawsOf(model: ModelConfig, kind: DropoutKind, { batch, length, lastLength }: PassSize): number {
  const layerRows = batch * (length * (model.layers - 1) + lastLength);
  switch (kind) {
    case 'hidden':
      return model.modelDim * (batch * length + 2 * layerRows);
    case 'attention':
      return layerRows * model.heads * length;
    case 'activation':
      return layerRows * model.feedForwardDim;
  }
}

/**
 * Below this many draws of a pass the factors themselves are drawn at once, 0 or 1 / (1 - rate): one op a dropout. Above it what
 * counts is memory: masks live until the backward pass, and as bool they take a quarter of what factors would.
 */
const FACTORS_BELOW = 1 << 20;

/**
 * Masks for one pass over `batch` (all groups together) sequences of `length` positions; undefined when no rate is
 * above 0. `key` int32 [2] changes with every call; `stream` must differ between the passes of a call. `lastLength`: positions
 * of a sequence that the last layer computes, all when left out.
 */
export function dropoutMasks(
  model: ModelConfig,
  key: GraphNode,
  stream: number,
  batch: number,
  length: number,
  lastLength = length,
): DropoutMasks | undefined {
  const kinds = (['hidden', 'attention', 'activation'] as const).filter((kind) => rateOf(model, kind) > 0);
  if (kinds.length === 0) return undefined;
  const pools = new Map<number, { readonly drawn: GraphNode; used: number }>();
  for (const rate of new Set(kinds.map((kind) => rateOf(model, kind)))) {
    const sharing = kinds.filter((kind) => rateOf(model, kind) === rate);
    const total = sharing.reduce((count, kind) => count + drawsOf(model, kind, { batch, length, lastLength }), 0);
    const uniform = randomUniform(key, [total], stream * 4 + pools.size);
    const isKept = lessEqual(rate, uniform);
    pools.set(rate, { drawn: total < FACTORS_BELOW ? select(isKept, 1 / (1 - rate), 0) : isKept, used: 0 });
  }
  return {
    apply: (x, kind) => {
      const rate = rateOf(model, kind);
      const pool = pools.get(rate);
      if (pool === undefined) return x;
      const size = shapeSize(x.shape);
      const drawn = reshape(slice(pool.drawn, [pool.used], [size]), x.shape);
      pool.used += size;
      return drawn.dtype === 'bool' ? select(drawn, mul(x, 1 / (1 - rate)), 0) : mul(x, drawn);
    },
  };
}
