import { formatMeasured } from '../format/measured.ts';
import { asciiNumber, isFigure, type FigureCell, type Table, type TableCell } from './table.ts';

/** A `tabular` with booktabs rules, to be pasted into a `table`; the best of a row is bold, digits fit the spread. */
export function tableToLatex({ title, columns, rows }: Table): string {
  const line = (cells: readonly string[]): string => `  ${cells.join(' & ')} \\\\\n`;
  return [
    `% ${title.replace(/\s+/g, ' ')}; needs \\usepackage{booktabs}\n`,
    `\\begin{tabular}{${columns.map(({ align }) => (align === 'right' ? 'r' : 'l')).join('')}}\n`,
    '  \\toprule\n',
    line(columns.map(({ header }) => escapeLatex(header))),
    '  \\midrule\n',
    ...rows.map((row) => line(columns.map((_, at) => cellText(row[at] ?? null)))),
    '  \\bottomrule\n',
    '\\end{tabular}\n',
  ].join('');
}

function cellText(cell: TableCell): string {
  return isFigure(cell) ? figureText(cell) : escapeLatex(cell ?? '--');
}

function figureText(cell: FigureCell): string {
  const { value, std } = formatMeasured(cell, cell.format);
  const number = mathNumber(value);
  const mean = cell.isBest ? `\\mathbf{${number}}` : number;
  return std === undefined ? `$${mean}$` : `$${mean} \\pm ${mathNumber(std)}$`;
}

/** "1.5e-5" -> "1.5 \times 10^{-5}", "NaN" and "inf" as words. */
function mathNumber(text: string): string {
  const plain = asciiNumber(text);
  const scientific = /^(.*)e(-?\d+)$/.exec(plain);
  if (scientific !== null) return `${scientific[1] ?? ''} \\times 10^{${scientific[2] ?? ''}}`;
  if (plain.endsWith('inf')) return plain.replace('inf', '\\infty');
  return plain === 'NaN' ? '\\mathrm{NaN}' : plain;
}

const LATEX_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': '\\textquotedbl{}',
  '–': '--',
  '\u2212': '$-$',
  '±': '$\\pm$',
};

/** Text that LaTeX sets as it is; a line break becomes a space. */
export function escapeLatex(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\{}$&#%_~^<>|"–\u2212±]/g, (one) => LATEX_ESCAPES[one] ?? one);
}
