import { describe, expect, it } from 'vitest';
import { listMetrics, readMetric } from '../../../src-main/registry/metric-reads.ts';
import { openRegistry } from '../../../src-main/registry/open-registry.ts';
import { listRunOverviews } from '../../../src-main/registry/runs.ts';
import { registryFile } from '../../../src-main/runs/run-files.ts';
import { createLargeHome } from '../../bench/large-home.ts';
import { inFolder } from '../engine/train/sample-checkpoint.ts';

describe('createLargeHome', () => {
  it('makes as many runs, metrics and points as it says', async () => {
    await inFolder((folder) => {
      const made = createLargeHome(folder, { runs: 60, metricNames: 30, points: 60_000 });
      const db = openRegistry(registryFile(folder));
      try {
        const runs = listRunOverviews(db);
        expect(runs).toHaveLength(60);
        expect(new Set(runs.map(({ status }) => status))).toEqual(new Set(['finished', 'failed', 'stopped']));
        expect(listMetrics(db, made.manyMetrics).length).toBeGreaterThanOrEqual(30);
        const { values } = readMetric(db, made.longSeries, 'student.loss');
        expect(values.length).toBeGreaterThanOrEqual(60_000);
        expect(listMetrics(db, made.ordinary).map(({ name }) => name)).toContain('student.loss');
      } finally {
        db.close();
      }
    });
  });
});
