import { getRun } from '../../registry/runs.ts';
import { listFineTunings } from '../../registry/two-moons-results.ts';
import { meanAndStd } from '../../../src-shared/run/two-moons-report.ts';
import type { Handler } from '../handler.ts';
import type { Host } from '../host.ts';
import { isAtReport, rowOf } from './two-moons-rows.ts';

export function readUnlabeledPoints({ db, unlabeledPoints }: Host): Handler<'data.unlabeledPoints'> {
  return ({ runId, points }) => {
    const coordinates = unlabeledPoints(getRun(db, runId).config, points);
    const axis = (offset: number): number[] =>
      Array.from({ length: coordinates.length / 2 }, (_, i) => coordinates[2 * i + offset] ?? 0);
    return { x: axis(0), y: axis(1) };
  };
}

export function readTwoMoonsResults({ db }: Host): Handler<'twoMoons.results'> {
  return ({ tested }) => {
    const cells = new Map<
      string,
      { row: string; atReport: boolean; labels: number; runIds: string[]; scores: number[] }
    >();
    for (const run of listFineTunings(db)) {
      const row = rowOf(run);
      const accuracy = run.scores[`test.${tested}.accuracy`];
      if (row === undefined || accuracy === undefined || !Number.isFinite(accuracy)) continue;
      const atReport = isAtReport(run);
      const key = `${row} ${atReport} ${run.labels}`;
      const cell = cells.get(key) ?? { row, atReport, labels: run.labels, runIds: [], scores: [] };
      cells.set(key, cell);
      cell.runIds.push(run.runId);
      cell.scores.push(accuracy);
    }
    return [...cells.values()].map(({ scores, ...cell }) => ({ ...cell, ...meanAndStd(scores) }));
  };
}
