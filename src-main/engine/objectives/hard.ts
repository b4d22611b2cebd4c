import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import type { MicroBatch } from '../data/micro-batch.ts';
import { gradients } from '../graph/differentiate.ts';
import { Graph } from '../graph/graph.ts';
import { add, broadcastTo, concat, equal, mul, randomUniform, reshape, select, sum } from '../graph/ops.ts';
import type { ProgramFunction } from '../graph/program.ts';
import type { GraphNode } from '../graph/types.ts';
import { linearCrossEntropy } from '../loss/linear-cross-entropy.ts';
import { sampleCategorical } from '../meta/sample-categorical.ts';
import { dropoutMasks } from '../model/dropout.ts';
import { affine } from '../model/linear.ts';
import { headHidden, headOutput } from '../model/lm-head.ts';
import type { ModelContext } from '../model/model-context.ts';
import { flatGradient, parametersOf, type Parameters } from '../model/parameters.ts';
import { randomKey } from '../random/random-generator.ts';
import { callName, callPlan, endsAccumulation, metaBatches, TRAIN_ACCUMULATE, TRAIN_STEP } from './call-plan.ts';
import { studentEvaluation } from './evaluation-function.ts';
import { hardStudentChain } from './hard-student-chain.ts';
import { labeledFeeds, labeledInputs } from './labeled-feeds.ts';
import { bucketOf, uniformPartitions, type LabeledGroup } from './labeled-groups.ts';
import {
  adamWScalarNames,
  adamWScalarNodes,
  adamWScalarValues,
  initialModelState,
  modelState,
  optimizerStep,
  stateVariables,
  storeState,
  withAccumulated,
} from './model-state.ts';
import type { Objective } from './objective.ts';
import { labeledLengthsOf, randomKeyInput, usesDropout, type ObjectiveOptions } from './options.ts';
import { PAD, mlmTargetCapacity } from './row-weights.ts';
import { ScalarFeeds } from './scalar-feeds.ts';
import { TrainingFunctions } from './training-functions.ts';
import { teacherFeeds, teacherInputs } from './teacher-inputs.ts';
import { teacherPasses } from './teacher-passes.ts';
import {
  readWriting,
  SAMPLE_STREAM,
  samplingProbabilities,
  WRITE,
  writingCall,
  writingFunction,
} from './writing-function.ts';

/** Dropout streams: the teacher's passes, then `INNER` per micro-step for the student's. */
const STREAM = { teacher: 1, firstStudent: 16, perMicroStep: 32 };

const meanOf = (scalars: readonly GraphNode[]): GraphNode =>
  mul(
    scalars.reduce((total, scalar) => add(total, scalar)),
    1 / scalars.length,
  );

/** A scalar per micro-batch repeated over its rows: M scalars -> [M*rows]. */
function perRow(scalars: readonly GraphNode[], rows: number): GraphNode {
  const column = concat(
    scalars.map((scalar) => reshape(scalar, [1, 1])),
    0,
  );
  return reshape(broadcastTo(column, [scalars.length, rows]), [scalars.length * rows]);
}

/**
 * Meta-pretraining with hard labels: the teacher samples (xHat, yHat) from its two heads, the student steps on each
 * micro-batch in turn, and its feedback h weighs the teacher's gradient of having written that sample.
 * The teacher's G gradients are one backward pass, because sum_i h_i * grad(loss_i) = grad(sum_i h_i * loss_i).
 */
