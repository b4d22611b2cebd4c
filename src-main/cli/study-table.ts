import type { StudyRow } from './study-plan.ts';
import { table } from './table.ts';

/** Test accuracy of the report (section 7 of the method), one seed, by row and number of labels. */
const REPORT: Readonly<Record<string, Readonly<Record<number, number>>>> = {
  'MLM (latest)': { 10: 61.4, 20: 76.6, 40: 82.4, 80: 85.3, 160: 92.3 },
  'MLM (best loss)': { 10: 73.4, 20: 81.2, 40: 82.8, 80: 83.5, 160: 88.9 },
  hard: { 10: 60.6, 20: 62.9, 40: 74.8, 80: 86.0, 160: 90.5 },
  soft: { 10: 56.3, 20: 74.6, 40: 71.0, 80: 86.2, 160: 93.2 },
  'soft, fixed y': { 10: 75.1, 160: 94.0 },
};

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
  return cells.map(({ row, labels, accuracies }) => {
    const mean = accuracies.reduce((sum, value) => sum + value, 0) / accuracies.length;
    const squares = accuracies.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const std = accuracies.length < 2 ? null : Math.sqrt(squares / (accuracies.length - 1));
    return { row, labels, mean, std, seeds: accuracies.length, report: REPORT[row]?.[labels] ?? null };
  });
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
