import { GRID_SIDE } from './two-moons.ts';
import { CLS0_ID, SEP_ID } from './special-tokens.ts';
import type { Tokenizer } from './tokenizer.ts';

/**
 * The token of each number 0..63 at the beginning of a text and after a space. Every number is one token and numbers never
 * merge (a space begins each), so texts of numbers are encoded by look-up, some hundred times faster than by BPE.
 */
export interface NumberTokens {
  readonly first: Int32Array; // [64]
  readonly later: Int32Array; // [64]
}

export async function numberTokens(tokenizer: Tokenizer): Promise<NumberTokens> {
  const numbers = Array.from({ length: GRID_SIDE }, (_, number) => String(number));
  const encodings = await tokenizer.encode([...numbers, ...numbers.map((number) => ` ${number}`)]);
  const ids = Int32Array.from(encodings, ({ ids: tokens }, index) => {
    const [token] = tokens;
    if (token === undefined || tokens.length !== 1)
      throw new Error(`the Two Moons tokenizer cuts the number ${index % GRID_SIDE} into ${tokens.length} tokens`);
    return token;
  });
  return { first: ids.slice(0, GRID_SIDE), later: ids.slice(GRID_SIDE) };
}

/** Ids of rows of `numbersPerRow` numbers, `[CLS0] … [SEP]` each: [rows, numbersPerRow + 2]. */
export function encodeNumbers(values: Uint8Array, numbersPerRow: number, tokens: NumberTokens): Int32Array {
  const rows = values.length / numbersPerRow;
  const ids = new Int32Array(rows * (numbersPerRow + 2));
  let from = 0;
  let to = 0;
  for (let row = 0; row < rows; row++) {
    ids[to++] = CLS0_ID;
    ids[to++] = tokens.first[values[from++] ?? 0] ?? 0;
    for (let i = 1; i < numbersPerRow; i++) ids[to++] = tokens.later[values[from++] ?? 0] ?? 0;
    ids[to++] = SEP_ID;
  }
  return ids;
}
