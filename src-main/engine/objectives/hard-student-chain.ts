import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { cast, concat, div, equal, logicalNot, maximum, reshape, slice, sub, sum } from '../graph/ops.ts';
import type { GraphNode } from '../graph/types.ts';
import { feedback, groupedFeedback, type Feedback } from '../meta/feedback.ts';
import { groupedSupportThenQuery } from '../meta/grouped-support-query.ts';
import { studentGradient, supportThenQuery, type SupportQuery } from '../meta/support-query.ts';
import type { ModelContext } from '../model/model-context.ts';
import { parametersOf, type Parameters } from '../model/parameters.ts';
import { adamW, type AdamWScalars, type AdamWState } from '../optim/adamw.ts';
import { labeledPart, type LabeledInputs } from './labeled-feeds.ts';
import type { ModelState } from './model-state.ts';
import type { ObjectiveOptions } from './options.ts';
import type { StudentLossInput } from './student-loss.ts';

/** What one micro-step of the chain reports. */
export interface HardMicroStep {
  readonly pseudoLoss: GraphNode;
  readonly pseudoNorm: GraphNode;
  readonly inner: Omit<SupportQuery, 'queryGradient'>;
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

/** A micro-step's pseudo step: the student before and after it. */
interface PseudoStep {
  readonly loss: GraphNode;
  readonly norm: GraphNode;
  readonly before: AdamWState;
  readonly after: AdamWState;
}

/** Clipped AdamW steps on (xHat, yHat), one after the other. Positions where the teacher wrote PAD into xHat are ignored. */
function pseudoSteps(chain: HardChainInput): PseudoStep[] {
  const { config, options, student, xHat, yHat, contextAt } = chain;
  const { rows: N, unlabeledLength: S } = options.shapes;
  let state: AdamWState = student;
  return chain.scalars.map((scalars, micro) => {
    const part = (ids: GraphNode): GraphNode => slice(ids, [micro * N, 0], [N, S]);
    const { loss, norm, gradient } = studentGradient(
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
    const before = state;
    state = adamW(state, gradient, scalars, config.optimizer);
    return { loss, norm, before, after: state };
  });
}

/** Support and query of one micro-step after the other; the only way where logits are made in chunks. */
function measureInTurn(chain: HardChainInput, pseudo: readonly PseudoStep[]): HardMicroStep[] {
  const { config, options, student, support, query, contextAt } = chain;
  return pseudo.map(({ loss, norm, before, after }, micro) => {
    const inner = supportThenQuery(
      config,
      student.layout,
      after.parameters,
      (parameters, pass) => contextAt(parameters, micro, 1 + pass, support.length),
      labeledPart(support, micro, options),
      labeledPart(query, micro, options),
    );
    const displacement = sub(before.parameters, after.parameters);
    return { pseudoLoss: loss, pseudoNorm: norm, inner, feedback: feedback(displacement, inner.queryGradient) };
  });
}

/** The same side by side: support and query start from each pseudo step's result and change nothing of the student. */
function measureTogether(chain: HardChainInput, pseudo: readonly PseudoStep[]): HardMicroStep[] {
  const { config, options, student, support, query, contextAt } = chain;
  const P = student.layout.size;
  const stacked = (states: readonly AdamWState[]): GraphNode =>
    concat(
      states.map((state) => reshape(state.parameters, [1, P])),
      0,
    ); // [M, P]
  const after = stacked(pseudo.map((step) => step.after));
  const lossInput = (inputs: LabeledInputs): StudentLossInput => ({
    input: { ids: inputs.x, mayPad: inputs.mayPad },
    geometry: { batch: options.shapes.rows, length: inputs.length },
    labels: inputs.y,
    rowWeights: inputs.weights,
  });
  const all = groupedSupportThenQuery(
    config,
    student.layout,
    after,
    (parameters, pass) => contextAt(parameters, 0, 1 + pass, support.length),
    lossInput(support),
    lossInput(query),
  );
  const displacement = sub(stacked(pseudo.map((step) => step.before)), after);
  const measured = groupedFeedback(displacement, all.queryGradient);
  return pseudo.map(({ loss, norm }, micro) => {
    const own = (values: GraphNode): GraphNode => reshape(slice(values, [micro], [1]), []);
    return {
      pseudoLoss: loss,
      pseudoNorm: norm,
      inner: {
        supportLoss: own(all.supportLoss),
        supportNorm: own(all.supportNorm),
        queryLoss: own(all.queryLoss),
        queryNorm: own(all.queryNorm),
      },
      feedback: { unscaled: own(measured.unscaled), h: own(measured.h), used: own(measured.used) },
    };
  });
}

/**
 * The hard objective's student over a call's micro-batches, one after the other: a clipped AdamW step on (xHat, yHat),
 * then, from there, support steps and the query gradient, whose cosine with the step's displacement is the feedback h.
 */
export function hardStudentChain(chain: HardChainInput): HardStudentChain {
  const pseudo = pseudoSteps(chain);
  const measureOneByOne = pseudo.length === 1 || chain.options.chunkRows !== undefined;
  const steps = measureOneByOne ? measureInTurn(chain, pseudo) : measureTogether(chain, pseudo);
  return { steps, final: pseudo.at(-1)?.after ?? chain.student };
}
