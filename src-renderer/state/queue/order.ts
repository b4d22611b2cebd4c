/** The list with one item at another place; places beyond the ends mean the ends. */
export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const item = items[from];
  if (item === undefined) return [...items];
  const rest = items.filter((_, index) => index !== from);
  rest.splice(Math.min(rest.length, Math.max(0, to)), 0, item);
  return rest;
}

/** The item that follows after such a move, as the main process wants it: null at the end. */
export function followerAfterMove<T>(items: readonly T[], from: number, to: number): T | null {
  const after = moved(items, from, to);
  const item = items[from];
  return item === undefined ? null : (after[after.indexOf(item) + 1] ?? null);
}

/** Where an item lands that is dropped into the gap before index `gap` of the list as it is shown. */
export function targetOfGap(from: number, gap: number): number {
  return gap > from ? gap - 1 : gap;
}
