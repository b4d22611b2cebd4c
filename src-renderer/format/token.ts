import { fateOf, type TokenFate } from '../../src-shared/run/token-fate.ts';

export interface AlignedToken {
  readonly position: number;
  readonly xU: string;
  readonly xHat: string;
  readonly yHat: string;
  /** Of x̂ and of ŷ against x_u. */
  readonly xHatFate: TokenFate;
  readonly yHatFate: TokenFate;
}

/** The three texts position by position; a shorter one ends in empty tokens. */
export function alignTokens(example: {
  readonly xU: readonly string[];
  readonly xHat: readonly string[];
  readonly yHat: readonly string[];
}): AlignedToken[] {
  return example.xU.map((xU, position) => {
    const xHat = example.xHat[position] ?? '';
    const yHat = example.yHat[position] ?? '';
    return { position, xU, xHat, yHat, xHatFate: fateOf(xU, xHat), yHatFate: fateOf(xU, yHat) };
  });
}

/** Share of positions where x̂ differs from the text, 0..1. */
export function shareChanged(tokens: readonly AlignedToken[]): number {
  if (tokens.length === 0) return 0;
  return tokens.filter(({ xHatFate }) => xHatFate !== 'kept').length / tokens.length;
}

/** A token to show: special ones without brackets; what has no picture (a byte of half a character) by its code. */
export function showToken(token: string): string {
  if (token.trim() === '') return token === '' ? '' : '␣';
  return token
    .trim()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(
      /[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/gu,
      (unseen) => `\\x${(unseen.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`,
    );
}
