import { mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRegistry, type Registry } from '../../../src-main/registry/open-registry.ts';
import { insertRun } from '../../../src-main/registry/runs.ts';
import { PredictedExamples } from '../../../src-main/superglue/predicted-examples.ts';
import { predictionFiles } from '../../../src-main/superglue/prediction-files.ts';
import { textFinetuning } from '../../../src-shared/config/presets/text.ts';
import { REQUESTS } from '../../../src-shared/ipc/contract.ts';
import type { PredictionRecord } from '../../../src-shared/run/prediction-record.ts';
import { writePrediction } from './predicted-run.ts';

let home: string;
let db: Registry;
let examples: PredictedExamples;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'metalmo-examples-'));
  db = openRegistry(':memory:');
  insertRun(db, { runId: 'cb', name: 'cb', config: textFinetuning('CB'), createdAtMs: 1 });
  insertRun(db, { runId: 'record', name: 'record', config: textFinetuning('ReCoRD'), createdAtMs: 1 });
  examples = new PredictedExamples(db, home);
});
afterEach(() => {
  db.close();
  rmSync(home, { recursive: true });
});

const LABELS = { contradiction: 0.5, entailment: -1, neutral: 'NaN' } as const;
function cb(idx: number, target: string, prediction: string, a = `text ${idx}`): PredictionRecord {
  return { idx, a, b: 'premise', target, prediction, isRight: target === prediction, labelScores: LABELS };
}
const CB = [
  cb(0, 'neutral', 'neutral'),
  cb(1, 'entailment', 'neutral', 'The Cat sat'),
  cb(2, 'entailment', 'entailment', 'the dog'),
  cb(3, 'contradiction', 'neutral'),
];

/** As the page asks: what it leaves out is filled in. */
function page(body: object) {
  const { rows, ...rest } = examples.page(REQUESTS['superglue.examples'].body.parse({ runId: 'cb', ...body }));
  return { ...rest, rows, idx: rows.map(({ idx }) => idx) };
}

describe('the examples of a predicted run', () => {
  it('come page by page with what the model says of every label', async () => {
    await writePrediction(home, 'cb', 'validation', CB);
    expect(page({ offset: 1, limit: 2 })).toMatchObject({ task: 'CB', total: 4, matching: 4, idx: [1, 2] });
    expect(page({ limit: 1 }).rows[0]).toEqual({
      idx: 0,
      group: null,
      a: 'text 0',
      b: 'premise',
      targets: ['neutral'],
      prediction: 'neutral',
      isRight: true,
      f1: null,
      scores: [
        { label: 'contradiction', value: 0.5 },
        { label: 'entailment', value: -1 },
        { label: 'neutral', value: NaN },
      ],
    });
  });

  it('are found by right and wrong, by a cell of the confusion table, by words and by number', async () => {
    await writePrediction(home, 'cb', 'validation', CB);
    expect(page({ show: 'wrong' })).toMatchObject({ matching: 2, idx: [1, 3] });
    expect(page({ show: 'right' }).idx).toEqual([0, 2]);
    expect(page({ target: 'entailment', prediction: 'neutral' }).idx).toEqual([1]);
    expect(page({ text: 'cat THE' }).idx).toEqual([1]);
    expect(page({ text: 'cat dog' })).toMatchObject({ matching: 0, total: 4 });
    expect(page({ idx: [3, 0] }).idx).toEqual([0, 3]);
  });

  it('are counted by target and prediction', async () => {
    await writePrediction(home, 'cb', 'validation', CB);
    expect(examples.confusion('cb')).toEqual({
      task: 'CB',
      labels: ['contradiction', 'entailment', 'neutral'],
      counts: [
        [0, 0, 1],
        [0, 1, 1],
        [0, 0, 1],
      ],
    });
  });

  it('have several right answers and no labels where answers are spans', async () => {
    const query = {
      idx: 4,
      a: 'q',
      b: 'p',
      target: ['Bern', 'City of Bern'],
      prediction: 'Bern',
      isRight: true,
      f1: 1,
    };
    await writePrediction(home, 'record', 'validation', [{ ...query, labelScores: {} } as PredictionRecord]);
    expect(page({ runId: 'record', target: 'City of Bern' }).rows).toMatchObject([
      { idx: 4, targets: ['Bern', 'City of Bern'] },
    ]);
    expect(examples.confusion('record')).toBeNull();
  });

  it('are counted and found by how much an answer overlaps with the right ones', async () => {
    const query = (idx: number, prediction: string, isRight: boolean, f1: number): PredictionRecord => ({
      ...{ idx, a: 'q', b: 'p', target: ['City of Bern'], prediction, isRight, f1, labelScores: {} },
    });
    const answers = [query(0, 'City of Bern', true, 1), query(1, 'Bern', false, 0.5), query(2, '', false, 0)];
    await writePrediction(home, 'record', 'validation', answers);
    expect(examples.overlaps('record')).toEqual({ exact: 1, partial: 1, none: 1 });
    expect(page({ runId: 'record', overlap: 'partial' })).toMatchObject({ idx: [1], rows: [{ f1: 0.5 }] });
    await writePrediction(home, 'cb', 'validation', CB);
    expect(examples.overlaps('cb')).toBeNull();
  });

  it('are of diagnostics too', async () => {
    await writePrediction(home, 'cb', 'AX-b', CB.slice(0, 1));
    expect(page({ split: 'AX-b' }).total).toBe(1);
    expect(examples.confusion('cb', 'AX-b')?.counts.flat()).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1]);
    expect(() => page({})).toThrow(/has not predicted its validation examples/);
  });

  it('are those of the last prediction, and none before the first', async () => {
    expect(() => page({})).toThrow(expect.objectContaining({ code: 'run/invalid-state' }));
    await writePrediction(home, 'cb', 'validation', CB);
    expect(page({}).total).toBe(4);
    await writePrediction(home, 'cb', 'validation', CB.slice(0, 2));
    // Another time stamp than the first file's, whatever the clock's resolution.
    utimesSync(predictionFiles(home, 'cb', 'validation').details, 1, 1);
    expect(page({}).total).toBe(2);
  });
});
