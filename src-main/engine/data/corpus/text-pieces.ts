/**
 * Places at which the tokenizer's words always end, whatever is before and after: in front of a space between two
 * words, after a line end, and between a stop of a script that uses no spaces and a letter of it.
 */
const WORD_END =
  /(?<=[\p{L}\p{N}\p{P}])(?= [\p{L}\p{N}\p{P}])|(?<=\n)(?=[\p{L}\p{N}])|(?<=[。！？，、])(?=[\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fa5])/gu;
/** Before the wanted length, where a place is looked for first. */
const LOOKED_BACK = 4096;

/**
 * A text in pieces of about `length` UTF-16 units that have the same tokens, one after the other, as the whole. Where words
 * end nowhere, the piece is longer.
 */
export function textPieces(text: string, length: number): string[] {
  const pieces: string[] = [];
  let start = 0;
  while (text.length - start > length) {
    const end = wordEnd(text, start + length - Math.min(LOOKED_BACK, length), start + length);
    pieces.push(text.slice(start, end));
    start = end;
  }
  if (start < text.length) pieces.push(text.slice(start));
  return pieces;
}

/** The last end of a word in (from, to], else the first one after. */
function wordEnd(text: string, from: number, to: number): number {
  let last = -1;
  WORD_END.lastIndex = from + 1;
  for (let found = WORD_END.exec(text); found !== null; found = WORD_END.exec(text)) {
    if (found.index > to) return last < 0 ? found.index : last;
    last = found.index;
    WORD_END.lastIndex = found.index + 1;
  }
  return last < 0 ? text.length : last;
}
