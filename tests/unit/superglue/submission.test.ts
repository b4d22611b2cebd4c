import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PipelineState, PredictionState } from '../../../src-main/superglue/pipeline-state.ts';
import { predictionFiles, type PredictionName } from '../../../src-main/superglue/prediction-files.ts';
import { submissionOf } from '../../../src-main/superglue/submission.ts';
import type { SuperGlueTaskName } from '../../../src-shared/config/superglue-tasks.ts';
import { writePrediction } from './predicted-run.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'metalmo-zip-'));
});
afterEach(() => rmSync(home, { recursive: true }));

/** A prediction by the run of its task, with these labels for examples 0, 1, ... */
async function predicted(
  task: SuperGlueTaskName,
  name: PredictionName,
  labels: readonly (string | number)[],
): Promise<PredictionState> {
  const records = labels.map((prediction, idx) => ({ idx, prediction }));
  await writePrediction(home, task, name, records);
  const of = { run: { runId: task }, checkpoint: { kind: 'best-Overall' } } as PredictionState['of'];
  const stored = { lines: labels.length, scores: {} };
  return { name, task, of, state: 'done', isDue: false, stored, message: null };
}

async function stateOf(): Promise<PipelineState> {
  const tasks = [
    { task: 'COPA', test: await predicted('COPA', 'test', [0, 1]) },
    { task: 'RTE', test: await predicted('RTE', 'test', ['entailment']) },
  ];
  const diagnostics = [await predicted('RTE', 'AX-b', ['not_entailment'])];
  return { tasks, diagnostics } as unknown as PipelineState;
}

describe('the leaderboard’s files', () => {
  it('have the official names and the lines that were predicted', async () => {
    const { entries, missing } = await submissionOf(home, await stateOf());
    expect(entries).toEqual([
      { name: 'COPA.jsonl', text: '{"idx":0,"label":0}\n{"idx":1,"label":1}\n', lines: 2 },
      { name: 'RTE.jsonl', text: '{"idx":0,"label":"entailment"}\n', lines: 1 },
      { name: 'AX-b.jsonl', text: '{"idx":0,"label":"not_entailment"}\n', lines: 1 },
    ]);
    const others = ['BoolQ', 'CB', 'MultiRC', 'ReCoRD', 'WiC', 'WSC', 'AX-g'];
    expect(missing).toEqual(others.map((name) => `${name}.jsonl`));
  });

  it('are only of what is done', async () => {
    const state = await stateOf();
    const tasks = state.tasks.map((one) => ({ ...one, test: { ...one.test, state: 'waiting' } }));
    const { entries, missing } = await submissionOf(home, { ...state, tasks } as PipelineState);
    expect(entries.map(({ name }) => name)).toEqual(['AX-b.jsonl']);
    expect(missing).toHaveLength(9);
  });

  it('are refused where a file is cut short or gone', async () => {
    const state = await stateOf();
    const { lines } = predictionFiles(home, 'COPA', 'test');
    writeFileSync(lines, '{"idx":0,"label":0}\n');
    await expect(submissionOf(home, state)).rejects.toThrow('has 1 lines, not 2');
    rmSync(lines);
    await expect(submissionOf(home, state)).rejects.toMatchObject({ code: 'file/invalid' });
  });
});
