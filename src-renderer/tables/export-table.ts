import { fileNameOf } from '../files/save-file.ts';
import type { Table } from './table.ts';
import { tableToCsv } from './to-csv.ts';
import { tableToLatex } from './to-latex.ts';
import { tableToMarkdown } from './to-markdown.ts';

/** A table as a file. */
export interface TableFile {
  readonly fileName: string;
  readonly mediaType: string;
  readonly text: string;
}

export const TABLE_FORMATS = ['CSV', 'Markdown', 'LaTeX'] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

const WRITERS: Readonly<
  Record<TableFormat, { readonly ending: string; readonly mediaType: string; readonly write: (table: Table) => string }>
> = {
  CSV: { ending: 'csv', mediaType: 'text/csv', write: tableToCsv },
  Markdown: { ending: 'md', mediaType: 'text/markdown', write: tableToMarkdown },
  LaTeX: { ending: 'tex', mediaType: 'application/x-tex', write: tableToLatex },
};

export function exportTable(table: Table, format: TableFormat): TableFile {
  const { ending, mediaType, write } = WRITERS[format];
  return { fileName: `${fileNameOf(table.title)}.${ending}`, mediaType, text: write(table) };
}
