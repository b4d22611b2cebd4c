import { beforeEach, describe, expect, it } from 'vitest';
import { runLength } from '../../../../src-main/engine/train/train-state.ts';
import { exportMetrics, readAxes } from '../../../../src-main/ipc/handlers/metric-files.ts';
import { readMetric } from '../../../../src-main/registry/metric-reads.ts';
import { appendMetrics } from '../../../../src-main/registry/metrics.ts';
import type { Registry } from '../../../../src-main/registry/open-registry.ts';
import { insertRun } from '../../../../src-main/registry/runs.ts';
import { preset } from '../../../../src-shared/config/presets/preset.ts';
import { decodeNumber, type JsonNumber } from '../../../../src-shared/run/number-json.ts';
import { registryWithRun, repeatableNumbers, RUN } from '../../registry/sample-run.ts';

const OTHER = 'run-2';
const LOSSES = [0.1 + 0.2, NaN, 5e-324, Infinity, -1.5, -Infinity, 1e21, 2 ** 53];

let db: Registry;
beforeEach(() => {
  db = registryWithRun();
  insertRun(db, { runId: OTHER, name: 'second, "quoted"', config: preset('two-moons-mlm'), createdAtMs: 2 });
  const steps = LOSSES.map((_, index) => index * 3);
  appendMetrics(db, RUN, [{ name: 'loss', steps, values: LOSSES }], 1_700_000_000_000);
  appendMetrics(db, RUN, [{ name: 'rate', steps: [1], values: [0.001] }], 1_700_000_000_500);
  appendMetrics(db, OTHER, [{ name: 'loss', steps: [0, 1], values: [3, 2] }], 1_700_000_000_900);
});

interface ExportedJson {
  runs: { runId: string; name: string; metrics: { name: string; points: [number, number, JsonNumber][] }[] }[];
}

/** All parts put together, as the page does it. */
async function exported(
  format: 'csv' | 'json',
  { runIds = [RUN], names, pointsPerPart }: { runIds?: string[]; names?: string[]; pointsPerPart?: number } = {},
) {
  const handler = exportMetrics({ db }, pointsPerPart);
  let [text, parts] = ['', 0];
  let at: Parameters<typeof handler>[0]['at'];
  for (;;) {
    const part = await handler({ runIds, names, format, at });
    text += part.text;
    parts += 1;
    if (part.next === null) return { text, parts, fileName: part.fileName };
    at = part.next;
  }
}

function pointsOfCsv(text: string, metric: string): [number, number][] {
  return text
    .split('\n')
    .filter((line) => line.split(',')[2] === metric)
    .map((line) => line.split(','))
    .map(([, , , step, , value]) => [Number(step), Number(value)]);
}

describe('exported metrics', () => {
  const stored = () => {
    const { steps, values } = readMetric(db, RUN, 'loss');
    return Array.from(steps, (step, i) => [step, values[i]]);
  };

  it('equal the registry number by number in CSV, NaN and infinities included', async () => {
    const { text, fileName } = await exported('csv');
    expect(pointsOfCsv(text, 'loss')).toEqual(stored());
    expect(text.split('\n').slice(0, 2)).toEqual([
      'run_id,run_name,metric,step,at_ms,value',
      'run-1,first,loss,0,1700000000000,0.30000000000000004',
    ]);
    expect(fileName).toBe('first-metrics.csv');
  });

  it('equal the registry number by number in JSON', async () => {
    const { text } = await exported('json');
    const [run] = (JSON.parse(text) as ExportedJson).runs;
    expect(run?.metrics.map(({ name }) => name)).toEqual(['loss', 'rate']);
    const points = run?.metrics[0]?.points.map(([step, , value]) => [step, decodeNumber(value)]);
    expect(points).toEqual(stored());
    expect(run?.metrics[1]?.points).toEqual([[1, 1_700_000_000_500, 0.001]]);
  });

  it.each([1, 2, 3, 7, 8, 9, 100])('are the same file in parts of %i points', async (pointsPerPart) => {
    for (const format of ['csv', 'json'] as const) {
      const runIds = [RUN, OTHER];
      const whole = await exported(format, { runIds });
      const inParts = await exported(format, { runIds, pointsPerPart });
      expect(inParts.text).toBe(whole.text);
      expect(inParts.parts).toBeGreaterThan(pointsPerPart < 11 ? 1 : 0);
      if (format === 'json') JSON.parse(inParts.text);
    }
  });

  it('hold the metrics asked for alone, and quote what CSV would take apart', async () => {
    const { text, fileName } = await exported('csv', { runIds: [RUN, OTHER], names: ['rate'] });
    expect(text.trim().split('\n')).toHaveLength(2);
    expect(fileName).toBe('metrics-of-2-runs.csv');
    expect((await exported('csv', { runIds: [OTHER] })).text).toContain('run-2,"second, ""quoted""",loss,0,');
    expect((JSON.parse((await exported('json', { names: ['none'] })).text) as ExportedJson).runs[0]?.metrics).toEqual(
      [],
    );
  });

  it('keep every point of a long series', async () => {
    const random = repeatableNumbers(1);
    const steps = Array.from({ length: 120_000 }, (_, index) => index);
    const values = steps.map(() => random());
    appendMetrics(db, RUN, [{ name: 'long', steps, values }], 5);
    const { text, parts } = await exported('csv', { names: ['long'] });
    expect(parts).toBe(3);
    expect(pointsOfCsv(text, 'long')).toEqual(steps.map((step, index) => [step, values[index]]));
  });

  it('refuse a run that is not there', async () => {
    await expect(exported('csv', { runIds: ['nobody'] })).rejects.toMatchObject({ code: 'registry/not-found' });
  });
});

describe('other x axes', () => {
  it('count the examples as the engine does', async () => {
    const axes = await readAxes({ db })({ runId: RUN, maxPoints: 100 });
    const { examplesPerStep } = runLength(preset('two-moons-mlm'));
    expect(axes.steps).toEqual(LOSSES.map((_, index) => index * 3));
    expect(axes.examplesSeen).toEqual(axes.steps.map((step) => step * examplesPerStep));
    expect(axes.trainedMs).toHaveLength(axes.steps.length);
  });
});
