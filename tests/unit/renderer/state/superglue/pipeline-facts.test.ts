import { describe, expect, it } from 'vitest';
import { gridRows } from '../../../../../src-renderer/state/superglue/grid.ts';
import {
  cellText,
  isUnderWay,
  predictionText,
  runsInWords,
  shareOfCell,
} from '../../../../../src-renderer/state/superglue/pipeline-facts.ts';
import { cell, detail, summary } from './pipelines.ts';

const progress = { step: 5, totalSteps: 20, examplesSeen: 40, totalExamples: 160, samplesPerSecond: 8 };

describe('what a pipeline shows', () => {
  it('says what became of its runs', () => {
    const runs = { total: 4, finished: 2, diverged: 1, working: 0, waiting: 0, endedEarly: 1, deleted: 0 };
    expect(runsInWords({ runs })).toBe('2 of 4 runs finished, 1 diverged, 1 ended early');
    expect(runsInWords({ runs: { ...runs, total: 1, finished: 1, diverged: 0, endedEarly: 0 } })).toBe(
      '1 of 1 run finished',
    );
    expect(isUnderWay(summary({ status: 'predicting' }))).toBe(true);
    expect(isUnderWay(summary({ status: 'incomplete' }))).toBe(false);
  });

  it('shows of a cell how far it is, then its score, and why there is none', () => {
    expect(cellText(cell({ status: 'queued' }))).toBe('waits');
    expect(cellText(cell({ status: 'starting' }))).toBe('starting');
    expect(cellText(cell({ status: 'running', progress, score: 50 }))).toBe('25\u202f%');
    expect(cellText(cell({ status: 'stopped', progress }))).toBe('stopped, 25\u202f%');
    expect(cellText(cell({ status: 'finished', score: 54.25 }))).toBe('54.3');
    expect(cellText(cell({ status: 'failed', error: 'The losses stay NaN.' }))).toBe('failed');
    expect(cellText(cell({ status: 'failed', error: 'The losses stay NaN.', score: 41 }))).toBe('failed, 41.0');
    expect(cellText(cell({ status: 'deleted' }))).toBe('deleted');
    expect(shareOfCell(cell({ status: 'queued' }))).toBeUndefined();
  });

  it('puts learning rates across and seeds within, in the pipeline’s order', () => {
    const cells = [0.04, 0.01].flatMap((learningRate) =>
      [0, 1].map((seed) => cell({ task: 'CB', learningRate, seed, runId: `${learningRate}-${seed}` })),
    );
    const rows = gridRows(detail({ tasks: ['CB'], learningRates: [0.04, 0.01], seeds: [0, 1] }, cells));
    expect(rows).toHaveLength(1);
    expect(rows[0]?.cells.map(({ runs }) => runs.map(({ runId }) => runId))).toEqual([
      ['0.04-0', '0.04-1'],
      ['0.01-0', '0.01-1'],
    ]);
  });

  it('counts the lines of a prediction', () => {
    expect(predictionText({ state: 'done', lines: 1, message: null })).toBe('1 line');
    expect(predictionText({ state: 'done', lines: 16, message: null })).toBe('16 lines');
    expect(predictionText({ state: 'failed', lines: null, message: 'A full disk.' })).toBe('failed');
  });
});
