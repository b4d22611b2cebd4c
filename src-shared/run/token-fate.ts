/** What the teacher did with one token of the unlabeled text. */
export const TOKEN_FATES = ['kept', 'masked', 'replaced', 'special'] as const;
export type TokenFate = (typeof TOKEN_FATES)[number];

const MASK = '[MASK]';

/** Special tokens alone are spelled in brackets as one token; "[SEP]" in a text is split like any other. */
export function isSpecialToken(token: string): boolean {
  return /^\[[A-Z]+\d*\]$/.test(token);
}

export function fateOf(original: string, written: string): TokenFate {
  if (written === original) return 'kept';
  if (written === MASK) return 'masked';
  return isSpecialToken(written) ? 'special' : 'replaced';
}
