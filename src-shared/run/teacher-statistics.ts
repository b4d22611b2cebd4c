import type { TeacherExample } from './records.ts';
import { fateOf, type TokenFate } from './token-fate.ts';

export const TEACHER_HEADS = ['x', 'y'] as const;
/** Which of the two texts a teacher writes: x̂, the student's input, or ŷ, its target. */
export type TeacherHead = (typeof TEACHER_HEADS)[number];

/** What one head of a teacher wrote at one step, over all positions of all probe texts. */
export interface HeadStatistics {
  /** Shares of positions by what became of the text's token, 0..1; together 1. */
  readonly kept: number;
  readonly masked: number;
  readonly replaced: number;
  readonly special: number;
  /** How many different tokens were written. */
  readonly distinct: number;
  readonly topToken: string;
  /** Share of positions with the most frequent token, 0..1. */
  readonly topShare: number;
  /** Entropy of the distribution of written tokens, nats; 0 where all are the same. */
  readonly tokenEntropy: number;
  /** Mean entropy of the teacher's own distributions, nats per position; NaN where it was not measured. */
  readonly teacherEntropy: number;
}

export interface TeacherStatistics {
  readonly x: HeadStatistics;
  readonly y: HeadStatistics;
  /** Share of the most frequent token of the unlabeled texts themselves, 0..1. */
  readonly textTopShare: number;
}

export function teacherStatistics(
  examples: readonly Pick<TeacherExample, 'xU' | 'xHat' | 'yHat'>[],
  entropy: { readonly x: number; readonly y: number },
): TeacherStatistics {
  const texts = examples.flatMap(({ xU }) => xU);
  const head = (name: 'xHat' | 'yHat', teacherEntropy: number): HeadStatistics => {
    const written = examples.flatMap((example) => example.xU.map((_, at) => example[name][at] ?? ''));
    return { ...fateShares(texts, written), ...frequencies(written), teacherEntropy };
  };
  return { x: head('xHat', entropy.x), y: head('yHat', entropy.y), textTopShare: frequencies(texts).topShare };
}

/** Share of positions of each fate, 0..1; all 0 where there are no positions. */
export function fateShares(texts: readonly string[], written: readonly string[]): Record<TokenFate, number> {
  const shares: Record<TokenFate, number> = { kept: 0, masked: 0, replaced: 0, special: 0 };
  texts.forEach((token, at) => {
    shares[fateOf(token, written[at] ?? '')] += 1 / texts.length;
  });
  return shares;
}

function frequencies(
  tokens: readonly string[],
): Pick<HeadStatistics, 'distinct' | 'topToken' | 'topShare' | 'tokenEntropy'> {
  const counts = new Map<string, number>();
  for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
  let [topToken, top, tokenEntropy] = ['', 0, 0];
  for (const [token, count] of counts) {
    if (count > top) [topToken, top] = [token, count];
    const share = count / tokens.length;
    tokenEntropy -= share * Math.log(share);
  }
  const topShare = tokens.length === 0 ? 0 : top / tokens.length;
  // -0 where there is one token only
  return { distinct: counts.size, topToken, topShare, tokenEntropy: Math.max(0, tokenEntropy) };
}
