/** A column of a virtual table. */
export interface TableColumn<Row> {
  readonly id: string;
  readonly title: string;
  /** Said once, in the header. */
  readonly unit?: string;
  /** Numbers stand at the right end, so that they line up. */
  readonly isNumber?: boolean;
  /** The least it needs, CSS pixels. */
  readonly width: number;
  /** Takes what is left over. */
  readonly grows?: boolean;
  /** Where there is no room for all, the lowest go first; a column of `Infinity` always stays. */
  readonly priority: number;
  /** What a click on its header sorts by; left out where it doesn't sort. */
  readonly sortsBy?: string;
  /** Said where the pointer rests on the header. */
  readonly help?: string;
  /** Plain text of a cell, for copying and for the exact value on hover. */
  readonly text: (row: Row) => string;
}

export interface TableSort {
  readonly column: string;
  readonly direction: 'ascending' | 'descending';
}

/** The columns that have room side by side, in their order; the others are told by name where columns are chosen. */
export function fitColumns<Row>(columns: readonly TableColumn<Row>[], room: number): TableColumn<Row>[] {
  let fitting = [...columns];
  const needed = (): number => fitting.reduce((sum, { width }) => sum + width, 0);
  while (needed() > room) {
    const least = Math.min(...fitting.map(({ priority }) => priority));
    if (!Number.isFinite(least)) break;
    // Of equals the rightmost goes first.
    const at = fitting.findLastIndex(({ priority }) => priority === least);
    fitting = fitting.filter((_, index) => index !== at);
  }
  return fitting;
}

/** Widths for CSS grid. Where nothing grows, the last column takes the rest. */
export function gridTemplate(columns: readonly { readonly width: number; readonly grows?: boolean }[]): string {
  const grows = columns.some((column) => column.grows);
  return columns
    .map(({ width, grows: own }, index) =>
      own === true || (!grows && index === columns.length - 1) ? `minmax(${width}px, 1fr)` : `${width}px`,
    )
    .join(' ');
}
