import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { gradients } from '../graph/differentiate.ts';
import { mul, sub } from '../graph/ops.ts';
import type { GraphNode } from '../graph/types.ts';
import type { ModelContext } from '../model/model-context.ts';
import type { ParameterLayout } from '../model/parameter-layout.ts';
import { flatGradient, parametersOf } from '../model/parameters.ts';
import { studentLoss, type StudentLossInput } from '../objectives/student-loss.ts';
import { clipByGlobalNorm, type Clipped } from '../optim/clip-by-global-norm.ts';

export interface StudentGradient extends Clipped {
  /** Unclipped flat gradient. */
  readonly raw: GraphNode;
  /** Weighted cross-entropy, a scalar. */
  readonly loss: GraphNode;
}

/** Loss and clipped flat gradient of the student with weights `flat` [P]. */
export function studentGradient(context: ModelContext, input: StudentLossInput, maxGradNorm: number): StudentGradient {
  const { loss } = studentLoss(context, input);
  const raw = flatGradient(gradients(loss, context.parameters.parts));
  return { loss, raw, ...clipByGlobalNorm(raw, maxGradNorm) };
}

export interface SupportQuery {
  readonly supportLoss: GraphNode;
  readonly supportNorm: GraphNode;
  readonly queryLoss: GraphNode;
  readonly queryNorm: GraphNode;
  /** Clipped gradient of the query loss after the support steps, [P]. */
  readonly queryGradient: GraphNode;
}

/**
 * `meta.innerSteps` clipped SGD steps on the support batch, then the clipped gradient of the query loss. The student's
 * own weights are untouched. Losses and norms of the first support step are reported.
 */
export function supportThenQuery(
  config: RunConfig,
  layout: ParameterLayout,
  parameters: GraphNode,
  contextAt: (parameters: ReturnType<typeof parametersOf>, pass: number) => ModelContext,
  support: StudentLossInput,
  query: StudentLossInput,
): SupportQuery {
  const { innerSteps, innerLearningRate } = config.meta;
  const { maxGradNorm } = config.optimizer;
  let fast = parameters;
  let first: StudentGradient | undefined;
  for (let step = 0; step < innerSteps; step++) {
    const gradient = studentGradient(contextAt(parametersOf(fast, layout), step), support, maxGradNorm);
    first ??= gradient;
    fast = sub(fast, mul(gradient.gradient, innerLearningRate));
  }
  if (first === undefined) throw new Error('innerSteps must be at least 1');
  const last = studentGradient(contextAt(parametersOf(fast, layout), innerSteps), query, maxGradNorm);
  return {
    supportLoss: first.loss,
    supportNorm: first.norm,
    queryLoss: last.loss,
    queryNorm: last.norm,
    queryGradient: last.gradient,
  };
}
