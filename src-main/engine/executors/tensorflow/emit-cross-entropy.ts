import type { Shape } from '../../graph/types.ts';
import { emitReshape } from './emit-context.ts';
import type { NodeList, Ref } from './node-list.ts';
import { TF_TYPE, type Attributes } from './tensorflow-messages.ts';

/** (loss [R], gradient [R, V]) of softmax cross-entropy. */
export interface EmittedEntropy {
  readonly loss: Ref;
  readonly gradient: Ref;
}

const FLOAT: Attributes = { T: { type: TF_TYPE.float32 } };
const INT64: Attributes = { Tindices: { type: TF_TYPE.int64 } };

/** One kernel of TensorFlow's. */
export function emitFusedEntropy(list: NodeList, logits: Ref, labels: Ref): EmittedEntropy {
  const [loss, gradient] = list.addNamed(
    'SparseSoftmaxCrossEntropyWithLogits',
    [logits, labels],
    { ...FLOAT, Tlabels: { type: TF_TYPE.int32 } },
    ['loss', 'backprop'],
  );
  if (loss === undefined || gradient === undefined) throw new Error('two outputs were asked for');
  return { loss, gradient };
}

/** Below this a probability is too near to the smallest number for its logarithm to be exact. */
const LEAST_PROBABILITY = 1e-30;

/**
 * The same for large logits [R, V]: the library's softmax, from which 1 is subtracted at the labels in its own memory. The
 * loss is -log of the labels' probabilities; of rows where those are too small for that, the logits are passed over again.
 */
export function emitSoftmaxEntropy(list: NodeList, logits: Ref, labels: Ref, shape: Shape): EmittedEntropy {
  const [rows = 0, columns = 0] = shape;
  const unary = (op: string, a: Ref): Ref => list.add(op, [a], FLOAT);
  const binary = (op: string, a: Ref, b: Ref): Ref => list.add(op, [a, b], FLOAT);
  const reshaped = (of: Ref, to: Shape): Ref => emitReshape({ list }, of, to, TF_TYPE.float32);
  const columnOf = (of: Ref): Ref => reshaped(of, [rows * columns, 1]);
  const probabilities = unary('Softmax', logits);
  // The labels' places in [R * V, 1].
  const bounds = [list.int32(0), list.int32(rows * columns), list.int32(columns)];
  const rowStarts = list.add('Range', bounds, { Tidx: { type: TF_TYPE.int32 } });
  const places = list.add('AddV2', [rowStarts, labels], { T: { type: TF_TYPE.int32 } });
  const atLabels = (of: Ref): Ref => {
    const gathered = list.add('GatherV2', [columnOf(of), places, list.int32(0)], {
      Tparams: { type: TF_TYPE.float32 },
      Tindices: { type: TF_TYPE.int32 },
      Taxis: { type: TF_TYPE.int32 },
      batch_dims: { int: 0 },
    });
    return reshaped(gathered, [rows]);
  };
  const ofLabels = atLabels(probabilities);

  // Usually no row at all: [K] and [K, V] with K = 0.
  const unlikely = list.add('Where', [list.add('Less', [ofLabels, list.float32(LEAST_PROBABILITY)], FLOAT)], {
    T: { type: TF_TYPE.bool },
  });
  const pick = (of: Ref): Ref => list.add('GatherNd', [of, unlikely], { Tparams: { type: TF_TYPE.float32 }, ...INT64 });
  const reduce = (op: string, of: Ref): Ref =>
    list.add(op, [of, list.int32([1])], { ...FLOAT, Tidx: { type: TF_TYPE.int32 }, keep_dims: { bool: true } });
  const far = pick(logits);
  const top = reduce('Max', far);
  const logSum = binary('AddV2', top, unary('Log', reduce('Sum', unary('Exp', binary('Sub', far, top)))));
  const flat = reshaped(logSum, [-1]);
  const farLosses = binary('Sub', flat, pick(atLabels(logits)));

  const loss = list.add('TensorScatterUpdate', [unary('Neg', unary('Log', ofLabels)), unlikely, farLosses], {
    ...FLOAT,
    ...INT64,
  });
  const ones = list.add('Fill', [list.int32([rows, 1]), list.float32(1)], {
    ...FLOAT,
    index_type: { type: TF_TYPE.int32 },
  });
  // In the probabilities' own memory, so after the last other reader (TensorScatterSub would copy them).
  const lessOne = list.add('InplaceSub', [columnOf(probabilities), places, ones], FLOAT, { after: [loss] });
  return { loss, gradient: reshaped(lessOne, shape) };
}
