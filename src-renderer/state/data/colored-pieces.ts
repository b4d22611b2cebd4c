import type { EncodedText } from '../../../src-shared/ipc/data-protocol.ts';

export interface ColoredPiece {
  readonly text: string;
  /** Of the tokens that spell it, one after the other. */
  readonly ids: readonly number[];
  /** [start, end) in the text, code points. */
  readonly start: number;
  readonly end: number;
}

/** A text cut where its tokens meet: tokens that share a character stay together. */
export function coloredPieces(text: string, tokens: EncodedText['tokens']): ColoredPiece[] {
  const points = Array.from(text);
  const pieces: { ids: number[]; start: number; end: number }[] = [];
  for (const { id, start, end } of tokens) {
    const last = pieces.at(-1);
    if (last !== undefined && start < last.end) {
      last.ids.push(id);
      last.end = Math.max(last.end, end);
    } else pieces.push({ ids: [id], start, end });
  }
  return pieces.map((piece) => ({ ...piece, text: points.slice(piece.start, piece.end).join('') }));
}
