/** Row-major token ids [rows, length]; PAD = 0 to the right of a row's text. */
export interface IdMatrix {
  readonly ids: Int32Array;
  readonly rows: number;
  readonly length: number;
}

/** One micro-step's input for MLM and fine-tuning: ids in, target ids out (PAD where there is no target). */
export interface PairMicroBatch {
  readonly kind: 'pair';
  readonly x: IdMatrix;
  readonly y: IdMatrix;
}

/** One micro-step's input for the meta objectives and for MLM's logging of h. */
export interface MetaMicroBatch {
  readonly kind: 'meta';
  /** unlabeled text as it stands, its MLM pair, support pair, query pair */
  readonly xU: IdMatrix;
  readonly xM: IdMatrix;
  readonly yM: IdMatrix;
  readonly xS: IdMatrix;
  readonly yS: IdMatrix;
  readonly xQ: IdMatrix;
  readonly yQ: IdMatrix;
}

export type MicroBatch = PairMicroBatch | MetaMicroBatch;

/**
 * Training data of a run. `microBatch(i)` is a pure function of (seed, i), so that a resumed run sees what an
 * uninterrupted one would.
 */
export interface BatchSource {
  microBatch(index: number): MicroBatch;
}
