import type { ModelConfig, OptimizerConfig } from '../../../src-shared/config/run-config.ts';
import type { TensorData } from '../executors/executor.ts';
import type { Graph } from '../graph/graph.ts';
import { add } from '../graph/ops.ts';
import type { VariableSpec } from '../graph/program.ts';
import type { GraphNode } from '../graph/types.ts';
import { initialParameters } from '../model/initialise.ts';
import { studentLayout, teacherLayout, type ParameterLayout } from '../model/parameter-layout.ts';
import { adamW, adamWScalars, type AdamWScalars, type AdamWState } from '../optim/adamw.ts';
import { clipByGlobalNorm } from '../optim/clip-by-global-norm.ts';
import { learningRateAt } from '../optim/schedule.ts';
import type { ModelName } from './options.ts';
import type { ScalarFeeds } from './scalar-feeds.ts';

/** A model's variables in a program: parameters, both moments, and a gradient accumulator where a call takes a part of G. */
export interface ModelState extends AdamWState {
  readonly name: ModelName;
  readonly layout: ParameterLayout;
  readonly accumulator: GraphNode | undefined;
}

export function modelState(graph: Graph, name: ModelName, model: ModelConfig, accumulates: boolean): ModelState {
  const layout = name === 'student' ? studentLayout(model) : teacherLayout(model);
  const variable = (part: string): GraphNode => graph.variable(`${name}.${part}`, [layout.size]);
  return {
    name,
    layout,
    parameters: variable('parameters'),
    firstMoment: variable('firstMoment'),
    secondMoment: variable('secondMoment'),
    accumulator: accumulates ? variable('accumulator') : undefined,
  };
}

export function stateVariables(state: ModelState): VariableSpec[] {
  const parts = ['parameters', 'firstMoment', 'secondMoment', ...(state.accumulator ? ['accumulator'] : [])];
  return parts.map((part) => ({ name: `${state.name}.${part}`, shape: [state.layout.size], dtype: 'float32' }));
}

/** Values at the start of training: drawn parameters, zero moments. */
export function initialModelState(state: ModelState, model: ModelConfig, seed: number): Record<string, TensorData> {
  return Object.fromEntries(
    stateVariables(state).map(({ name }) => [
      name,
      name.endsWith('.parameters')
        ? initialParameters(state.layout, model, seed, state.name)
        : new Float32Array(state.layout.size),
    ]),
  );
}

/** The updates that store an AdamW state. */
export function storeState(name: ModelName, next: AdamWState): Record<string, GraphNode> {
  return {
    [`${name}.parameters`]: next.parameters,
    [`${name}.firstMoment`]: next.firstMoment,
    [`${name}.secondMoment`]: next.secondMoment,
  };
}

export interface OptimizerStep {
  readonly updates: Record<string, GraphNode>;
  readonly next: AdamWState;
  /** Gradient norm before clipping. */
  readonly norm: GraphNode;
}

/** Accumulated gradient so far plus this call's. */
export const withAccumulated = (state: ModelState, gradient: GraphNode): GraphNode =>
  state.accumulator === undefined ? gradient : add(state.accumulator, gradient);

/** Clip and AdamW over this call's gradient and what was accumulated before it; empties the accumulator. */
export function optimizerStep(
  graph: Graph,
  state: ModelState,
  gradient: GraphNode,
  scalars: AdamWScalars,
  optimizer: OptimizerConfig,
): OptimizerStep {
  const clipped = clipByGlobalNorm(withAccumulated(state, gradient), optimizer.maxGradNorm);
  const next = adamW(state, clipped.gradient, scalars, optimizer);
  const updates = storeState(state.name, next);
  if (state.accumulator) updates[`${state.name}.accumulator`] = graph.constant(0, [state.layout.size]);
  return { updates, next, norm: clipped.norm };
}

const SCALAR_PARTS = ['decay', 'stepSize', 'secondMomentScale'] as const;

/** Names of the scalars that `prefix`'s optimizer step is fed with. */
export const adamWScalarNames = (prefix: string): string[] => SCALAR_PARTS.map((part) => `${prefix}.${part}`);

export function adamWScalarNodes(feeds: ScalarFeeds, prefix: string): AdamWScalars {
  return {
    decay: feeds.node(`${prefix}.decay`),
    stepSize: feeds.node(`${prefix}.stepSize`),
    secondMomentScale: feeds.node(`${prefix}.secondMomentScale`),
  };
}

/** Values of those scalars for optimizer step t = 1, 2, …, and the learning rate they stand for. */
export function adamWScalarValues(
  prefix: string,
  optimizer: OptimizerConfig,
  t: number,
  totalSteps: number,
): { values: Record<string, number>; learningRate: number } {
  const learningRate = learningRateAt(optimizer, t, totalSteps);
  const scalars = adamWScalars(optimizer, t, learningRate);
  return {
    learningRate,
    values: Object.fromEntries(SCALAR_PARTS.map((part) => [`${prefix}.${part}`, scalars[part]])),
  };
}
