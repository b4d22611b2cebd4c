import type { FixtureTensors } from '../fixture-files.ts';

/** A window that the reference's model has read. */
export interface RecordedWindow {
  readonly idx: number;
  readonly x: Int32Array; // [S]
  /** A token's logit at a position. */
  readonly at: (position: number, token: number) => number;
  /** The token of the highest logit (the first of equals). */
  readonly mostProbable: (position: number) => number;
  /** Its log-probability, nats. */
  readonly logProbability: (position: number) => number;
}

export interface RecordedLogits {
  readonly windows: readonly RecordedWindow[];
}

/** Recorded `features` [windows, S], `idxs` and `logits` [windows, S, V]. */
export function recordedLogits(tensors: FixtureTensors): RecordedLogits {
  const features = tensors.ids('features');
  const logits = tensors.get('logits');
  const S = features.length;
  const V = logits.shape[2] ?? 0;
  const windows = Array.from(tensors.get('idxs').values, (idx, row): RecordedWindow => {
    const logitsAt = (position: number): Float64Array => {
      const first = (row * S + position) * V;
      return logits.values.subarray(first, first + V);
    };
    return {
      idx,
      x: features.ids.subarray(row * S, (row + 1) * S),
      at: (position, token) => logitsAt(position)[token] ?? Number.NaN,
      mostProbable: (position) => {
        const all = logitsAt(position);
        return all.indexOf(Math.max(...all));
      },
      logProbability: (position) => {
        const all = logitsAt(position);
        const top = Math.max(...all);
        return -Math.log(all.reduce((sum, logit) => sum + Math.exp(logit - top), 0));
      },
    };
  });
  return { windows };
}
