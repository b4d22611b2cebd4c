import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { gradients } from '../graph/differentiate.ts';
import { mul, reshape, square, sqrt, sub, sum } from '../graph/ops.ts';
import type { GraphNode } from '../graph/types.ts';
import type { ModelContext } from '../model/model-context.ts';
import type { ParameterLayout } from '../model/parameter-layout.ts';
import { flatGradient, parametersOf, type Parameters } from '../model/parameters.ts';
import { studentLoss, type StudentLossInput } from '../objectives/student-loss.ts';
import { clipScale } from '../optim/clip-by-global-norm.ts';

/** What `supportThenQuery` gives, for C groups with their own weights each: scalars are [C], gradients [C, P]. */
export interface GroupedSupportQuery {
  readonly supportLoss: GraphNode;
  readonly supportNorm: GraphNode;
  readonly queryLoss: GraphNode;
  readonly queryNorm: GraphNode;
  readonly queryGradient: GraphNode;
}

interface GroupedGradient {
  readonly loss: GraphNode; // [C]
  readonly norm: GraphNode; // [C]
  /** Clipped, each group by its own norm. */
  readonly gradient: GraphNode; // [C, P]
}

function groupedGradient(context: ModelContext, input: StudentLossInput, maxGradNorm: number): GroupedGradient {
  const C = context.parameters.groups ?? 1;
  const { loss, perRow } = studentLoss(context, input);
  // A group's weights are in its own rows' losses only, so one backward pass gives every group's gradient.
  const raw = flatGradient(gradients(loss, context.parameters.parts)); // [C, P]
  const norm = sqrt(sum(square(raw), 1, true)); // [C, 1]
  const byGroup = reshape(mul(perRow, input.rowWeights), [C, (perRow.shape[0] ?? 0) / C]);
  return { loss: sum(byGroup, 1), norm: reshape(norm, [C]), gradient: mul(raw, clipScale(norm, maxGradNorm)) };
}

/**
 * `supportThenQuery` of C micro-batches side by side, group c from the weights `parameters` [C, P] of its row: they do not
 * depend on each other, and one pass over C groups is far fewer kernels than C passes.
 */
export function groupedSupportThenQuery(
  config: RunConfig,
  layout: ParameterLayout,
  parameters: GraphNode,
  contextAt: (parameters: Parameters, pass: number) => ModelContext,
  support: StudentLossInput,
  query: StudentLossInput,
): GroupedSupportQuery {
  const { innerSteps, innerLearningRate } = config.meta;
  const { maxGradNorm } = config.optimizer;
  let fast = parameters;
  let first: GroupedGradient | undefined;
  for (let step = 0; step < innerSteps; step++) {
    const stepped = groupedGradient(contextAt(parametersOf(fast, layout), step), support, maxGradNorm);
    first ??= stepped;
    fast = sub(fast, mul(stepped.gradient, innerLearningRate));
  }
  if (first === undefined) throw new Error('innerSteps must be at least 1');
  const last = groupedGradient(contextAt(parametersOf(fast, layout), innerSteps), query, maxGradNorm);
  return {
    supportLoss: first.loss,
    supportNorm: first.norm,
    queryLoss: last.loss,
    queryNorm: last.norm,
    queryGradient: last.gradient,
  };
}
