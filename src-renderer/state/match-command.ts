/** Points for how a word of the query sits in a text; 0 where it does not. */
function wordScore(word: string, text: string): number {
  const at = text.indexOf(word);
  if (at === 0) return 8;
  if (at > 0) return /[\s\-_.·/]/.test(text[at - 1] ?? '') ? 6 : 3;
  return isSubsequence(word, text) ? 1 : 0;
}

function isSubsequence(word: string, text: string): boolean {
  let from = 0;
  for (const letter of word) {
    const at = text.indexOf(letter, from);
    if (at < 0) return false;
    from = at + 1;
  }
  return true;
}

/**
 * How well a query fits a command: every word of it must occur in the title (or, for fewer points, in the other words), at a
 * word's beginning best, as a subsequence least. 0 where one does not; 1 for the empty query.
 */
export function matchScore(query: string, title: string, otherWords = ''): number {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return 1;
  const [text, others] = [title.toLowerCase(), otherWords.toLowerCase()];
  let total = 0;
  for (const word of words) {
    // Half a point at most from the other words: a title that fits always comes first.
    const score = Math.max(wordScore(word, text), others.includes(word) ? 0.5 : 0);
    if (score === 0) return 0;
    total += score;
  }
  // Of equal matches the shorter title is the closer one.
  return total / words.length + 1 / (1 + text.length);
}

/** Those that fit, best first; equals stay in their order. */
export function bestMatches<T extends { readonly title: string; readonly words?: string }>(
  query: string,
  items: readonly T[],
): T[] {
  return items
    .map((item) => ({ item, score: matchScore(query, item.title, item.words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item);
}
