import { isFigure, type Table, type TableCell } from './table.ts';

/**
 * RFC 4180, lines ended by CR LF. Figures have every digit they were stored with; a column in which any figure has a
 * spread becomes three: mean, standard deviation and number of values. Unknown cells are empty; "NaN", "Infinity" and
 * "-Infinity" are written as such.
 */
export function tableToCsv({ columns, rows }: Table): string {
  const hasSpread = columns.map((_, at) => rows.some((row) => isFigure(row[at]) && row[at].std !== undefined));
  const head = columns.flatMap(({ header }, at) =>
    hasSpread[at] === true ? [`${header} mean`, `${header} std`, `${header} n`] : [header],
  );
  const body = rows.map((row) => columns.flatMap((_, at) => fields(row[at] ?? null, hasSpread[at] === true)));
  return [head, ...body].map((line) => `${line.map(quote).join(',')}\r\n`).join('');
}

function fields(cell: TableCell, hasSpread: boolean): string[] {
  if (!isFigure(cell)) return hasSpread ? [cell ?? '', '', ''] : [cell ?? ''];
  const value = String(cell.value);
  return hasSpread ? [value, cell.std === undefined ? '' : String(cell.std), String(cell.count)] : [value];
}

function quote(field: string): string {
  return /[",\r\n]/.test(field) || field !== field.trim() ? `"${field.replaceAll('"', '""')}"` : field;
}
