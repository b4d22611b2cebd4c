import { AppError } from '../../../src-shared/app-error.ts';
import { CLS0_ID, SEP_ID } from './special-tokens.ts';
import type { Encoding } from './tokenizer.ts';

/** One row of an encoded example: `[CLS0] a [SEP]` or `[CLS0] a [SEP] b [SEP]`, padded to the example's longest window. */
export interface Window {
  readonly ids: Int32Array; // [S]
  /** 0 for a, 1 from b on, 0 at padding. */
  readonly typeIds: Uint8Array; // [S]
  /** Start and end of each token in its own text (code points); 0, 0 at special tokens and padding. */
  readonly offsets: Int32Array; // [S, 2]
}

export interface WindowOptions {
  /** Longest row, special tokens included. */
  readonly maxLength: number;
  /** Tokens two neighbouring windows share. */
  readonly stride: number;
}

/** A part [start, end) of a text's tokens. */
type Part = readonly [start: number, end: number];

/**
 * Cuts one text or a pair into windows of at most `maxLength` tokens, "longest first": a pair's shorter text keeps all its
 * tokens while it fits into half of the room. Where both are cut, windows are their cross product, in Hugging Face's order:
 * first with first, then each later part of a with every part of b, then the first of a with the later parts of b.
 * @throws AppError config/invalid when the stride is not smaller than a cut text's room
 */
export function cutWindows(a: Encoding, b: Encoding | undefined, options: WindowOptions): Window[] {
  const { maxLength, stride } = options;
  if (stride >= maxLength) throw strideError(stride, maxLength, maxLength);
  if (b === undefined) {
    const parts = cutParts(a.ids.length, roomOf(maxLength, 2), options);
    return assemble(
      a,
      undefined,
      parts.map((part) => [part]),
    );
  }
  const [roomA, roomB] = pairRooms(a.ids.length, b.ids.length, roomOf(maxLength, 3));
  const partsA = cutParts(a.ids.length, roomA, options);
  const partsB = cutParts(b.ids.length, roomB, options);
  const rows: [Part, Part][] = [];
  const [firstA, ...laterA] = partsA;
  const [firstB, ...laterB] = partsB;
  if (firstA === undefined || firstB === undefined) throw new Error('a text always has one part');
  rows.push([firstA, firstB]);
  for (const partA of laterA) for (const partB of partsB) rows.push([partA, partB]);
  for (const partB of laterB) rows.push([firstA, partB]);
  return assemble(a, b, rows);
}

function roomOf(maxLength: number, specialTokens: number): number {
  if (maxLength <= specialTokens)
    throw new AppError(
      'config/invalid',
      `Windows of ${maxLength} tokens leave no room beside ${specialTokens} special tokens; use a longer model.maxPositions.`,
    );
  return maxLength - specialTokens;
}

/** How many tokens of each text a window holds. */
function pairRooms(lengthA: number, lengthB: number, room: number): readonly [number, number] {
  if (lengthA + lengthB <= room) return [lengthA, lengthB];
  let shorter = Math.min(lengthA, lengthB);
  let longer = shorter > room ? shorter : Math.max(shorter, room - shorter);
  if (shorter + longer > room) {
    shorter = Math.floor(room / 2);
    longer = shorter + (room % 2);
  }
  return lengthA > lengthB ? [longer, shorter] : [shorter, longer];
}

function cutParts(length: number, room: number, { stride, maxLength }: WindowOptions): Part[] {
  if (length <= room) return [[0, length]];
  if (room === 0) return [[0, 0]];
  if (stride >= room) throw strideError(stride, room, maxLength);
  const parts: Part[] = [];
  for (let start = 0; ; start += room - stride) {
    const end = Math.min(start + room, length);
    parts.push([start, end]);
    if (end === length) return parts;
  }
}

function strideError(stride: number, room: number, maxLength: number): AppError {
  return new AppError(
    'config/invalid',
    `A window stride of ${stride} is not smaller than the ${room} tokens that a window of ${maxLength} has for one text. ` +
      'Use a smaller stride or a longer model.maxPositions.',
    { stride, room, maxLength },
  );
}

/** Windows of these parts of a and b, all as long as the longest. */
function assemble(a: Encoding, b: Encoding | undefined, rows: readonly (readonly [Part, Part?])[]): Window[] {
  const lengths = rows.map(([partA, partB]) => 2 + lengthOf(partA) + (partB === undefined ? 0 : 1 + lengthOf(partB)));
  const length = Math.max(...lengths);
  return rows.map(([partA, partB]) => {
    const window = {
      // PAD is 0
      ids: new Int32Array(length),
      typeIds: new Uint8Array(length),
      offsets: new Int32Array(2 * length),
    };
    window.ids[0] = CLS0_ID;
    const end = put(window, 1, a, partA, 0);
    if (b !== undefined && partB !== undefined) put(window, end, b, partB, 1);
    return window;
  });
}

const lengthOf = ([start, end]: Part): number => end - start;

/** A part of a text and the separator after it, from `at` on; where it ends. */
function put({ ids, typeIds, offsets }: Window, at: number, encoding: Encoding, part: Part, typeId: number): number {
  const end = at + lengthOf(part);
  ids.set(encoding.ids.subarray(...part), at);
  offsets.set(encoding.offsets.subarray(2 * part[0], 2 * part[1]), 2 * at);
  ids[end] = SEP_ID;
  typeIds.fill(typeId, at, end + 1);
  return end + 1;
}
