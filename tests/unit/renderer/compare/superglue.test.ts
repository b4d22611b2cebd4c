import { describe, expect, it } from 'vitest';
import {
  bestKeys,
  macroAverage,
  scorePlaces,
  superGlueRows,
  superGlueTable,
  taskScoresOf,
} from '../../../../src-renderer/compare/superglue-rows.ts';
import { overallScores, SUPER_GLUE } from '../../../../src-main/engine/eval/overall-scores.ts';
import { metricScores } from '../../../../src-main/engine/eval/overall-scores.ts';
import { REPORT_SUPERGLUE, SUPERGLUE_TASKS } from '../../../../src-shared/run/report-superglue.ts';

const scores = (value: number): Record<string, number> =>
  Object.fromEntries(SUPERGLUE_TASKS.flatMap(({ metrics }) => metrics.map(({ key }) => [key, value])));

describe('SuperGLUE beside the report', () => {
  it('averages the report to what the report says', () => {
    const [mlm] = REPORT_SUPERGLUE;
    expect(macroAverage(mlm?.scores ?? {})?.toFixed(1)).toBe(mlm?.average.toFixed(1));
  });

  it('averages as the engine does, with its names of metrics', () => {
    const byTask = Object.fromEntries(
      SUPERGLUE_TASKS.map(({ task, metrics }, at) => [
        task,
        metrics.length === 2 ? ([10 * at, 10 * at + 6] as const) : 10 * at + 1,
      ]),
    );
    expect(macroAverage(metricScores(byTask))).toBeCloseTo(overallScores(SUPER_GLUE, byTask)['SuperGLUE'] ?? 0, 12);
  });

  it('has no average while a task is missing', () => {
    const { WSC: _, ...others } = scores(50);
    const [row] = superGlueRows([{ id: 'a', label: 'a', seeds: [others] }], []);
    expect(row).toMatchObject({ average: undefined, tasks: 7 });
    expect(macroAverage(scores(50))).toBe(50);
  });

  it('averages seeds per cell and per macro average, leaves out runs without scores, and marks the best', () => {
    const rows = superGlueRows(
      [
        { id: 'a', label: 'a', seeds: [scores(60), scores(62)] },
        { id: 'none', label: 'none', seeds: [{}] },
      ],
      REPORT_SUPERGLUE,
    );
    expect(rows.map(({ label }) => label)).toEqual(['a', 'Report: MLM', 'Report: soft']);
    expect(rows[0]?.average).toEqual({ value: 61, std: Math.SQRT2, count: 2 });
    const [own, mlm, soft] = rows.map((row) => bestKeys(rows, row));
    expect(own?.has('average') === true && own.has('COPA')).toBe(true);
    expect(mlm?.has('BoolQ')).toBe(true);
    expect(soft?.size).toBe(0);
  });

  it('finds scores wherever a run keeps them', () => {
    const kept = { 'validation.best.CB_F1': 70, 'validation.latest.CB_F1': 60, BoolQ: 1, 'validation.best.loss': 2 };
    expect(scorePlaces([kept])).toEqual(['', 'validation.best', 'validation.latest']);
    expect(taskScoresOf(kept, 'validation.best')).toEqual({ CB_F1: 70 });
    expect(taskScoresOf(kept, '')).toEqual({ BoolQ: 1 });
  });

  it('becomes a table with one column per metric', () => {
    const table = superGlueTable(superGlueRows([], REPORT_SUPERGLUE), 't');
    expect(table.columns.map(({ header }) => header)).toEqual([
      'Model',
      'BoolQ',
      'CB F1',
      'CB accuracy',
      'COPA',
      'MultiRC F1a',
      'MultiRC exact match',
      'ReCoRD F1',
      'ReCoRD exact match',
      'RTE',
      'WiC',
      'WSC',
      'Macro average',
    ]);
    expect(table.rows[0]?.at(-1)).toMatchObject({ value: 52.4, isBest: true });
    expect(table.rows[1]?.slice(1, -1).every((cell) => cell === null)).toBe(true);
  });
});
