import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import type { MicroBatch } from '../data/micro-batch.ts';
import type { TensorData } from '../executors/executor.ts';
import { gradients } from '../graph/differentiate.ts';
import { Graph } from '../graph/graph.ts';
import { mul, sub } from '../graph/ops.ts';
import type { ProgramFunction } from '../graph/program.ts';
import { feedback } from '../meta/feedback.ts';
import { supportThenQuery } from '../meta/support-query.ts';
import { dropoutMasks } from '../model/dropout.ts';
import type { ModelContext } from '../model/model-context.ts';
import { flatGradient, parametersOf, type Parameters } from '../model/parameters.ts';
import { randomKey } from '../random/random-generator.ts';
import { callPlan, endsAccumulation, metaBatches, pairBatches, TRAIN_ACCUMULATE, TRAIN_STEP } from './call-plan.ts';
import { studentEvaluation } from './evaluation-function.ts';
import { labeledFeeds, labeledInputs, labeledPart } from './labeled-feeds.ts';
import { bucketOf, type LabeledGroup } from './labeled-groups.ts';
import {
  adamWScalarNames,
  adamWScalarNodes,
  adamWScalarValues,
  initialModelState,
  modelState,
  optimizerStep,
  stateVariables,
  withAccumulated,
} from './model-state.ts';
import type { Objective } from './objective.ts';
import { labeledLengthsOf, randomKeyInput, usesDropout, type ObjectiveOptions } from './options.ts';
import { joinIds, mlmTargetsPerSequence, targetsBySequence, writeMeanWeights } from './row-weights.ts';
import { ScalarFeeds } from './scalar-feeds.ts';
import { TrainingFunctions } from './training-functions.ts';
import { studentLoss } from './student-loss.ts';

const withFeedbackName = (length: number): string => `stepWithFeedback@${length}`;
/** Dropout streams of a call's passes. */
const STREAM = { train: 1, inner: 2 };

/**
 * Training on (input, target) pairs: MLM, whose loss sits on a few masked positions (only those go through the LM head and
 * the last layer), and fine-tuning, whose target covers every position. Micro-batches of a call are one batch of M*N rows whose loss
 * weights make each micro-batch's mean count 1/G.
 */
