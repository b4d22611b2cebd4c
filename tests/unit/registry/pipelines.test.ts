import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Registry } from '../../../src-main/registry/open-registry.ts';
import { findPipeline, insertPipeline } from '../../../src-main/registry/pipelines.ts';
import { pipelineRunIds, pipelineRuns, pipelinesOfRuns } from '../../../src-main/registry/pipeline-runs.ts';
import { adoptWaitingRuns, enqueueRun, waitingRunIds } from '../../../src-main/registry/queue.ts';
import { setRunTrashed } from '../../../src-main/registry/run-edits.ts';
import { insertRun } from '../../../src-main/registry/runs.ts';
import { textFinetuning } from '../../../src-shared/config/presets/text.ts';
import { registryWithRun, RUN } from './sample-run.ts';

let db: Registry;
beforeEach(() => {
  db = registryWithRun();
  for (const [pipelineId, name] of [
    ['superglue-20261123-01', 'mine'],
    ['superglue-20261123-02', 'twin'],
    ['superglue-20261123-03', 'twin'],
  ] as const) {
    insertPipeline(db, {
      pipelineId,
      name,
      createdAtMs: 1,
      sourceRunId: RUN,
      sourceName: 'first',
      sourceCheckpoint: 'latest',
      superglue: 'glue',
      tasks: ['CB'],
      learningRates: [0.01],
      seeds: [0, 1],
      ownerPid: null,
    });
  }
});
afterEach(() => db.close());

const ID = 'superglue-20261123-01';
function addRuns(): void {
  for (const seed of [0, 1]) {
    const config = { ...textFinetuning('CB'), seed };
    insertRun(db, { runId: `cb-${seed}`, name: 'cb', config, createdAtMs: 1, sweepId: ID });
  }
}

describe('findPipeline', () => {
  it('takes an id, the beginning of one or a name, as long as it is one pipeline', () => {
    expect(findPipeline(db, ID).pipelineId).toBe(ID);
    expect(findPipeline(db, 'mine').pipelineId).toBe(ID);
    expect(findPipeline(db, 'superglue-20261123-03').name).toBe('twin');
    for (const [text, code] of [
      ['twin', 'registry/conflict'],
      ['superglue', 'registry/conflict'],
      ['nobody', 'registry/not-found'],
      ['', 'registry/not-found'],
    ] as const) {
      expect(() => findPipeline(db, text), text).toThrow(expect.objectContaining({ code }));
    }
  });
});

describe('the runs of a pipeline', () => {
  it('have what tells them apart, and are out of it while they are in the trash', () => {
    addRuns();
    expect(pipelineRuns(db, ID)).toMatchObject([
      { runId: 'cb-0', task: 'CB', learningRate: 0.01, seed: 0, totalExamples: 5000, checkpoints: [] },
      { runId: 'cb-1', seed: 1 },
    ]);
    setRunTrashed(db, 'cb-0', 5);
    expect(pipelineRuns(db, ID).map(({ runId }) => runId)).toEqual(['cb-1']);
    expect(pipelineRunIds(db, ID)).toEqual(['cb-0', 'cb-1']);
    expect(pipelinesOfRuns(db, [RUN, 'cb-0', 'cb-1'])).toEqual([ID]);
  });

  it('are taken over from a dead process alone, without what else it had in its line', () => {
    addRuns();
    for (const runId of [RUN, 'cb-0', 'cb-1']) enqueueRun(db, runId, 77);
    const isAlive = (pid: number): boolean => pid !== 77;
    expect(adoptWaitingRuns(db, 5, isAlive, ID)).toEqual(['cb-0', 'cb-1']);
    expect(waitingRunIds(db, 5)).toEqual(['cb-0', 'cb-1']);
    expect(waitingRunIds(db, 77)).toEqual([RUN]);
  });
});
