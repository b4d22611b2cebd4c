import type { RunConfig } from '../../../src-shared/config/run-config.ts';

/** Sizes of a run's micro-batches. */
export interface FlopShapes {
  readonly rows: number;
  readonly unlabeledLength: number;
  readonly labeledLength: number;
}

/** Floating-point operations of a forward pass over some tokens, in matrix products with weights. */
export interface ForwardFlops {
  /** Encoder layers: attention's projections and the feed-forward part, 2 (4 D^2 + 2 D F) L per token. */
  readonly encoder: number;
  /** One full-vocabulary head at every token, 2 D V per token; a soft embedding of every token costs as much. */
  readonly head: number;
}

/**
 * Attention's own S x S products and the heads' D x D layer are left out (some 8 % at text sizes), so that shares of the
 * peak err on the low side.
 */
export function forwardFlops({ model }: RunConfig, tokens: number): ForwardFlops {
  const { layers, modelDim: D, feedForwardDim: F, vocabularySize: V } = model;
  return { encoder: tokens * layers * 2 * (4 * D * D + 2 * D * F), head: tokens * 2 * D * V };
}

/**
 * Share of a forward pass of the encoder that is needed where only a share `scored` of its rows is read: the last layer makes
 * keys and values of all rows (2 D^2 of its 4 D^2 + 2 D F), everything else of those that are read.
 */
export function encoderShare({ model }: RunConfig, scored: number): number {
  const { layers, modelDim: D, feedForwardDim: F } = model;
  const layer = 4 * D * D + 2 * D * F;
  const keysAndValues = 2 * D * D;
  return 1 - ((1 - scored) * (layer - keysAndValues)) / (layers * layer);
}

/** A multiple of a forward pass: of the encoder, and of full-vocabulary heads (a fraction where few positions go through). */
type Passes = readonly [encoder: number, head: number];

/** Forward and backward: each product has two more in its gradient. */
const STEP = 3;
/**
 * Forward, gradient, and the derivative of both where the weights are variables of it: per product y = xW the gradient's
 * dx = dy W', dW = x' dy give four more, the forward product two more.
 */
const SECOND_ORDER = 9;
/** The same where only the inputs' derivative is wanted: no derivatives of weights. */
const SECOND_ORDER_INPUTS = 7;
/** Soft embedding X = pE: forward, dE = p' dX, and the derivatives of both for p and dX. */
const SOFT_EMBEDDING = 5;

/** Passes over unlabeled and over labeled tokens that one micro-batch of an objective needs (sections 4.1 to 4.5). */
function neededPasses(config: RunConfig): { unlabeled: Passes; labeled: Passes } {
  const { objective, meta, training } = config;
  const masked = training.maskProbability;
  const none: Passes = [0, 0];
  // x_u with the MLM token in front -> (x_m, x_u); x_m -> (x_m, y_m), the latter where it was masked
  const auxiliary: Passes = [2 * STEP, STEP * (2 + 1 + masked)];
  const writing: Passes = [STEP, STEP * (meta.denoising ? 1 : 2)];
  switch (objective) {
    case 'mlm':
      return { unlabeled: [STEP * encoderShare(config, masked), STEP * masked], labeled: none };
    case 'finetune':
      return { unlabeled: none, labeled: [STEP, STEP] };
    case 'hard': {
      const labeled = STEP * (meta.innerSteps + 1);
      return { unlabeled: sum(auxiliary, writing, [STEP, STEP]), labeled: [labeled, labeled] };
    }
    case 'soft': {
      const pseudo: Passes = [SECOND_ORDER_INPUTS, SECOND_ORDER_INPUTS + SOFT_EMBEDDING];
      const labeled = SECOND_ORDER * meta.innerSteps + STEP;
      return { unlabeled: sum(auxiliary, writing, pseudo), labeled: [labeled, labeled] };
    }
  }
}

function sum(...parts: readonly Passes[]): Passes {
  return parts.reduce<Passes>(([encoder, head], part) => [encoder + part[0], head + part[1]], [0, 0]);
}

/** Operations in matrix products that one optimizer step needs: G micro-batches, only the work that the method asks for. */
export function neededFlopsPerStep(config: RunConfig, shapes: FlopShapes): number {
  const { unlabeled, labeled } = neededPasses(config);
  const flops = ([encoder, head]: Passes, length: number): number => {
    const forward = forwardFlops(config, shapes.rows * length);
    return encoder * forward.encoder + head * forward.head;
  };
  const { labeledLength, unlabeledLength } = shapes;
  // as a labeled task, MLM is drawn half of the time
  const labeledMean = config.meta.mlmAsTask
    ? (labeledLength + Math.max(labeledLength, unlabeledLength)) / 2
    : labeledLength;
  return config.training.accumulation * (flops(unlabeled, unlabeledLength) + flops(labeled, labeledMean));
}
