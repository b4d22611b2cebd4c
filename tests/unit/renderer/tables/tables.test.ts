import { describe, expect, it } from 'vitest';
import { exportTable } from '../../../../src-renderer/tables/export-table.ts';
import type { FigureCell, Table } from '../../../../src-renderer/tables/table.ts';
import { tableToCsv } from '../../../../src-renderer/tables/to-csv.ts';
import { escapeLatex, tableToLatex } from '../../../../src-renderer/tables/to-latex.ts';
import { tableToMarkdown } from '../../../../src-renderer/tables/to-markdown.ts';
import { tableToText } from '../../../../src-renderer/tables/to-text.ts';

const figure = (value: number, more: Partial<FigureCell> = {}): FigureCell => ({
  value,
  std: undefined,
  count: 1,
  format: 'score',
  isBest: false,
  ...more,
});

const table = (rows: Table['rows'], headers = ['Score', 'a']): Table => ({
  title: 'Scores of 2 runs',
  columns: headers.map((header, at) => ({ header, align: at === 0 ? 'left' : 'right' })),
  rows,
});

describe('CSV', () => {
  it('has every stored digit, quotes what CSV would misread, and ends lines with CR LF', () => {
    const odd = 'a "b", c\nd';
    expect(tableToCsv(table([[odd, figure(0.1 + 0.2)]]))).toBe('Score,a\r\n"a ""b"", c\nd",0.30000000000000004\r\n');
    expect(tableToCsv(table([[' x', figure(-3)]]))).toContain('" x",-3\r\n');
  });

  it('splits a column with spreads into mean, std and n, and leaves unknown cells empty', () => {
    const rows = [
      ['accuracy', figure(61.24, { std: 1.5, count: 3 })],
      ['loss', null],
      ['speed', figure(12)],
      ['text', 'none'],
    ];
    expect(tableToCsv(table(rows)).split('\r\n')).toEqual([
      'Score,a mean,a std,a n',
      'accuracy,61.24,1.5,3',
      'loss,,,',
      'speed,12,,1',
      'text,none,,',
      '',
    ]);
  });

  it('says what is not finite', () => {
    expect(
      tableToCsv(
        table([
          ['h', figure(NaN)],
          ['i', figure(-Infinity)],
        ]),
      ),
    ).toContain('h,NaN\r\ni,-Infinity');
  });
});

describe('Markdown', () => {
  it('aligns columns, marks the best, escapes bars and stars', () => {
    const rows = [
      ['a|b *c*\nd_e', figure(61.24, { std: 1.5, count: 3, isBest: true })],
      ['x', null],
    ];
    expect(tableToMarkdown(table(rows))).toBe(
      ['| Score | a |', '| :--- | ---: |', '| a\\|b \\*c\\* d\\_e | **61.2 ± 1.5** |', '| x |  |', ''].join('\n'),
    );
  });
});

describe('LaTeX', () => {
  it('escapes every character that LaTeX reads as its own, once', () => {
    expect(escapeLatex('100% & $5 #1 a_b {c} ~d^e \\f')).toBe(
      '100\\% \\& \\$5 \\#1 a\\_b \\{c\\} \\textasciitilde{}d\\textasciicircum{}e \\textbackslash{}f',
    );
    expect(escapeLatex('a\nb')).toBe('a b');
  });

  it('writes a booktabs tabular with math figures', () => {
    const rows = [
      ['accuracy', figure(61.24, { std: 1.5, count: 3, isBest: true }), figure(-0.000012, { format: 'value' })],
      ['lost', figure(NaN), null],
      ['inf', figure(Infinity), figure(1.5)],
    ];
    expect(tableToLatex(table(rows, ['Score', 'a_1', 'b']))).toBe(
      [
        '% Scores of 2 runs; needs \\usepackage{booktabs}',
        '\\begin{tabular}{lrr}',
        '  \\toprule',
        '  Score & a\\_1 & b \\\\',
        '  \\midrule',
        '  accuracy & $\\mathbf{61.2} \\pm 1.5$ & $-1.2 \\times 10^{-5}$ \\\\',
        '  lost & $\\mathrm{NaN}$ & -- \\\\',
        '  inf & $\\infty$ & $1.5$ \\\\',
        '  \\bottomrule',
        '\\end{tabular}',
        '',
      ].join('\n'),
    );
  });

  it('keeps a run name from ending the comment that names the table', () => {
    expect(tableToLatex({ ...table([]), title: 'a\n\\input{x}' }).split('\n')[0]).toBe(
      '% a \\input{x}; needs \\usepackage{booktabs}',
    );
  });
});

describe('text and files', () => {
  it('separates by tabs, whatever a name holds, with plain signs', () => {
    expect(tableToText(table([['a\tb', figure(-1.5)]]))).toBe('Score\ta\na b\t-1.5\n');
  });

  it('names files after the table', () => {
    expect(exportTable(table([]), 'LaTeX').fileName).toBe('scores-of-2-runs.tex');
    expect(exportTable(table([]), 'CSV')).toMatchObject({ fileName: 'scores-of-2-runs.csv', text: 'Score,a\r\n' });
  });
});
