import { insertAt } from '../../code-points.ts';
import type { Span } from './wsc-span.ts';

/** As the data has it: code points, `end` inclusive. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

export interface MarkedPassage {
  /** The passage with every entity wrapped in `*`. */
  readonly text: string;
  /** Where an answer's text is in it, [start, end). */
  spanOf(answer: TextRange): Span;
}

/**
 * Wraps entities in `*` and keeps where answers went. An answer goes by its entity's bounds as the reference looks them
 * up, by first and last character alike, so that an answer of one character has an empty span (its targets are then
 * all "none"). Deviation: an answer that is no entity (which ends the reference) is found by the marks before it; without
 * a mark in front, the space before it belongs to its first token.
 */
export function markEntities(text: string, entities: readonly TextRange[]): MarkedPassage {
  const marks = entities
    .flatMap(({ start, end }) => [
      { key: start, at: start },
      { key: end, at: end + 1 },
    ])
    .sort((a, b) => a.at - b.at);
  /** Position of each bound's mark in the marked text; of equal bounds the last counts. */
  const markOf = new Map(marks.map(({ key, at }, i) => [key, at + i]));
  const marked = insertAt(
    text,
    marks.map(({ at }) => at),
    '*',
  );
  const points = Array.from(marked);
  return {
    text: marked,
    spanOf({ start, end }) {
      const [first, last] = [markOf.get(start), markOf.get(end)];
      if (first !== undefined && last !== undefined) return [first + 1, last];
      const before = (at: number): number => marks.filter((mark) => mark.at <= at).length;
      const shifted = start + before(start);
      return [points[shifted - 1] === ' ' ? shifted - 1 : shifted, end + 1 + before(end)];
    },
  };
}
