import type { EvaluationView } from '../../src-shared/ipc/run-views.ts';
import { encodeNumber } from '../../src-shared/run/number-json.ts';
import { tableToCsv } from '../tables/to-csv.ts';
import { evaluationPoints } from './compare-plots.ts';

interface EvaluatedRun {
  readonly runId: string;
  readonly name: string;
  readonly evaluations: readonly EvaluationView[];
}

/** Every value of an evaluation's score, one line per run and step, or as JSON of the shape that exported metrics have. */
export function evaluationText(
  { split, metric }: { readonly split: string; readonly metric: string },
  runs: readonly EvaluatedRun[],
  format: 'csv' | 'json',
): string {
  const points = runs.map((run) => ({ run, values: evaluationPoints(run.evaluations, split, metric) }));
  const name = `${split}.${metric}`;
  if (format === 'json') {
    const listed = points.map(({ run, values }) => ({
      runId: run.runId,
      name: run.name,
      metrics: [{ name, points: values.map(({ x, y }) => [x, encodeNumber(y)]) }],
    }));
    return `${JSON.stringify({ columns: ['step', 'value'], runs: listed })}\n`;
  }
  return tableToCsv({
    title: name,
    columns: ['run_id', 'run_name', 'metric', 'step', 'value'].map((header) => ({ header, align: 'left' })),
    rows: points.flatMap(({ run, values }) =>
      values.map(({ x, y }) => [run.runId, run.name, name, String(x), String(y)]),
    ),
  });
}
