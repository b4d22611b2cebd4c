import { formatMeasured, type Measured, type MeasuredFormat } from '../format/measured.ts';

/** A table as it is shown and taken away. Every row has one cell per column. */
export interface Table {
  /** What it is, in a few words; also the name of its files. */
  readonly title: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly TableCell[])[];
}

export interface TableColumn {
  readonly header: string;
  readonly align: 'left' | 'right';
}

/** Text; a figure; or null where nothing is known. */
export type TableCell = string | FigureCell | null;

export interface FigureCell extends Measured {
  readonly format: MeasuredFormat;
  /** The best of its row: bold where a format has bold. */
  readonly isBest: boolean;
}

export function isFigure(cell: TableCell | undefined): cell is FigureCell {
  return typeof cell === 'object' && cell !== null;
}

/** What is written for a figure, in plain ASCII but for the sign between value and spread. */
export function plainFigure(cell: FigureCell, plusMinus = ' ± '): string {
  const { value, std } = formatMeasured(cell, cell.format);
  return asciiNumber(std === undefined ? value : `${value}${plusMinus}${std}`);
}

/** A number that other programs read: hyphen for minus, no thin spaces, "inf" as they spell it. */
export function asciiNumber(text: string): string {
  return text.replaceAll('\u2212', '-').replaceAll('\u202f', '').replaceAll('∞', 'inf');
}
