import type { GraphNode, Shape } from '../../graph/types.ts';
import { emitReshape, type EmitContext } from './emit-context.ts';
import { hasLibraryEntropy } from './library-passes.ts';
import type { NodeList, Ref } from './node-list.ts';
import { isFixed } from './own-memory.ts';
import { TF_TYPE, type Attributes } from './tensorflow-messages.ts';

/** (loss [R], gradient [R, V]) of softmax cross-entropy. */
export interface EmittedEntropy {
  readonly loss: Ref;
  readonly gradient: Ref;
}

const FLOAT: Attributes = { T: { type: TF_TYPE.float32 } };
const INT64: Attributes = { Tindices: { type: TF_TYPE.int64 } };

/** Softmax cross-entropy of logits [R, V] and labels [R], the way that is fastest where it runs. */
export function emitCrossEntropy(context: EmitContext, logits: GraphNode, labels: GraphNode): EmittedEntropy {
  const { list, compiled, tuning } = context;
  const inputs = [list, context.ref(logits), context.ref(labels)] as const;
  // The compiler knows TensorFlow's own op; the others write into memory that must not be kept.
  if (compiled || !tuning.entropyBySoftmax || isFixed(logits)) return emitFusedEntropy(...inputs);
  return (hasLibraryEntropy(logits) ? emitSoftmaxEntropy : emitLogSoftmaxEntropy)(...inputs, logits.shape);
}

/** One kernel of TensorFlow's. */
function emitFusedEntropy(list: NodeList, logits: Ref, labels: Ref): EmittedEntropy {
  const [loss, gradient] = list.addNamed(
    'SparseSoftmaxCrossEntropyWithLogits',
    [logits, labels],
    { ...FLOAT, Tlabels: { type: TF_TYPE.int32 } },
    ['loss', 'backprop'],
  );
  if (loss === undefined || gradient === undefined) throw new Error('two outputs were asked for');
  return { loss, gradient };
}

/** Where labels stand in logits [R, V], as indices of rows of [R * V, 1]. */
class LabelPlaces {
  readonly #list: NodeList;
  readonly #shape: Shape;
  readonly #places: Ref;

  constructor(list: NodeList, labels: Ref, shape: Shape) {
    const [rows = 0, columns = 0] = shape;
    const bounds = [list.int32(0), list.int32(rows * columns), list.int32(columns)];
    const rowStarts = list.add('Range', bounds, { Tidx: { type: TF_TYPE.int32 } });
    this.#list = list;
    this.#shape = shape;
    this.#places = list.add('AddV2', [rowStarts, labels], { T: { type: TF_TYPE.int32 } });
  }

  /** The labels' values of `of` [R, V]: [R]. */
  pick(of: Ref): Ref {
    const gathered = this.#list.add('GatherV2', [this.#columnOf(of), this.#places, this.#list.int32(0)], {
      Tparams: { type: TF_TYPE.float32 },
      Tindices: { type: TF_TYPE.int32 },
      Taxis: { type: TF_TYPE.int32 },
      batch_dims: { int: 0 },
    });
    return this.#reshaped(gathered, this.#shape.slice(0, 1));
  }

  /** `of` [R, V], added `apart`, less 1 at the labels, in its own memory: what else reads it must be among `readers`. */
  lessOne(of: Ref, readers: readonly Ref[]): Ref {
    const list = this.#list;
    const ones = list.add('Fill', [list.int32([this.#shape[0] ?? 0, 1]), list.float32(1)], {
      ...FLOAT,
      index_type: { type: TF_TYPE.int32 },
    });
    // TensorScatterSub would copy it.
    const less = list.add('InplaceSub', [this.#columnOf(of), this.#places, ones], FLOAT, { after: readers });
    return this.#reshaped(less, this.#shape);
  }

  #columnOf(of: Ref): Ref {
    return this.#reshaped(of, [this.#shape.reduce((product, size) => product * size, 1), 1]);
  }

  #reshaped(of: Ref, shape: Shape): Ref {
    return emitReshape({ list: this.#list }, of, shape, TF_TYPE.float32);
  }
}

/** The same from the library's log-softmax, which it computes several elements at a time, unlike its cross-entropy. */
function emitLogSoftmaxEntropy(list: NodeList, logits: Ref, labels: Ref, shape: Shape): EmittedEntropy {
  const places = new LabelPlaces(list, labels, shape);
  const logarithms = list.add('LogSoftmax', [logits], FLOAT);
  const loss = list.add('Neg', [places.pick(logarithms)], FLOAT);
  const probabilities = list.apart(() => list.add('Exp', [logarithms], FLOAT));
  return { loss, gradient: places.lessOne(probabilities, []) };
}

/** Below this a probability is too near to the smallest number for its logarithm to be exact. */
const LEAST_PROBABILITY = 1e-30;

/**
 * The same for large logits [R, V]: the library's softmax, from which 1 is subtracted at the labels in its own memory. The
 * loss is -log of the labels' probabilities; of rows where those are too small for that, the logits are passed over again.
 */
function emitSoftmaxEntropy(list: NodeList, logits: Ref, labels: Ref, shape: Shape): EmittedEntropy {
  const unary = (op: string, a: Ref): Ref => list.add(op, [a], FLOAT);
  const binary = (op: string, a: Ref, b: Ref): Ref => list.add(op, [a, b], FLOAT);
  const places = new LabelPlaces(list, labels, shape);
  const probabilities = list.apart(() => unary('Softmax', logits));
  const ofLabels = places.pick(probabilities);

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
  const farLosses = binary('Sub', emitReshape({ list }, logSum, [-1], TF_TYPE.float32), pick(places.pick(logits)));

  const loss = list.add('TensorScatterUpdate', [unary('Neg', unary('Log', ofLabels)), unlikely, farLosses], {
    ...FLOAT,
    ...INT64,
  });
  return { loss, gradient: places.lessOne(probabilities, [loss]) };
}
