import type { TokenPiece } from '../../../../src-shared/ipc/data-protocol.ts';
import { decodeByteLevel } from '../byte-alphabet.ts';

/** A character has at most four bytes, and so at most four tokens. */
const MOST_TOKENS = 4;

/**
 * Ids as text that can be shown: tokens that hold parts of one character are put together. What spells no text even
 * then stays a piece of its own, with U+FFFD.
 * @param tokenOf the token of an id, in printable bytes
 */
export function tokenPieces(ids: readonly number[], tokenOf: (id: number) => string | undefined): TokenPiece[] {
  const pieces: TokenPiece[] = [];
  for (let at = 0; at < ids.length;) {
    const piece = pieceAt(ids, at, tokenOf);
    pieces.push(piece);
    at += piece.ids.length;
  }
  return pieces;
}

function pieceAt(ids: readonly number[], at: number, tokenOf: (id: number) => string | undefined): TokenPiece {
  const alone = ids.slice(at, at + 1);
  for (let count = 1; count <= MOST_TOKENS && at + count <= ids.length; count++) {
    const some = ids.slice(at, at + count);
    const text = decodeByteLevel(some.map((id) => tokenOf(id) ?? ''));
    if (!text.includes('\ufffd')) return { ids: some, text };
  }
  return { ids: alone, text: decodeByteLevel(alone.map((id) => tokenOf(id) ?? '')) };
}
