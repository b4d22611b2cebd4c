import { describe, expect, it } from 'vitest';
import {
  confusionRows,
  confusionTable,
  overlapsTable,
  predictedTotals,
} from '../../../../../src-renderer/state/superglue/confusion-table.ts';
import { markedParts } from '../../../../../src-renderer/state/superglue/marked-text.ts';
import {
  bestTable,
  pipelineScoreRows,
  sharedAverages,
} from '../../../../../src-renderer/state/superglue/score-rows.ts';
import { tableToCsv } from '../../../../../src-renderer/tables/to-csv.ts';
import { detail, summary } from './pipelines.ts';

const CONFUSION = {
  task: 'RTE' as const,
  labels: ['entailment', 'not_entailment'],
  counts: [
    [3, 1],
    [0, 0],
  ],
};

describe('the confusion table', () => {
  it('has totals both ways, and what is right of each target', () => {
    const [first, second] = confusionRows(CONFUSION);
    expect(first).toMatchObject({ target: 'entailment', total: 4, recall: 75 });
    expect(first?.cells.map(({ count, share }) => [count, share])).toEqual([
      [3, 0.75],
      [1, 0.25],
    ]);
    expect(second).toMatchObject({ total: 0, recall: undefined });
    expect(predictedTotals(CONFUSION)).toEqual([3, 1]);
  });

  it('can be taken away', () => {
    expect(tableToCsv(confusionTable(CONFUSION, 'Confusion')).split('\r\n').slice(0, 3)).toEqual([
      'Target,Predicted entailment,Predicted not_entailment,Total,"Right, %"',
      'entailment,3,1,4,75',
      'not_entailment,0,0,0,',
    ]);
    expect(tableToCsv(overlapsTable({ exact: 1, partial: 2, none: 3 }, 'Answers'))).toContain('partial match,2');
  });
});

describe('texts with marked spans', () => {
  it('are cut at the markers of the tasks that have them', () => {
    expect(markedParts('WiC', 'The *bank* is *high*')).toEqual([
      { text: 'The ', isMarked: false },
      { text: 'bank', isMarked: true },
      { text: ' is ', isMarked: false },
      { text: 'high', isMarked: true },
    ]);
  });

  it('stay whole where a star is no marker', () => {
    expect(markedParts('WSC', 'two * three')).toEqual([{ text: 'two * three', isMarked: false }]);
    expect(markedParts('CB', 'a *b* c')).toEqual([{ text: 'a *b* c', isMarked: false }]);
  });
});

describe('scores of pipelines', () => {
  const scores = { CB_F1: 60, CB_Acc: 70, COPA: 55 };

  it('stand beside the report', () => {
    const rows = pipelineScoreRows([summary({ scores }), summary({ pipelineId: 'other' })]);
    expect(rows.map(({ id, isPublished }) => [id, isPublished])).toEqual([
      ['superglue-1', false],
      ['Report: MLM', true],
      ['Report: soft', true],
    ]);
    expect(rows[0]).toMatchObject({ tasks: 2, average: undefined });
  });

  it('are averaged over the tasks there are, the report over the same', () => {
    const averages = sharedAverages({ name: 'mine', tasks: ['CB', 'COPA', 'RTE'], scores });
    expect(averages).toEqual([
      { label: 'mine', value: 60 },
      { label: 'Report: MLM', value: (69.35 + 57) / 2 },
    ]);
    expect(sharedAverages({ name: 'mine', tasks: ['CB'], scores: { CB_F1: 60 } })).toEqual([]);
  });

  it('can be taken away with what won each task', () => {
    const prediction = { state: 'done' as const, lines: 56, message: null };
    const best = { runId: 'r', learningRate: 0.01, seed: 0, checkpoint: 'best-Overall', step: 40 };
    const one = { task: 'CB' as const, best, scores, score: 65, validation: prediction, test: prediction };
    const [, line] = tableToCsv(bestTable({ ...detail({}), tasks: [one] })).split('\r\n');
    expect(line).toBe('CB,60,70,65,0.01,0,40,56');
  });
});