export function buildHardObjective(config: RunConfig, options: ObjectiveOptions): Objective {
  const plan = callPlan(config, options);
  const { rows: N, unlabeledLength: S } = options.shapes;
  const M = plan.perCall;
  const B = M * N;
  const capacity = options.targetCapacity ?? mlmTargetCapacity(config.training.maskProbability, N, S);
  const mayPad = options.padding?.unlabeled ?? true;
  const { denoising, samplingTemperature } = config.meta;
  const totalSteps = options.totalSteps ?? 0;
  const lengths = labeledLengthsOf(config, options);
  const precision = config.engine.matmulPrecision;

  const graph = new Graph();
  const student = modelState(graph, 'student', config.model, false);
  const teacher = modelState(graph, 'teacher', config.model, plan.accumulates);
  const key = randomKeyInput(graph);
  const micros = Array.from({ length: M }, (_unused, i) => i);
  const studentScalars = new ScalarFeeds(
    graph,
    'student.scalars',
    micros.flatMap((i) => adamWScalarNames(`student${i}`)),
  );
  const teacherScalars = new ScalarFeeds(graph, 'teacher.scalars', adamWScalarNames('teacher'));
  const contextOf = (parameters: Parameters, stream: number, batch: number, length: number): ModelContext => ({
    model: config.model,
    parameters,
    precision,
    dropout: dropoutMasks(config.model, key, stream, batch, length),
  });

  const inputs = teacherInputs(graph, plan, options, capacity);
  const teacherParameters = parametersOf(teacher.parameters, teacher.layout);
  const teacherContext = contextOf(teacherParameters, STREAM.teacher, 3 * B, S);
  const passes = teacherPasses(teacherContext, inputs, mayPad, options.chunkRows);

  const sampleKey = options.givenSamples === true ? undefined : graph.input('sampleKey', [2], 'int32');
  const unlabeledIds = reshape(inputs.xU, [B * S]);
  const headOf = (name: 'head_x' | 'head_y', fed: 'xHat' | 'yHat', stream: number) => {
    const hidden = headHidden(teacherContext, passes.unlabeled, name);
    const output = headOutput(teacherContext, name);
    if (sampleKey === undefined) return { hidden, output, labels: graph.input(fed, [B * S], 'int32') };
    const probabilities = samplingProbabilities(
      affine(teacherContext, hidden, output.weight, output.bias),
      samplingTemperature,
    );
    const sampled = sampleCategorical(probabilities, randomUniform(sampleKey, [B * S], stream));
    return { hidden, output, labels: mayPad ? select(equal(unlabeledIds, PAD), unlabeledIds, sampled) : sampled };
  };
  const heads = [
    headOf('head_x', 'xHat', SAMPLE_STREAM.x),
    ...(denoising ? [] : [headOf('head_y', 'yHat', SAMPLE_STREAM.y)]),
  ];
  const asTexts = (labels: GraphNode | undefined): GraphNode => reshape(labels ?? unlabeledIds, [B, S]);

  const training = new TrainingFunctions();
  const addTraining = (group: LabeledGroup): void => {
    const chain = hardStudentChain({
      config,
      options,
      student,
      xHat: asTexts(heads[0]?.labels),
      yHat: asTexts(heads[1]?.labels),
      support: labeledInputs(graph, 'support', group, options),
      query: labeledInputs(graph, 'query', group, options),
      scalars: micros.map((i) => adamWScalarNodes(studentScalars, `student${i}`)),
      contextAt: (parameters, micro, pass, length) =>
        contextOf(
          parameters,
          STREAM.firstStudent + micro * STREAM.perMicroStep + pass,
          N * (parameters.groups ?? 1),
          length,
        ),
    });

    const lossOfSamples = (rowWeights: GraphNode): { loss: GraphNode; reported: GraphNode } => {
      const parts = heads.map(({ hidden, output, labels }) =>
        linearCrossEntropy({
          hidden,
          ...output,
          labels,
          rowWeights,
          precision,
          ...(options.chunkRows !== undefined && { chunkRows: options.chunkRows }),
        }),
      );
      return {
        loss: parts.map((part) => part.loss).reduce((a, b) => add(a, b)),
        reported: parts.map((part) => sum(mul(part.perRow, inputs.weights))).reduce((a, b) => add(a, b)),
      };
    };
    const feedbacks = chain.steps.map((step) => step.feedback);
    const weighted = lossOfSamples(
      mul(
        inputs.weights,
        perRow(
          feedbacks.map((f) => f.used),
          N * S,
        ),
      ),
    );
    const teacherGradient = flatGradient(gradients(add(weighted.loss, passes.auxiliary), teacherParameters.parts));
    const step = optimizerStep(
      graph,
      teacher,
      teacherGradient,
      adamWScalarNodes(teacherScalars, 'teacher'),
      config.optimizer,
    );

    // Loss weights of the teacher sum to M/G; what is reported is the mean over the call's micro-batches.
    const toMean = plan.accumulation / M;
    const metrics: Record<string, GraphNode> = {
      'student.lossPseudo': meanOf(chain.steps.map((s) => s.pseudoLoss)),
      'student.lossSupport': meanOf(chain.steps.map((s) => s.inner.supportLoss)),
      'student.lossQuery': meanOf(chain.steps.map((s) => s.inner.queryLoss)),
      'student.gradNorm': meanOf(chain.steps.map((s) => s.pseudoNorm)),
      'student.gradNormSupport': meanOf(chain.steps.map((s) => s.inner.supportNorm)),
      'student.gradNormQuery': meanOf(chain.steps.map((s) => s.inner.queryNorm)),
      'feedback.h': meanOf(feedbacks.map((f) => f.used)),
      'feedback.unscaled': meanOf(feedbacks.map((f) => f.unscaled)),
      // A used h differs from h only where it was skipped: also where h is NaN, which differs from itself.
      'feedback.skipped': feedbacks.map((f) => select(equal(f.h, f.used), 0, 1)).reduce((a, b) => add(a, b)),
      'teacher.lossU': mul(weighted.reported, toMean),
      'teacher.lossXm': mul(passes.lossXm, toMean),
      'teacher.lossYm': mul(passes.lossYm, toMean),
    };
    const inspected: Record<string, GraphNode> = {};
    if (options.inspect === true) {
      inspected['teacher.gradientU'] = flatGradient(
        gradients(lossOfSamples(inputs.weights).loss, teacherParameters.parts),
      );
      inspected['teacher.gradientTotal'] = teacherGradient;
    }
    const studentUpdates = storeState('student', chain.final);
    training.add(
      callName(TRAIN_STEP, [group]),
      { ...metrics, 'teacher.gradNorm': step.norm },
      { ...studentUpdates, ...step.updates },
      inspected,
    );
    if (plan.accumulates) {
      training.add(
        callName(TRAIN_ACCUMULATE, [group]),
        metrics,
        { ...studentUpdates, 'teacher.accumulator': withAccumulated(teacher, teacherGradient) },
        inspected,
      );
    }
  };
  for (const partition of uniformPartitions(lengths, M)) partition.forEach(addTraining);
  const { functions: evaluations, ...evaluation } = studentEvaluation(graph, student, config, options);
  const functions: Record<string, ProgramFunction> = { ...training.functions, ...evaluations };
  functions[WRITE] = writingFunction(graph, teacher, config, options);

  // The student's optimizer and schedule step on every micro-batch, as the reference's do; the teacher's every G.
  const studentStep = (index: number): ReturnType<typeof adamWScalarValues> =>
    adamWScalarValues(`student${index % M}`, config.optimizer, index + 1, totalSteps * plan.accumulation);
  const teacherStep = (index: number): ReturnType<typeof adamWScalarValues> =>
    adamWScalarValues('teacher', config.optimizer, Math.floor(index / plan.accumulation) + 1, totalSteps);

  return {
    program: { name: 'hard', variables: [...stateVariables(student), ...stateVariables(teacher)], functions },
    microBatchesPerCall: M,
    initialState: (seed) => ({
      ...initialModelState(student, config.model, seed),
      ...initialModelState(teacher, config.model, seed),
    }),
    trainingCall: (microBatches: readonly MicroBatch[], firstIndex) => {
      const ends = endsAccumulation(plan, firstIndex);
      const batches = metaBatches(plan, microBatches);
      const longest = Math.max(...batches.map((micro) => bucketOf(micro, lengths)));
      const group = { length: longest, count: M, mixed: longest !== lengths[0] };
      return {
        functionName: callName(ends ? TRAIN_STEP : TRAIN_ACCUMULATE, [group]),
        feeds: {
          ...teacherFeeds(batches, plan, options, capacity),
          ...labeledFeeds(batches, group, config, options),
          ...studentScalars.feed(
            Object.fromEntries(micros.flatMap((i) => Object.entries(studentStep(firstIndex + i).values))),
          ),
          ...(ends && teacherScalars.feed(teacherStep(firstIndex).values)),
          ...(usesDropout(config) && { key: randomKey(config.seed, 'dropout', firstIndex) }),
          ...(sampleKey !== undefined && { sampleKey: randomKey(config.seed, 'teacherSample', firstIndex) }),
        },
      };
    },
    stepMetrics: (call, fetched, firstIndex) => ({
      ...training.read(call.functionName, fetched),
      'student.learningRate': studentStep(firstIndex + M - 1).learningRate,
      'teacher.learningRate': teacherStep(firstIndex).learningRate,
    }),
    writingCall: (xU, part) => writingCall(xU, part, config, options),
    written: readWriting,
    ...evaluation,
  };
}

/** The feeds of recorded samples, for objectives built with `givenSamples`. */
export function givenSampleFeeds(xHat: { ids: Int32Array }, yHat: { ids: Int32Array }): Record<string, Int32Array> {
  return { xHat: xHat.ids, yHat: yHat.ids };
}
