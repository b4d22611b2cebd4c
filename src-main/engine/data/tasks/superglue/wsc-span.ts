/** A run of code points [start, end). */
export type Span = readonly [start: number, end: number];

interface Word {
  readonly start: number;
  readonly text: string;
}

/** Words between white space, with where they start in code points. */
function wordsOf(points: readonly string[]): Word[] {
  const words: Word[] = [];
  let start = -1;
  for (let i = 0; i <= points.length; i++) {
    const point = points[i];
    const isSpace = point === undefined || /\s/u.test(point);
    if (!isSpace && start < 0) start = i;
    if (isSpace && start >= 0) {
      words.push({ start, text: points.slice(start, i).join('') });
      start = -1;
    }
  }
  return words;
}

const bare = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();

/**
 * Where a WSC span is: at the word `index` if the text goes on there with the span's text, and otherwise (the data has
 * such rows) the first words from there on that occur in the span, letters and digits compared in lower case. [0, 0]
 * where none does.
 */
export function wscSpan(text: string, spanText: string, index: number): Span {
  const points = Array.from(text);
  const words = wordsOf(points);
  const at = words[index]?.start;
  if (at === undefined) return [0, 0];
  const length = Array.from(spanText).length;
  if (points.slice(at, at + length).join('') === spanText) return [at, at + length];
  const wanted = new Set(spanText.split(/\s+/u).map(bare));
  let [start, end] = [0, 0];
  for (const word of words.slice(index)) {
    if (wanted.has(bare(word.text))) {
      if (end === 0) start = word.start;
      end = word.start + Array.from(word.text).length;
    } else if (end > 0) break;
  }
  return [start, end];
}
