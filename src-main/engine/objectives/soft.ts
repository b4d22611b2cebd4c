import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import type { MicroBatch } from '../data/micro-batch.ts';
import { gradients } from '../graph/differentiate.ts';
import { Graph } from '../graph/graph.ts';
import { add, mul, reshape, softmax, sum } from '../graph/ops.ts';
import type { ProgramFunction } from '../graph/program.ts';
import type { GraphNode } from '../graph/types.ts';
import { dropoutMasks } from '../model/dropout.ts';
import { repeatForGroups } from '../model/embedding.ts';
import { headLogits } from '../model/lm-head.ts';
import type { ModelContext } from '../model/model-context.ts';
import { flatGradient, parametersOf, type Parameters } from '../model/parameters.ts';
import { randomKey } from '../random/random-generator.ts';
import { callName, callPlan, endsAccumulation, metaBatches, TRAIN_ACCUMULATE, TRAIN_STEP } from './call-plan.ts';
import { studentEvaluation } from './evaluation-function.ts';
import { labeledInputs, partitionFeeds } from './labeled-feeds.ts';
import { allPartitions, partitionByLength, type LabeledPartition } from './labeled-groups.ts';
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
import { mlmTargetCapacity } from './row-weights.ts';
import { ScalarFeeds } from './scalar-feeds.ts';
import { byMicroBatch, softInnerLoop } from './soft-inner-loop.ts';
import { HEAD_SHARE, teacherFeeds, teacherInputs } from './teacher-inputs.ts';
import { teacherPasses } from './teacher-passes.ts';
import { TrainingFunctions } from './training-functions.ts';
import { readWriting, WRITE, writingCall, writingFunction } from './writing-function.ts';

/** Dropout streams of a call's passes. */
const STREAM = { teacher: 1, student: 16 };

/**
 * Meta-pretraining with soft labels: the teacher's two softmax outputs are the student's pseudo example, and the query loss
 * after the student's steps is differentiated through all of them to the teacher (second order). A call's micro-batches
 * start from the same student and are computed side by side, each with its own fast weights.
 */
