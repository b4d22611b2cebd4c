import type { StepOfRun, WrittenText } from '../../src-shared/ipc/contract/teacher-examples.ts';
import { findInTokens } from '../../src-shared/run/find-in-tokens.ts';
import { fateOf, isSpecialToken, type TokenFate } from '../../src-shared/run/token-fate.ts';
import { showToken } from '../format/token.ts';

/** One token as it is shown. */
export interface ShownToken {
  readonly text: string;
  /** Undefined in the unlabeled text itself. */
  readonly fate: TokenFate | undefined;
  /** Written otherwise at the kept step before. */
  readonly isNew: boolean;
  /** Part of what was searched for. */
  readonly isFound: boolean;
  /** All that is known of it, for the pointer. */
  readonly title: string;
}

/** The unlabeled text, or one head of one run, position by position. */
export interface TokenRow {
  /** Undefined for the unlabeled text. */
  readonly runId: string | undefined;
  readonly head: 'u' | 'x' | 'y';
  readonly tokens: readonly ShownToken[];
}

export interface ShownText {
  readonly textIndex: number;
  readonly rows: readonly TokenRow[];
  readonly isFound: boolean;
}

/** Runs that wrote for the same texts, and those texts with what each of them wrote. */
export interface TextGroup {
  readonly textsKey: string;
  readonly runIds: readonly string[];
  /** Special tokens are shown by their first letter. */
  readonly isTerse: boolean;
  readonly texts: readonly ShownText[];
}

/**
 * What runs wrote, text by text, in rows that stand below each other.
 * @param isFixedY runs whose target is the text itself: their y\u0302 needs no row
 */
export function groupTexts(
  written: readonly StepOfRun[],
  search: string,
  isFixedY: (runId: string) => boolean,
): TextGroup[] {
  return [...Map.groupBy(written, ({ textsKey }) => textsKey)].map(([textsKey, runs]) => {
    const unlabeled = runs[0]?.texts ?? [];
    const isShort = isTerse(unlabeled);
    const show = isShort ? shortToken : showToken;
    const shown = unlabeled.map((text, place) => {
      const rows = [
        unlabeledRow(text, search, show),
        ...runs.flatMap(({ runId, texts }) => {
          const own = texts[place] ?? text;
          const y = isFixedY(runId) ? [] : [writtenRow(runId, 'y', own, search, show)];
          return [writtenRow(runId, 'x', own, search, show), ...y];
        }),
      ];
      return {
        textIndex: text.textIndex,
        rows,
        isFound: rows.some(({ tokens }) => tokens.some(({ isFound }) => isFound)),
      };
    });
    return { textsKey, runIds: runs.map(({ runId }) => runId), isTerse: isShort, texts: shown };
  });
}

/** Tokens this short leave no room for "MASK". */
const TERSE = 3;

/** Whether the texts' ordinary tokens are all short, like the numbers of Two Moons. */
function isTerse(texts: readonly WrittenText[]): boolean {
  return texts.every(({ xU }) => xU.every((token) => isSpecialToken(token) || showToken(token).length <= TERSE));
}

/** "M" for [MASK], "C12" for [CLS12]: beside numbers a letter is enough. */
export function shortToken(token: string): string {
  const shown = showToken(token);
  return isSpecialToken(token) ? shown.replace(/^([A-Z])[A-Z]*/, '$1') : shown;
}

function unlabeledRow({ xU }: WrittenText, search: string, show: (token: string) => string): TokenRow {
  const found = new Set(findInTokens(xU, search));
  const tokens = xU.map((token, position) => ({
    text: show(token),
    fate: undefined,
    isNew: false,
    isFound: found.has(position),
    title: `position ${position + 1}: ${showToken(token)}`,
  }));
  return { runId: undefined, head: 'u', tokens };
}

function writtenRow(
  runId: string,
  head: 'x' | 'y',
  text: WrittenText,
  search: string,
  show: (token: string) => string,
): TokenRow {
  const name = head === 'x' ? 'xHat' : 'yHat';
  const found = new Set(findInTokens(text[name], search));
  const tokens = text.xU.map((original, position) => {
    const token = text[name][position] ?? '';
    const before = text.before?.[name][position];
    const fate = fateOf(original, token);
    const isNew = before !== undefined && before !== token;
    const was = isNew ? `, before: ${showToken(before)}` : '';
    return {
      text: show(token),
      fate,
      isNew,
      isFound: found.has(position),
      title: `position ${position + 1}: ${showToken(original)} → ${showToken(token)} (${fate}${was})`,
    };
  });
  return { runId, head, tokens };
}

/** Share of tokens that were written otherwise at the step before, 0..1; undefined at the first step. */
export function shareNew(texts: readonly WrittenText[], head: 'x' | 'y'): number | undefined {
  const name = head === 'x' ? 'xHat' : 'yHat';
  let [changed, all] = [0, 0];
  for (const text of texts) {
    if (text.before === null) return undefined;
    const { [name]: before } = text.before;
    all += text[name].length;
    changed += text[name].filter((token, position) => token !== before[position]).length;
  }
  return all === 0 ? undefined : changed / all;
}

/** Columns [from, to) of each line, so that lines of equal cells fill the width. */
export function linesOf(tokens: number, perLine: number): (readonly [number, number])[] {
  const width = Math.max(1, perLine);
  return Array.from({ length: Math.ceil(tokens / width) }, (_, line) => [
    line * width,
    Math.min(tokens, (line + 1) * width),
  ]);
}

const CHARACTER_PX = 7;
const NARROWEST_CELL = 3;
const WIDEST_CELL = 14;
const CELL_PADDING_PX = 8;

/**
 * Width of a cell that nearly every token of the unlabeled texts fits into, CSS pixels: the same at every step, so that nothing
 * moves while steps go by.
 */
export function cellWidth(texts: readonly ShownText[]): number {
  const lengths = texts.flatMap(({ rows }) => (rows[0]?.tokens ?? []).map(({ text }) => text.length));
  lengths.sort((a, b) => a - b);
  const usual = lengths[Math.floor(lengths.length * 0.98)] ?? NARROWEST_CELL;
  return Math.min(WIDEST_CELL, Math.max(NARROWEST_CELL, usual)) * CHARACTER_PX + CELL_PADDING_PX;
}
