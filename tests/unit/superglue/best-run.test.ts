import { describe, expect, it } from 'vitest';
import type { PipelineRun } from '../../../src-main/registry/pipeline-runs.ts';
import { bestCheckpoint, bestRun } from '../../../src-main/superglue/best-run.ts';
import type { CheckpointRecord, Scores } from '../../../src-shared/run/records.ts';

function checkpoint(kind: string, step: number, scores: Scores): CheckpointRecord {
  return { runId: 'r', kind, step, examplesSeen: step, file: kind, bytes: 1, sha256: kind, scores, savedAtMs: 0 };
}

function run(runId: string, ...checkpoints: CheckpointRecord[]): PipelineRun {
  const rest = { status: 'finished', ownerPid: null, seed: 0, totalExamples: 1, progress: null, error: null } as const;
  return { runId, task: 'CB', learningRate: 0.01, ...rest, checkpoints };
}

describe('bestCheckpoint', () => {
  it('goes by the mean of both metrics, not by one of them', () => {
    const best = bestCheckpoint('CB', [
      checkpoint('best-CB_Acc', 10, { CB_F1: 20, CB_Acc: 80, loss: 1 }),
      checkpoint('best-CB_F1', 20, { CB_F1: 60, CB_Acc: 50, loss: 2 }),
    ]);
    expect(best).toMatchObject({ score: 55, loss: 2, checkpoint: { step: 20 } });
  });

  it('takes the lower loss among equals, then the earlier step', () => {
    const equals = [
      checkpoint('best-a', 30, { RTE: 50, loss: 0.7 }),
      checkpoint('best-b', 20, { RTE: 50, loss: 0.6 }),
      checkpoint('best-c', 10, { RTE: 50, loss: 0.6 }),
      checkpoint('best-d', 5, { RTE: 50, loss: NaN }),
    ];
    expect(bestCheckpoint('RTE', equals)?.checkpoint.kind).toBe('best-c');
    expect(bestCheckpoint('RTE', equals.toReversed())?.checkpoint.kind).toBe('best-c');
  });

  it('leaves out what was not saved for being the best, and what was not measured', () => {
    expect(
      bestCheckpoint('CB', [
        checkpoint('latest', 30, { CB_F1: 90, CB_Acc: 90 }),
        checkpoint('best-loss', 20, { CB_F1: 90 }),
        checkpoint('best-Overall', 10, { CB_F1: NaN, CB_Acc: 90 }),
      ]),
    ).toBeUndefined();
  });
});

describe('bestRun', () => {
  it('is the one with the best checkpoint, and the first of equals', () => {
    const scores = { CB_F1: 40, CB_Acc: 60, loss: 1 };
    const runs = [
      run('low', checkpoint('best-Overall', 1, { ...scores, CB_F1: 30 })),
      run('first', checkpoint('best-Overall', 9, scores)),
      run('second', checkpoint('best-Overall', 1, scores)),
      run('none'),
    ];
    expect(bestRun('CB', runs)?.run.runId).toBe('first');
    expect(bestRun('CB', [run('none')])).toBeUndefined();
  });
});
