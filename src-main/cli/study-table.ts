import { meanAndStd, reportAccuracy, type StudyRow } from '../../src-shared/run/two-moons-report.ts';
import { table } from './table.ts';

/** A measured cell: test accuracies x100, one per seed. */
export interface StudyCell {
  readonly row: string;
  readonly labels: number;
  readonly accuracies: readonly number[];
}

export interface StudyTableCell {
  readonly row: string;
  readonly labels: number;
  readonly mean: number;
  /** Sample standard deviation over seeds; null with one seed. */
  readonly std: number | null;
  readonly seeds: number;
  /** The report's value; null where it has none. */
  readonly report: number | null;
}

export function studyTable(cells: readonly StudyCell[]): StudyTableCell[] {
  return cells.map(({ row, labels, accuracies }) => ({
    row,
    labels,
    ...meanAndStd(accuracies),
    seeds: accuracies.length,
    report: reportAccuracy(row, labels),
  }));
}

/** "mean +/- std (report)" per row and number of labels. */
export function studyTableText(
  rows: readonly StudyRow[],
  labels: readonly number[],
  cells: readonly StudyTableCell[],
): string {
  const cellText = (row: string, count: number): string => {
    const cell = cells.find((one) => one.row === row && one.labels === count);
    if (cell === undefined || cell.seeds === 0) return '-';
    const spread = cell.std === null ? '' : ` +/- ${cell.std.toFixed(1)}`;
    return `${cell.mean.toFixed(1)}${spread} (${cell.report?.toFixed(1) ?? '-'})`;
  };
  return table([
    ['', ...labels.map((count) => `${count} labels`)],
    ...rows.map(({ label }) => [label, ...labels.map((count) => cellText(label, count))]),
  ]);
}
