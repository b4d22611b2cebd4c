import { isFigure, plainFigure, type Table } from './table.ts';

/** Tab-separated lines as a spreadsheet or a chat takes them; digits fit the spread. */
export function tableToText({ columns, rows }: Table): string {
  const body = rows.map((row) =>
    columns.map((_, at) => {
      const cell = row[at] ?? null;
      return isFigure(cell) ? plainFigure(cell) : (cell ?? '');
    }),
  );
  return [columns.map(({ header }) => header), ...body]
    .map((line) => `${line.map((text) => text.replace(/[\t\r\n]+/g, ' ')).join('\t')}\n`)
    .join('');
}
