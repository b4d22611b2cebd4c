import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { cast, div, equal, logicalNot, maximum, reshape, slice, sub, sum } from '../graph/ops.ts';
import type { GraphNode } from '../graph/types.ts';
import { feedback, type Feedback } from '../meta/feedback.ts';
import { studentGradient, supportThenQuery, type SupportQuery } from '../meta/support-query.ts';
import type { ModelContext } from '../model/model-context.ts';
import { parametersOf, type Parameters } from '../model/parameters.ts';
import { adamW, type AdamWScalars, type AdamWState } from '../optim/adamw.ts';
import { labeledPart, type LabeledInputs } from './labeled-feeds.ts';
import type { ModelState } from './model-state.ts';
import type { ObjectiveOptions } from './options.ts';

/** What one micro-step of the chain reports. */
export interface HardMicroStep {
  readonly pseudoLoss: GraphNode;
  readonly pseudoNorm: GraphNode;
  readonly inner: SupportQuery;
  readonly feedback: Feedback;
}

export interface HardStudentChain {
  readonly steps: readonly HardMicroStep[];
  /** The student after the last micro-step. */
  readonly final: AdamWState;
}

export interface HardChainInput {
  readonly config: RunConfig;
  readonly options: ObjectiveOptions;
  readonly student: ModelState;
  /** The teacher's pseudo examples of all micro-batches, int32 [B, S]. */
  readonly xHat: GraphNode;
  readonly yHat: GraphNode;
  readonly support: LabeledInputs;
  readonly query: LabeledInputs;
  /** Optimizer scalars of each micro-step. */
  readonly scalars: readonly AdamWScalars[];
  /** A forward pass of micro-step i: pass 0 is the pseudo step, later ones support and query. */
  readonly contextAt: (parameters: Parameters, micro: number, pass: number, length: number) => ModelContext;
}

/** 1 / count at positions whose id is not PAD, else 0, [N*S]; all 0 when every position is PAD. */
function meanWeights(ids: GraphNode): GraphNode {
  const isToken = cast(logicalNot(equal(reshape(ids, [ids.shape.reduce((a, b) => a * b, 1)]), 0)), 'float32');
  return div(isToken, maximum(sum(isToken), 1));
}

/**
 * The hard objective's student over a call's micro-batches, one after the other: a clipped AdamW step on (xHat, yHat),
 * then, from there, support steps and the query gradient, whose cosine with the step's displacement is the feedback h.
 * Positions where the teacher wrote PAD into xHat are ignored.
 */
export function hardStudentChain(chain: HardChainInput): HardStudentChain {
  const { config, options, student, xHat, yHat, contextAt } = chain;
  const { rows: N, unlabeledLength: S } = options.shapes;
  let state: AdamWState = student;
  const steps = chain.scalars.map((scalars, micro) => {
    const part = (ids: GraphNode): GraphNode => slice(ids, [micro * N, 0], [N, S]);
    const pseudo = studentGradient(
      contextAt(parametersOf(state.parameters, student.layout), micro, 0, S),
      {
        input: { ids: part(xHat), mayPad: true },
        geometry: { batch: N, length: S },
        labels: part(yHat),
        rowWeights: meanWeights(part(xHat)),
        chunkRows: options.chunkRows,
      },
      config.optimizer.maxGradNorm,
    );
    const next = adamW(state, pseudo.gradient, scalars, config.optimizer);
    const inner = supportThenQuery(
      config,
      student.layout,
      next.parameters,
      (parameters, pass) => contextAt(parameters, micro, 1 + pass, chain.support.length),
      labeledPart(chain.support, micro, options),
      labeledPart(chain.query, micro, options),
    );
    const displacement = sub(state.parameters, next.parameters);
    state = next;
    return {
      pseudoLoss: pseudo.loss,
      pseudoNorm: pseudo.norm,
      inner,
      feedback: feedback(displacement, inner.queryGradient),
    };
  });
  return { steps, final: state };
}
