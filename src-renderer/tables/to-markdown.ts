import { isFigure, plainFigure, type Table, type TableCell } from './table.ts';

/** A GitHub-flavoured Markdown table; the best of a row is bold, digits fit the spread. */
export function tableToMarkdown({ columns, rows }: Table): string {
  const head = columns.map(({ header }) => escapeMarkdown(header));
  const rule = columns.map(({ align }) => (align === 'right' ? '---:' : ':---'));
  const body = rows.map((row) => columns.map((_, at) => cellText(row[at] ?? null)));
  return [head, rule, ...body].map((line) => `| ${line.join(' | ')} |\n`).join('');
}

function cellText(cell: TableCell): string {
  if (!isFigure(cell)) return escapeMarkdown(cell ?? '');
  const text = plainFigure(cell);
  return cell.isBest ? `**${text}**` : text;
}

/** Text that Markdown shows as it is; a line break becomes a space. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>|~]/g, '\\$&').replace(/\s*[\r\n]+\s*/g, ' ');
}
