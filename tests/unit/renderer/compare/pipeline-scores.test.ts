import { describe, expect, it } from 'vitest';
import { leadingPlace, pipelinePlaceLabel, pipelineScores } from '../../../../src-renderer/compare/pipeline-scores.ts';
import { scorePlaces, taskScoresOf } from '../../../../src-renderer/compare/superglue-rows.ts';
import type { PipelineSummary } from '../../../../src-shared/ipc/contract/superglue.ts';

const of = (runId: string, checkpoint: string, scores: Record<string, number>): PipelineSummary =>
  ({ source: { runId, name: runId, checkpoint }, scores }) as PipelineSummary;

describe('what was fine-tuned from a run', () => {
  it('fills the row of that run, by checkpoint, with the newest scores of every task', () => {
    const newestFirst = [
      of('a', 'latest', { CB_F1: 40, CB_Acc: 50 }),
      of('b', 'latest', { RTE: 99 }),
      of('a', 'best-loss', { RTE: 70 }),
      of('a', 'latest', { CB_F1: 1, CB_Acc: 1, RTE: 60 }),
      { ...of('a', 'latest', { WSC: 1 }), source: null },
    ];
    const scores = pipelineScores('a', newestFirst);
    expect(scores).toEqual({
      'pipeline.latest.CB_F1': 40,
      'pipeline.latest.CB_Acc': 50,
      'pipeline.latest.RTE': 60,
      'pipeline.best-loss.RTE': 70,
    });
    expect(scorePlaces([scores])).toEqual(['pipeline.best-loss', 'pipeline.latest']);
    expect(taskScoresOf(scores, 'pipeline.latest')).toEqual({ CB_F1: 40, CB_Acc: 50, RTE: 60 });
  });

  it('never puts one metric of a task beside another of an older pipeline', () => {
    const scores = pipelineScores('a', [of('a', 'latest', { CB_F1: 40 }), of('a', 'latest', { CB_F1: 1, CB_Acc: 2 })]);
    expect(scores).toEqual({ 'pipeline.latest.CB_F1': 1, 'pipeline.latest.CB_Acc': 2 });
  });

  it('comes before the scores of the runs themselves', () => {
    expect(leadingPlace(['pipeline.best-loss', 'pipeline.latest', 'validation.best'])).toBe('pipeline.latest');
    expect(leadingPlace(['pipeline.best-loss', 'validation.best'])).toBe('pipeline.best-loss');
    expect(leadingPlace(['test.latest', 'validation.best'])).toBe('validation.best');
    expect(leadingPlace(['test.latest'])).toBe('test.latest');
    expect(leadingPlace([])).toBeUndefined();
  });

  it('is named by its checkpoint', () => {
    expect(pipelinePlaceLabel('pipeline.best-loss')).toBe('Fine-tuned from best loss');
    expect(pipelinePlaceLabel('validation.best')).toBeUndefined();
  });
});
