import { PAD_ID, taskTokenId } from '../special-tokens.ts';

/** First token of every masked text. */
export const MLM_TASK_TOKEN = taskTokenId(1);

/**
 * Share of the masked positions predicted right, per row (section 6).
 * @param predicted arg-max ids [rows, length]
 * @param targets ids [rows, length], PAD where nothing was masked
 * @returns NaN for a row without masked positions
 */
export function maskedAccuracy(predicted: Int32Array, targets: Int32Array, rows: number, length: number): Float64Array {
  const shares = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let masked = 0;
    let correct = 0;
    for (let i = row * length; i < (row + 1) * length; i++) {
      if (targets[i] === PAD_ID) continue;
      masked++;
      if (predicted[i] === targets[i]) correct++;
    }
    shares[row] = masked === 0 ? Number.NaN : correct / masked;
  }
  return shares;
}
