import type { TableColumn } from './table-column.ts';

/** Rows as tab-separated text with a header, as spreadsheets and issue trackers take it. */
export function rowsAsText<Row>(columns: readonly TableColumn<Row>[], rows: readonly Row[]): string {
  const lines = [
    columns.map(({ title, unit }) => (unit === undefined ? title : `${title} (${unit})`)),
    ...rows.map((row) => columns.map((column) => column.text(row))),
  ];
  // A tab or line break inside a cell would end it.
  return lines.map((cells) => cells.map((cell) => cell.replace(/\s+/g, ' ').trim()).join('\t')).join('\n');
}
