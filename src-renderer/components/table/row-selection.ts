/** Which rows are chosen, by key, and where a range began. */
export interface RowSelection {
  readonly keys: ReadonlySet<string>;
  /** Index of the row that a range goes on from. */
  readonly anchor: number | undefined;
  /** Keys that the present range added: a range that shrinks gives them back. */
  readonly range: ReadonlySet<string>;
}

export const NOTHING_SELECTED: RowSelection = { keys: new Set(), anchor: undefined, range: new Set() };

/** Chooses the row, or no longer; a range goes on from there. */
export function toggleRow({ keys }: RowSelection, key: string, index: number): RowSelection {
  const next = new Set(keys);
  if (!next.delete(key)) next.add(key);
  return { keys: next, anchor: index, range: new Set() };
}

/** Where a range from the anchor to a row lies; from the row alone where there is no anchor. */
export function rangeTo({ anchor }: RowSelection, index: number): { first: number; last: number; anchor: number } {
  const from = anchor ?? index;
  return { first: Math.min(from, index), last: Math.max(from, index), anchor: from };
}

/** Replaces the present range by these keys; what was chosen before it stays. */
export function withRange(selection: RowSelection, keys: readonly string[], anchor: number): RowSelection {
  const range = new Set(keys);
  const kept = [...selection.keys].filter((key) => !selection.range.has(key));
  // A key that was chosen before the range is not the range's to give back.
  const before = new Set(kept);
  return {
    keys: new Set([...kept, ...range]),
    anchor,
    range: new Set([...range].filter((key) => !before.has(key))),
  };
}

/** Only these; ranges start afresh. */
export function selectKeys(keys: Iterable<string>): RowSelection {
  return { keys: new Set(keys), anchor: undefined, range: new Set() };
}
