/** The first 33 ids of every vocabulary, in this order. */
export const PAD_ID = 0;
export const MASK_ID = 1;
export const SEP_ID = 2;
/** `[CLS0]`, the first token of an encoding before a task puts its own token there. */
export const CLS0_ID = 3;
export const TASK_TOKENS = 30;
/** Ids from here on are ordinary tokens. */
export const FIRST_ORDINARY_ID = CLS0_ID + TASK_TOKENS;

export const SPECIAL_TOKENS: readonly string[] = [
  '[PAD]',
  '[MASK]',
  '[SEP]',
  ...Array.from({ length: TASK_TOKENS }, (_, index) => `[CLS${index}]`),
];

/** Id of `[CLS<index>]`. */
export function taskTokenId(index: number): number {
  if (!(Number.isInteger(index) && index >= 0 && index < TASK_TOKENS)) throw new Error(`no task token [CLS${index}]`);
  return CLS0_ID + index;
}
