import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { gradients } from '../graph/differentiate.ts';
import { add, mul, reshape, slice, sub } from '../graph/ops.ts';
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
import type { LabeledGroup } from './labeled-groups.ts';
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
  /** Only where all micro-batches are of one length. */
  readonly afterSupport: GraphNode | undefined;
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
  /** The call's micro-batches in groups of one labeled length, in order. */
  readonly labeled: readonly LabeledGroupInputs[];
  readonly scalars: AdamWScalars;
  /** A forward pass over `count` micro-batches of `length` positions; pass 0 is the pseudo step. */
  readonly contextAt: (
    parameters: Parameters,
    pass: number,
    size: { readonly count: number; readonly length: number },
  ) => ModelContext;
}

export interface LabeledGroupInputs {
  readonly group: LabeledGroup;
  readonly support: LabeledInputs;
  readonly query: LabeledInputs;
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

/**
 * Cross-entropy of all micro-batches on labeled examples, each with its own fast weights. Chunks bound the temporaries
 * of a large vocabulary; the second derivative of the support loss keeps its logits' gradients all the same.
 */
function labeledLoss(
  context: ModelContext,
  inputs: LabeledInputs,
  options: ObjectiveOptions,
  chunkRows?: number,
): GraphNode {
  return studentLoss(context, {
    input: { ids: inputs.x, mayPad: inputs.mayPad },
    geometry: { batch: options.shapes.rows, length: inputs.length },
    labels: inputs.y,
    rowWeights: inputs.weights,
    chunkRows,
  }).loss;
}

/**
 * The differentiable inner loop of the soft objective, all micro-batches side by side: an unclipped AdamW step on the pseudo
 * example (from the student's own moments), SGD steps on the support batch, the query loss.
 */
export function softInnerLoop(input: SoftInnerLoopInput): SoftInnerLoop {
  const { config, options, student } = input;
  const start = parametersOf(input.repeated, student.layout);
  const size = { count: start.groups ?? 1, length: options.shapes.unlabeledLength };
  const pseudo = pseudoLoss(input.contextAt(start, 0, size), input);
  const pseudoGradient = flatGradient(gradients(pseudo, start.parts)); // [M, P]
  const moments = { ...student, parameters: input.repeated };
  const afterAdamW = adamW(moments, pseudoGradient, input.scalars, config.optimizer, true).parameters;

  const groups = labeledGroups(afterAdamW, input);
  const total = (pick: (group: LabeledLoop) => GraphNode): GraphNode => groups.map(pick).reduce((a, b) => add(a, b));
  return {
    pseudoLoss: pseudo,
    supportLoss: total((group) => group.supportLoss),
    queryLoss: total((group) => group.queryLoss),
    pseudoGradient,
    afterAdamW,
    afterSupport: groups.length === 1 ? groups[0]?.afterSupport : undefined,
  };
}

interface LabeledLoop {
  readonly supportLoss: GraphNode;
  readonly queryLoss: GraphNode;
  readonly afterSupport: GraphNode;
}

/** The support steps and the query loss of each group of micro-batches, from its rows of the fast weights [M, P]. */
function labeledGroups(afterAdamW: GraphNode, input: SoftInnerLoopInput): LabeledLoop[] {
  const P = input.student.layout.size;
  let begin = 0;
  return input.labeled.map((labeled, index) => {
    const { count } = labeled.group;
    const start = begin;
    begin += count;
    if (afterAdamW.shape.length === 1 || input.labeled.length === 1)
      return labeledLoop(afterAdamW, labeled, index, input);
    const rows = slice(afterAdamW, [start, 0], [count, P]);
    return labeledLoop(count === 1 ? reshape(rows, [P]) : rows, labeled, index, input);
  });
}

function labeledLoop(
  weights: GraphNode,
  { group, support, query }: LabeledGroupInputs,
  index: number,
  input: SoftInnerLoopInput,
): LabeledLoop {
  const { config, options, student } = input;
  let fast = weights;
  let first: { supportLoss: GraphNode; afterSupport: GraphNode } | undefined;
  for (let step = 0; step < config.meta.innerSteps; step++) {
    const parameters = parametersOf(fast, student.layout);
    const supportLoss = labeledLoss(
      input.contextAt(parameters, pass(index, step), group),
      support,
      options,
      options.chunkRows,
    );
    const gradient = flatGradient(gradients(supportLoss, parameters.parts));
    fast = sub(fast, mul(gradient, config.meta.innerLearningRate));
    first ??= { supportLoss, afterSupport: fast };
  }
  if (first === undefined) throw new Error('innerSteps must be at least 1');
  const last = parametersOf(fast, student.layout);
  const context = input.contextAt(last, pass(index, config.meta.innerSteps), group);
  return { ...first, queryLoss: labeledLoss(context, query, options, options.chunkRows) };
}

/** Number of a forward pass among the call's student passes; 0 is the pseudo step. */
const pass = (group: number, step: number): number => 1 + group * MOST_PASSES_OF_A_GROUP + step;
/** Above the most inner steps a configuration allows, plus the query pass. */
const MOST_PASSES_OF_A_GROUP = 32;

/** One micro-batch's rows of [B*S, V] as [M, N*S, V]; as they are when there is only one. */
export function byMicroBatch(rows: GraphNode, micros: number): GraphNode {
  const [R = 0, V = 0] = rows.shape;
  return micros === 1 ? rows : reshape(rows, [micros, R / micros, V]);
}