export function buildPairObjective(config: RunConfig, options: ObjectiveOptions): Objective {
  const isMlm = config.objective === 'mlm';
  const plan = callPlan(config, options);
  const { rows: N, labeledLength, unlabeledLength } = options.shapes;
  const S = isMlm ? unlabeledLength : labeledLength;
  const B = plan.perCall * N;
  const mayPad = (isMlm ? options.padding?.unlabeled : options.padding?.labeled) ?? true;
  const perSequence = options.targetsPerSequence ?? mlmTargetsPerSequence(config.training.maskProbability, S);
  const totalSteps = options.totalSteps ?? 0;

  const graph = new Graph();
  const student = modelState(graph, 'student', config.model, plan.accumulates);
  const key = randomKeyInput(graph);
  const scalars = new ScalarFeeds(graph, 'scalars', adamWScalarNames('student'));
  const contextOf = (
    parameters: Parameters,
    stream: number,
    batch: number,
    length: number,
    lastLength = length,
  ): ModelContext => ({
    model: config.model,
    parameters,
    precision: config.engine.matmulPrecision,
    dropout: dropoutMasks(config.model, key, stream, batch, length, lastLength),
  });

  const scored = isMlm ? perSequence : S;
  const targetCount = B * scored;
  const parameters = parametersOf(student.parameters, student.layout);
  const { loss } = studentLoss(contextOf(parameters, STREAM.train, B, S, scored), {
    input: { ids: graph.input('x', [B, S], 'int32'), mayPad },
    geometry: { batch: B, length: S },
    labels: graph.input('labels', [targetCount], 'int32'),
    rowWeights: graph.input('weights', [targetCount]),
    ...(isMlm && { wanted: { positions: graph.input('positions', [targetCount], 'int32'), perSequence } }),
    chunkRows: options.chunkRows,
  });
  const gradient = flatGradient(gradients(loss, parameters.parts));
  // Weights of a call sum to M/G; the reported loss is the mean over its micro-batches.
  const meanLoss = mul(loss, plan.accumulation / plan.perCall);
  const step = optimizerStep(graph, student, gradient, adamWScalarNodes(scalars, 'student'), config.optimizer);
  const stepMetrics = { 'student.loss': meanLoss, 'student.gradNorm': step.norm };

  const training = new TrainingFunctions();
  training.add(TRAIN_STEP, stepMetrics, step.updates);
  if (plan.accumulates) {
    training.add(
      TRAIN_ACCUMULATE,
      { 'student.loss': meanLoss },
      { 'student.accumulator': withAccumulated(student, gradient) },
    );
  }
  for (const length of isMlm ? labeledLengthsOf(config, options) : []) {
    const group: LabeledGroup = { length, count: 1, mixed: false };
    const inner = supportThenQuery(
      config,
      student.layout,
      step.next.parameters,
      (fast, pass) => contextOf(fast, STREAM.inner + pass, N, length),
      labeledPart(labeledInputs(graph, 'support', group, options), 0, options),
      labeledPart(labeledInputs(graph, 'query', group, options), 0, options),
    );
    const helped = feedback(sub(student.parameters, step.next.parameters), inner.queryGradient);
    const feedbackMetrics = {
      'student.lossSupport': inner.supportLoss,
      'student.lossQuery': inner.queryLoss,
      'student.gradNormSupport': inner.supportNorm,
      'student.gradNormQuery': inner.queryNorm,
      'feedback.unscaled': helped.unscaled,
      'feedback.h': helped.h,
    };
    training.add(withFeedbackName(length), { ...stepMetrics, ...feedbackMetrics }, step.updates);
  }
  const { functions: evaluations, ...evaluation } = studentEvaluation(graph, student, config, options);
  const functions: Record<string, ProgramFunction> = { ...training.functions, ...evaluations };

  const learningRate = (firstIndex: number): ReturnType<typeof adamWScalarValues> =>
    adamWScalarValues('student', config.optimizer, Math.floor(firstIndex / plan.accumulation) + 1, totalSteps);

  const dataFeeds = (microBatches: readonly MicroBatch[]): Record<string, TensorData> => {
    const pairs = pairBatches(plan, microBatches);
    const ys = pairs.map((pair) => pair.y);
    const ids = joinIds(
      pairs.map((pair) => pair.x),
      N,
      S,
      'training input',
    );
    if (isMlm) {
      const { positions, labels, weights } = targetsBySequence(ys, perSequence, 1 / plan.accumulation);
      return { x: ids, positions, labels, weights };
    }
    const weights = new Float32Array(B * S);
    ys.forEach((y, i) => {
      writeMeanWeights(y, 1 / plan.accumulation, weights, i * N * S);
    });
    return { x: ids, labels: joinIds(ys, N, S, 'training target'), weights };
  };

  return {
    program: { name: config.objective, variables: stateVariables(student), functions },
    microBatchesPerCall: plan.perCall,
    initialState: (seed) => initialModelState(student, config.model, seed),
    trainingCall: (microBatches, firstIndex, logFeedback = false) => {
      const ends = endsAccumulation(plan, firstIndex);
      const measured = ends && isMlm && logFeedback ? metaBatches(plan, microBatches).at(-1) : undefined;
      const group = measured && {
        length: bucketOf(measured, labeledLengthsOf(config, options)),
        count: 1,
        mixed: false,
      };
      return {
        functionName: group ? withFeedbackName(group.length) : ends ? TRAIN_STEP : TRAIN_ACCUMULATE,
        feeds: {
          ...dataFeeds(microBatches),
          ...(usesDropout(config) && { key: randomKey(config.seed, 'dropout', firstIndex) }),
          ...(ends && scalars.feed(learningRate(firstIndex).values)),
          ...(measured && group && labeledFeeds([measured], group, config, options)),
        },
      };
    },
    stepMetrics: (call, fetched, firstIndex) => {
      const metrics = training.read(call.functionName, fetched);
      return call.functionName === TRAIN_ACCUMULATE
        ? metrics
        : { ...metrics, 'student.learningRate': learningRate(firstIndex).learningRate };
    },
    ...evaluation,
  };
}
