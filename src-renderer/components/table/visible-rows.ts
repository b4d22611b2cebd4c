/** Rows of a table are this high, CSS pixels (`--row`). */
export const ROW_HEIGHT = 28;

/** Rows `first`..`last`, both included; empty where `last < first`. */
export interface RowRange {
  readonly first: number;
  readonly last: number;
}

/** The rows to have in the page: those in sight, and `beyond` more on either side so that a scroll finds them there. */
export function visibleRows(scrollTop: number, viewHeight: number, total: number, beyond: number): RowRange {
  if (total === 0) return { first: 0, last: -1 };
  const first = Math.floor(scrollTop / ROW_HEIGHT) - beyond;
  const last = Math.ceil((scrollTop + viewHeight) / ROW_HEIGHT) - 1 + beyond;
  return { first: Math.min(Math.max(0, first), total - 1), last: Math.min(total - 1, Math.max(0, last)) };
}

/** The scroll position, nearest to the present one, at which a row is wholly in sight. */
export function scrollToRow(row: number, scrollTop: number, viewHeight: number): number {
  const top = row * ROW_HEIGHT;
  if (top < scrollTop) return top;
  return Math.max(scrollTop, top + ROW_HEIGHT - viewHeight);
}

/** Rows that fit into the view: how far a page key moves. */
export function rowsPerPage(viewHeight: number): number {
  return Math.max(1, Math.floor(viewHeight / ROW_HEIGHT) - 1);
}
