import { encodeNumber } from '../../src-shared/run/number-json.ts';
import { metricFacts } from '../../src-shared/run/metric-catalogue.ts';

// Every stored point as text, in parts that put together are one file. A value is written with the fewest digits that
// read back as the same number; NaN and infinities by name.

export type ExportFormat = 'csv' | 'json';

/** What of a run's metric a part holds. */
export interface ExportRows {
  readonly steps: ArrayLike<number>;
  readonly atMs: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** The words of a format around and between the points. */
export interface ExportWriter {
  readonly fileStart: string;
  readonly runStart: (run: { readonly runId: string; readonly name: string }, isFirst: boolean) => string;
  readonly metricStart: (metric: string, isFirst: boolean) => string;
  readonly rows: (
    run: { readonly runId: string; readonly name: string },
    metric: string,
    rows: ExportRows,
    isContinued: boolean,
  ) => string;
  readonly metricEnd: string;
  readonly runEnd: string;
  readonly fileEnd: string;
}

/** One line per point: run, metric, step, time, value; what data frames call long. */
const CSV: ExportWriter = {
  fileStart: 'run_id,run_name,metric,step,at_ms,value\n',
  runStart: () => '',
  metricStart: () => '',
  rows(run, metric, { steps, atMs, values }) {
    const head = [run.runId, run.name, metric].map(quoted).join(',');
    let text = '';
    for (let i = 0; i < steps.length; i++) {
      text += `${head},${String(steps[i])},${String(atMs[i])},${String(values[i])}\n`;
    }
    return text;
  },
  metricEnd: '',
  runEnd: '',
  fileEnd: '',
};

/** { runs: [{ runId, name, metrics: [{ name, unit, points: [[step, atMs, value], …] }] }] }. */
const JSON_TEXT: ExportWriter = {
  fileStart: '{"columns":["step","atMs","value"],"runs":[',
  runStart: ({ runId, name }, isFirst) =>
    `${isFirst ? '' : ','}\n{"runId":${JSON.stringify(runId)},"name":${JSON.stringify(name)},"metrics":[`,
  metricStart: (metric, isFirst) =>
    `${isFirst ? '' : ','}\n{"name":${JSON.stringify(metric)},"unit":${JSON.stringify(metricFacts(metric).unit)},"points":[`,
  rows(_run, _metric, { steps, atMs, values }, isContinued) {
    let text = '';
    for (let i = 0; i < steps.length; i++) {
      const comma = isContinued || i > 0 ? ',' : '';
      text += `${comma}[${String(steps[i])},${String(atMs[i])},${JSON.stringify(encodeNumber(Number(values[i])))}]`;
    }
    return text;
  },
  metricEnd: ']}',
  runEnd: ']}',
  fileEnd: '\n]}\n',
};

export function exportWriter(format: ExportFormat): ExportWriter {
  return format === 'csv' ? CSV : JSON_TEXT;
}

export const MEDIA_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv;charset=utf-8',
  json: 'application/json',
};

/** As RFC 4180 wants it: in quotes where a comma, a quote or a line end would be taken for CSV's own. */
function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
