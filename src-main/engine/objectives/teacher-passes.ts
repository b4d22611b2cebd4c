import { add, concat, gather, mul, reshape, slice, sum } from '../graph/ops.ts';
import type { GraphNode } from '../graph/types.ts';
import { linearCrossEntropy } from '../loss/linear-cross-entropy.ts';
import { headHidden, headOutput, type HeadName } from '../model/lm-head.ts';
import type { ModelContext } from '../model/model-context.ts';
import { encodeTokens } from '../model/transformer.ts';
import type { TeacherInputs } from './teacher-inputs.ts';

export interface TeacherPasses {
  /** What the heads read for x_u, [B*S, D]. */
  readonly unlabeled: GraphNode;
  /** The auxiliary losses as they are differentiated (weights of the feeds), one scalar. */
  readonly auxiliary: GraphNode;
  /** Their two parts: x_u -> (x_m, x_u) and x_m -> (x_m, y_m). */
  readonly lossXm: GraphNode;
  readonly lossYm: GraphNode;
}

/**
 * The teacher's three passes as one batch: x_u; x_u with the MLM task's token in front; x_m. The auxiliary losses teach it
 * to write MLM examples: from the second (x_m, x_u), from the third (x_m, y_m), the latter at masked positions only.
 */
export function teacherPasses(
  context: ModelContext,
  inputs: TeacherInputs,
  mayPad: boolean,
  chunkRows: number | undefined,
): TeacherPasses {
  const { xU, xM } = inputs;
  const [B = 0, S = 0] = xU.shape;
  const D = context.model.modelDim;
  const R = B * S;
  const asked = concat([slice(xM, [0, 0], [B, 1]), slice(xU, [0, 1], [B, S - 1])], 1);
  const encoded = encodeTokens(
    context,
    { ids: concat([xU, asked, xM], 0), mayPad, ...(mayPad && { keys: concat([xU, xU, xU], 0) }) },
    { batch: 3 * B, length: S },
  ); // [3*R, D]
  const fromMasked = slice(encoded, [2 * R, 0], [R, D]);
  const fromAsked = slice(encoded, [R, 0], [R, D]);

  const loss = (name: HeadName, rows: GraphNode, labels: GraphNode, rowWeights: GraphNode): [GraphNode, GraphNode] => {
    const { loss: total, perRow } = linearCrossEntropy({
      hidden: headHidden(context, rows, name),
      ...headOutput(context, name),
      labels,
      rowWeights,
      precision: context.precision,
      ...(chunkRows !== undefined && { chunkRows }),
    });
    return [total, mul(perRow, rowWeights)];
  };
  const xMLabels = reshape(xM, [R]);
  const { weights, maskedPositions, maskedLabels, maskedWeights } = inputs;
  const K = maskedLabels.shape[0] ?? 0;
  const [totalX, rowsX] = loss(
    'head_x',
    slice(encoded, [R, 0], [2 * R, D]),
    concat([xMLabels, xMLabels], 0),
    concat([weights, weights], 0),
  );
  const [totalY, rowsY] = loss(
    'head_y',
    concat([fromAsked, gather(fromMasked, maskedPositions)], 0),
    concat([reshape(asked, [R]), maskedLabels], 0),
    concat([weights, maskedWeights], 0),
  );
  return {
    unlabeled: slice(encoded, [0, 0], [R, D]),
    auxiliary: add(totalX, totalY),
    lossXm: add(sum(slice(rowsX, [0], [R])), sum(slice(rowsY, [0], [R]))),
    lossYm: add(sum(slice(rowsX, [R], [R])), sum(slice(rowsY, [R], [K]))),
  };
}