export function buildSoftObjective(config: RunConfig, options: ObjectiveOptions): Objective {
  const plan = callPlan(config, options);
  const { rows: N, unlabeledLength: S } = options.shapes;
  const M = plan.perCall;
  const B = M * N;
  const capacity = options.targetCapacity ?? mlmTargetCapacity(config.training.maskProbability, N, S);
  const mayPad = options.padding?.unlabeled ?? true;
  const totalSteps = options.totalSteps ?? 0;
  const lengths = labeledLengthsOf(config, options);
  const G = plan.accumulation;

  const graph = new Graph();
  const student = modelState(graph, 'student', config.model, plan.accumulates);
  const teacher = modelState(graph, 'teacher', config.model, plan.accumulates);
  const key = randomKeyInput(graph);
  const scalars = new ScalarFeeds(graph, 'scalars', [...adamWScalarNames('student'), ...adamWScalarNames('teacher')]);
  const contextOf = (parameters: Parameters, stream: number, batch: number, length: number): ModelContext => ({
    model: config.model,
    parameters,
    precision: config.engine.matmulPrecision,
    dropout: dropoutMasks(config.model, key, stream, batch, length),
  });

  const inputs = teacherInputs(graph, plan, options, capacity);
  const teacherParameters = parametersOf(teacher.parameters, teacher.layout);
  const teacherContext = contextOf(teacherParameters, STREAM.teacher, 3 * B, S);
  const passes = teacherPasses(teacherContext, inputs, mayPad, options.chunkRows);
  const written = (name: 'head_x' | 'head_y'): GraphNode =>
    byMicroBatch(softmax(headLogits(teacherContext, passes.unlabeled, name)), M);

  const training = new TrainingFunctions();
  const addTraining = (partition: LabeledPartition): void => {
    const loop = softInnerLoop({
      config,
      options,
      student,
      repeated: M === 1 ? student.parameters : repeatForGroups(student.parameters, M),
      xSoft: written('head_x'),
      target: config.meta.denoising ? reshape(inputs.xU, [B * S]) : written('head_y'),
      padding: { ids: inputs.xU, mayPad },
      weights: mul(inputs.weights, 1 / HEAD_SHARE),
      labeled: partition.map((group) => ({
        group,
        support: labeledInputs(graph, 'support', group, options),
        query: labeledInputs(graph, 'query', group, options),
      })),
      scalars: adamWScalarNodes(scalars, 'student'),
      contextAt: (parameters, pass, { count, length }) =>
        contextOf(parameters, STREAM.student + pass, count * N, length),
    });

    const metaLoss = mul(loop.queryLoss, config.meta.metaWeight / G);
    const teacherGradient = flatGradient(gradients(add(metaLoss, passes.auxiliary), teacherParameters.parts));
    const studentGradient = M === 1 ? loop.pseudoGradient : sum(loop.pseudoGradient, 0); // [P]
    const studentStep = optimizerStep(
      graph,
      student,
      studentGradient,
      adamWScalarNodes(scalars, 'student'),
      config.optimizer,
    );
    const teacherStep = optimizerStep(
      graph,
      teacher,
      teacherGradient,
      adamWScalarNodes(scalars, 'teacher'),
      config.optimizer,
    );

    // Sums over the call's M micro-batches (the pseudo and teacher losses already divided by G) become means.
    const metrics: Record<string, GraphNode> = {
      'student.lossPseudo': mul(loop.pseudoLoss, G / M),
      'student.lossSupport': mul(loop.supportLoss, 1 / M),
      'student.lossQuery': mul(loop.queryLoss, 1 / M),
      'teacher.lossXm': mul(passes.lossXm, G / M),
      'teacher.lossYm': mul(passes.lossYm, G / M),
    };
    const inspected: Record<string, GraphNode> =
      options.inspect === true
        ? {
            'teacher.gradientMeta': flatGradient(gradients(metaLoss, teacherParameters.parts)),
            'teacher.gradientTotal': teacherGradient,
            'student.pseudoGradient': studentGradient,
            'student.afterAdamW': loop.afterAdamW,
            ...(loop.afterSupport && { 'student.afterSupport': loop.afterSupport }),
          }
        : {};
    training.add(
      callName(TRAIN_STEP, partition),
      { ...metrics, 'student.gradNorm': studentStep.norm, 'teacher.gradNorm': teacherStep.norm },
      { ...studentStep.updates, ...teacherStep.updates },
      inspected,
    );
    if (plan.accumulates) {
      training.add(
        callName(TRAIN_ACCUMULATE, partition),
        metrics,
        {
          'student.accumulator': withAccumulated(student, studentGradient),
          'teacher.accumulator': withAccumulated(teacher, teacherGradient),
        },
        inspected,
      );
    }
  };
  allPartitions(lengths, M).forEach(addTraining);
  const { functions: evaluations, ...evaluation } = studentEvaluation(graph, student, config, options);
  const functions: Record<string, ProgramFunction> = { ...training.functions, ...evaluations };
  functions[WRITE] = writingFunction(graph, teacher, config, options);

  const stepOf = (index: number, prefix: 'student' | 'teacher'): ReturnType<typeof adamWScalarValues> =>
    adamWScalarValues(prefix, config.optimizer, Math.floor(index / G) + 1, totalSteps);

  return {
    program: { name: 'soft', variables: [...stateVariables(student), ...stateVariables(teacher)], functions },
    microBatchesPerCall: M,
    initialState: (seed) => ({
      ...initialModelState(student, config.model, seed),
      ...initialModelState(teacher, config.model, seed),
    }),
    trainingCall: (microBatches: readonly MicroBatch[], firstIndex) => {
      // All sums over micro-batches are symmetric, so their order in a call is free.
      const { ordered, partition } = partitionByLength(metaBatches(plan, microBatches), lengths);
      const ends = endsAccumulation(plan, firstIndex);
      return {
        functionName: callName(ends ? TRAIN_STEP : TRAIN_ACCUMULATE, partition),
        feeds: {
          ...teacherFeeds(ordered, plan, options, capacity),
          ...partitionFeeds(ordered, partition, config, options),
          // The inner AdamW step needs the student's scalars in every call.
          ...scalars.feed({ ...stepOf(firstIndex, 'student').values, ...stepOf(firstIndex, 'teacher').values }),
          ...(usesDropout(config) && { key: randomKey(config.seed, 'dropout', firstIndex) }),
        },
      };
    },
    stepMetrics: (call, fetched, firstIndex) => ({
      ...training.read(call.functionName, fetched),
      'student.learningRate': stepOf(firstIndex, 'student').learningRate,
      'teacher.learningRate': stepOf(firstIndex, 'teacher').learningRate,
    }),
    writingCall: (xU, part) => writingCall(xU, part, config, options),
    written: readWriting,
    ...evaluation,
  };
}
