/** The score that stands for a run in a list: the first of these that it has. */
export const LEADING_SCORES = ['SuperGLUE', 'Overall', 'accuracy', 'MLM', 'loss'] as const;

/** The best validation score to show for a run; null where it has none of the leading ones. */
export function leadingScore(
  bestScores: Readonly<Record<string, { readonly value: number; readonly step: number }>>,
): { readonly name: string; readonly value: number; readonly step: number } | null {
  for (const name of LEADING_SCORES) {
    const best = bestScores[name];
    if (best !== undefined) return { name, ...best };
  }
  return null;
}
