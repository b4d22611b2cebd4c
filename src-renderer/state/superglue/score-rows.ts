import type { PipelineDetail, PipelineSummary } from '../../../src-shared/ipc/contract/superglue.ts';
import { REPORT_SUPERGLUE } from '../../../src-shared/run/report-superglue.ts';
import { averageOf, metricKeys } from '../../../src-shared/run/superglue-scores.ts';
import { superGlueRows, type SuperGlueRow } from '../../compare/superglue-rows.ts';
import { measure } from '../../format/measured.ts';
import type { Table, TableCell } from '../../tables/table.ts';

/** Pipelines, one a row, beside the report's published rows. */
export function pipelineScoreRows(pipelines: readonly PipelineSummary[]): SuperGlueRow[] {
  return superGlueRows(
    pipelines.map(({ pipelineId, name, scores }) => ({ id: pipelineId, label: name, seeds: [scores] })),
    REPORT_SUPERGLUE,
  );
}

export interface SharedAverage {
  readonly label: string;
  /** Mean over the tasks the pipeline has, of a task's two metrics first. */
  readonly value: number;
}

/** A pipeline's mean over the tasks it has a score of, and the published rows' over the same tasks. */
export function sharedAverages({
  name,
  tasks,
  scores,
}: Pick<PipelineSummary, 'name' | 'tasks' | 'scores'>): SharedAverage[] {
  const scored = tasks.filter((task) => metricKeys(task).every((key) => scores[key] !== undefined));
  if (scored.length === 0) return [];
  const rows = [{ label: name, scores }, ...REPORT_SUPERGLUE];
  return rows.flatMap(({ label, scores: own }) => {
    const complete = scored.every((task) => metricKeys(task).every((key) => own[key] !== undefined));
    const value = averageOf(scored, own);
    return complete && value !== undefined ? [{ label, value }] : [];
  });
}

/** What won each task, and how it was measured, to be taken away. */
export function bestTable({ summary, tasks }: PipelineDetail): Table {
  const figure = (value: number | null | undefined, format: 'score' | 'value' | 'count'): TableCell => {
    const measured = measure([value]);
    return measured === undefined ? null : { ...measured, format, isBest: false };
  };
  const right = (header: string) => ({ header, align: 'right' as const });
  return {
    title: `${summary.name}, best by task`,
    columns: [
      { header: 'Task', align: 'left' },
      right('First metric'),
      right('Second metric'),
      right('Mean'),
      right('Learning rate'),
      right('Seed'),
      right('Step'),
      right('Examples'),
    ],
    rows: tasks.map(({ task, best, scores, score, validation }) => {
      const [first = '', second = ''] = metricKeys(task);
      return [
        task,
        figure(scores[first], 'score'),
        figure(scores[second], 'score'),
        figure(score, 'score'),
        figure(best?.learningRate, 'value'),
        figure(best?.seed, 'count'),
        figure(best?.step, 'count'),
        figure(validation.lines, 'count'),
      ];
    }),
  };
}
