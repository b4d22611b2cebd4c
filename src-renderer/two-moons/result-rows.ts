import type { ResultCell } from '../../src-shared/ipc/contract/two-moons.ts';
import { REPORT_LABELS } from '../../src-shared/config/presets/two-moons.ts';
import { reportAccuracy, STUDY_ROWS } from '../../src-shared/run/two-moons-report.ts';

/** Accuracies of one row of the report's table by number of labels. */
export interface ResultRow {
  readonly label: string;
  readonly atReport: boolean;
  readonly cells: readonly { readonly own: ResultCell | undefined; readonly report: number | null }[];
}

export interface ResultTable {
  /** Numbers of labels, ascending: the report's, and those of runs. */
  readonly labels: readonly number[];
  readonly rows: readonly ResultRow[];
}

/**
 * The report's table with what runs of one's own reached: its rows always, further ones where there are runs. Runs at other
 * settings have rows of their own, without the report's values.
 */
export function resultTable(cells: readonly ResultCell[], withOthers: boolean): ResultTable {
  const shown = cells.filter(({ atReport }) => atReport || withOthers);
  const labels = [...new Set([...REPORT_LABELS, ...shown.map((cell) => cell.labels)])].sort((a, b) => a - b);
  const rows = [true, false].flatMap((atReport) =>
    STUDY_ROWS.map(({ label }): ResultRow => ({
      label,
      atReport,
      cells: labels.map((count) => ({
        own: shown.find((cell) => cell.row === label && cell.atReport === atReport && cell.labels === count),
        report: atReport ? reportAccuracy(label, count) : null,
      })),
    })),
  );
  return {
    labels,
    rows: rows.filter(({ cells: row }) => row.some(({ own, report }) => own !== undefined || report !== null)),
  };
}
