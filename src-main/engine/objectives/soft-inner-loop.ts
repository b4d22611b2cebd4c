import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { gradients } from '../graph/differentiate.ts';
import { mul, reshape, sub } from '../graph/ops.ts';
import type { GraphNode } from '../graph/types.ts';
import { linearCrossEntropy } from '../loss/linear-cross-entropy.ts';
import { softLinearCrossEntropy } from '../loss/soft-linear-cross-entropy.ts';
import type { TokenInput } from '../model/embedding.ts';
import { headHidden, headOutput } from '../model/lm-head.ts';
import type { ModelContext } from '../model/model-context.ts';
import { flatGradient, parametersOf, type Parameters } from '../model/parameters.ts';
import { encodeProbabilities } from '../model/transformer.ts';
import { adamW, type AdamWScalars } from '../optim/adamw.ts';
import type { LabeledInputs } from './labeled-feeds.ts';
import type { ModelState } from './model-state.ts';
import type { ObjectiveOptions } from './options.ts';
import { studentLoss } from './student-loss.ts';

export interface SoftInnerLoop {
  /** Sums over the micro-batches, differentiable with respect to xSoft and ySoft. */
  readonly pseudoLoss: GraphNode;
  readonly supportLoss: GraphNode;
  readonly queryLoss: GraphNode;
  /** d (pseudo loss / G) / d student of each micro-batch, [M, P]. */
  readonly pseudoGradient: GraphNode;
  /** Fast weights after the AdamW step and after the first support step, [M, P]. */
  readonly afterAdamW: GraphNode;
  readonly afterSupport: GraphNode;
}

export interface SoftInnerLoopInput {
  readonly config: RunConfig;
  readonly options: ObjectiveOptions;
  readonly student: ModelState;
  /** The student's weights once per micro-batch, [M, P]; plain [P] for one (and so everywhere below). */
  readonly repeated: GraphNode;
  /** The teacher's pseudo inputs [M, N*S, V]. */
  readonly xSoft: GraphNode;
  /** Its pseudo targets [M, N*S, V], or token ids int32 [M*N*S] where it writes the input only. */
  readonly target: GraphNode;
  /** x_u [B, S]: where the pseudo example is padding. */
  readonly padding: TokenInput;
  /** 1 / (G * tokens) at tokens of x_u, else 0, [B*S] */
  readonly weights: GraphNode;
  readonly support: LabeledInputs;
  readonly query: LabeledInputs;
  readonly scalars: AdamWScalars;
  /** Pass 0 is the pseudo step; M*N sequences of `length`. */
  readonly contextAt: (parameters: Parameters, pass: number, length: number) => ModelContext;
}

/** Cross-entropy of the soft student on the teacher's pseudo example. */
function pseudoLoss(context: ModelContext, input: SoftInnerLoopInput): GraphNode {
  const { rows: N, unlabeledLength: S } = input.options.shapes;
  const encoded = encodeProbabilities(context, input.xSoft, input.padding, { batch: N, length: S });
  const shared = {
    hidden: headHidden(context, encoded, 'head'),
    ...headOutput(context, 'head'),
    rowWeights: input.weights,
    precision: context.precision,
  };
  return input.target.dtype === 'int32'
    ? linearCrossEntropy({ ...shared, labels: input.target }).loss
    : softLinearCrossEntropy({ ...shared, targets: input.target }).loss;
}

/** Cross-entropy of all micro-batches on labeled examples, each with its own fast weights. */
function labeledLoss(context: ModelContext, inputs: LabeledInputs, options: ObjectiveOptions): GraphNode {
  return studentLoss(context, {
    input: { ids: inputs.x, mayPad: options.padding?.labeled ?? true },
    geometry: { batch: options.shapes.rows, length: options.shapes.labeledLength },
    labels: inputs.y,
    rowWeights: inputs.weights,
  }).loss;
}

/**
 * The differentiable inner loop of the soft objective, all micro-batches side by side: an unclipped AdamW step on the pseudo
 * example (from the student's own moments), SGD steps on the support batch, the query loss.
 */
export function softInnerLoop(input: SoftInnerLoopInput): SoftInnerLoop {
  const { config, options, student } = input;
  const { unlabeledLength: S, labeledLength } = options.shapes;
  const start = parametersOf(input.repeated, student.layout);
  const pseudo = pseudoLoss(input.contextAt(start, 0, S), input);
  const pseudoGradient = flatGradient(gradients(pseudo, start.parts)); // [M, P]
  const moments = { ...student, parameters: input.repeated };
  const afterAdamW = adamW(moments, pseudoGradient, input.scalars, config.optimizer, true).parameters;

  let fast = afterAdamW;
  let afterSupport: GraphNode | undefined;
  let supportLoss: GraphNode | undefined;
  for (let step = 0; step < config.meta.innerSteps; step++) {
    const parameters = parametersOf(fast, student.layout);
    const loss = labeledLoss(input.contextAt(parameters, 1 + step, labeledLength), input.support, options);
    fast = sub(fast, mul(flatGradient(gradients(loss, parameters.parts)), config.meta.innerLearningRate));
    supportLoss ??= loss;
    afterSupport ??= fast;
  }
  if (supportLoss === undefined || afterSupport === undefined) throw new Error('innerSteps must be at least 1');
  const last = parametersOf(fast, student.layout);
  const queryLoss = labeledLoss(input.contextAt(last, 1 + config.meta.innerSteps, labeledLength), input.query, options);
  return { pseudoLoss: pseudo, supportLoss, queryLoss, pseudoGradient, afterAdamW, afterSupport };
}

/** One micro-batch's rows of [B*S, V] as [M, N*S, V]; as they are when there is only one. */
export function byMicroBatch(rows: GraphNode, micros: number): GraphNode {
  const [R = 0, V = 0] = rows.shape;
  return micros === 1 ? rows : reshape(rows, [micros, R / micros, V]);
}
