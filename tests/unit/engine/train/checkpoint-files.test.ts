import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { studentLayout, teacherLayout } from '../../../../src-main/engine/model/parameter-layout.ts';
import type { Objective } from '../../../../src-main/engine/objectives/objective.ts';
import { checkpointFiles } from '../../../../src-main/engine/train/checkpoint-files.ts';
import { parameterTensors } from '../../../../src-main/engine/train/parameter-tensors.ts';
import { applySettings } from '../../../../src-shared/config/set-by-path.ts';
import { preset } from '../../../../src-shared/config/presets/preset.ts';
import type { RunConfig } from '../../../../src-shared/config/run-config.ts';
import { inFolder, stateAt, values } from './sample-checkpoint.ts';

/** An objective of which only the variables matter. */
function objectiveOf(config: RunConfig, more: Record<string, number> = {}): Objective {
  const models =
    config.objective === 'hard' || config.objective === 'soft'
      ? (['student', 'teacher'] as const)
      : (['student'] as const);
  const sizes = Object.fromEntries(
    models.flatMap((model) => {
      const { size } = model === 'student' ? studentLayout(config.model) : teacherLayout(config.model);
      return ['parameters', 'firstMoment', 'secondMoment'].map((part) => [`${model}.${part}`, size] as const);
    }),
  );
  const variables = Object.entries({ ...sizes, ...more }).map(([name, size]) => ({
    name,
    shape: [size],
    dtype: 'float32' as const,
  }));
  const unused = () => {
    throw new Error('not used');
  };
  return {
    program: { name: 'test', variables, functions: {} },
    microBatchesPerCall: 1,
    initialState: unused,
    trainingCall: unused,
    stepMetrics: unused,
    evaluationCall: unused,
    evaluation: unused,
  };
}

const stateOf = (objective: Objective) =>
  Object.fromEntries(objective.program.variables.map(({ name, shape }, i) => [name, values(shape[0] ?? 0, i)]));

async function saved(directory: string, config: RunConfig, step = 5) {
  const objective = objectiveOf(config);
  const content = { kind: 'latest', variables: stateOf(objective), state: stateAt(step), scores: { loss: NaN } };
  return checkpointFiles.save(content, { runId: 'run-1', config, directory, objective });
}

const soft = preset('two-moons-soft');
const mlm = preset('two-moons-mlm');

describe('checkpointFiles', () => {
  it('give back all variables and the state of the training exactly', () =>
    inFolder(async (home) => {
      const { file, sha256, bytes } = await saved(home, soft);
      expect([file.endsWith('checkpoint-00000005.json'), sha256.length, bytes > 100_000]).toEqual([true, 64, true]);
      const read = await checkpointFiles.loadAll(file, soft, objectiveOf(soft));
      expect(read.variables).toEqual(stateOf(objectiveOf(soft)));
      expect(read.state).toEqual(stateAt(5));
      expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
        microStep: 20,
        examplesSeen: 80,
        scores: { loss: 'NaN' },
      });
    }));

  it('free the folder of what a killed process left, once', () =>
    inFolder(async (home) => {
      mkdirSync(join(home, 'best-loss'));
      writeFileSync(join(home, 'best-loss', 'state.tmp'), 'half');
      await saved(home, mlm);
      expect(readdirSync(home)).toEqual(['latest']);
    }));

  it('give a student to a run of another objective', () =>
    inFolder(async (home) => {
      const { file } = await saved(home, soft);
      const student = await checkpointFiles.loadStudent(file, preset('two-moons-finetune'));
      expect(student).toEqual(stateOf(objectiveOf(soft))['student.parameters']);
    }));

  it('fill accumulators, which are empty between steps, with zeros', () =>
    inFolder(async (home) => {
      const { file } = await saved(home, mlm);
      const read = await checkpointFiles.loadAll(file, mlm, objectiveOf(mlm, { 'student.accumulator': 3 }));
      expect(read.variables['student.accumulator']).toEqual(new Float32Array(3));
    }));

  it.each([
    ['model.layers=1', 'expected final_layer_norm.weight [8], got encoder.layers.1.self_attn.in_proj_weight [24, 8]'],
    [
      'model.vocabularySize=512',
      'expected embed.embed_tokens.embed.weight [512, 8], got embed.embed_tokens.embed.weight [407, 8]',
    ],
    [
      'model.modelDim=16',
      'expected embed.embed_tokens.embed.weight [407, 16], got embed.embed_tokens.embed.weight [407, 8]',
    ],
    [
      'model.preNorm=false',
      'expected embed.layer_norm.weight [8], got encoder.layers.0.self_attn.in_proj_weight [24, 8]',
    ],
    ['model.heads=4', 'was trained with model.heads 2, expected 4'],
    ['model.activation=relu', 'was trained with model.activation gelu, expected relu'],
  ])('refuse a model with %s, naming what differs first', (setting, message) =>
    inFolder(async (home) => {
      const { file } = await saved(home, mlm);
      const other = applySettings(mlm, [setting]);
      await expect(checkpointFiles.loadStudent(file, other)).rejects.toThrow(message);
      await expect(checkpointFiles.loadAll(file, other, objectiveOf(other))).rejects.toMatchObject({
        code: 'checkpoint/incompatible',
      });
    }),
  );

  it('refuse to resume another objective, or without a variable that it needs', () =>
    inFolder(async (home) => {
      const { file } = await saved(home, mlm);
      await expect(checkpointFiles.loadAll(file, soft, objectiveOf(soft))).rejects.toThrow(
        'objective mlm, expected soft',
      );
      await expect(checkpointFiles.loadAll(file, mlm, objectiveOf(mlm, { extra: 1 }))).rejects.toThrow('lacks extra');
      const short = objectiveOf(mlm);
      const variables = short.program.variables.map((one) => ({ ...one, shape: [7] }));
      const wrong = { ...short, program: { ...short.program, variables } };
      await expect(checkpointFiles.loadAll(file, mlm, wrong)).rejects.toThrow('float32 with 7 values');
    }));

  it('refuse a state that the trainer cannot read', () =>
    inFolder(async (home) => {
      const { file } = await saved(home, mlm);
      const header = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
      writeFileSync(file, JSON.stringify({ ...header, state: { step: 'x' } }));
      await expect(checkpointFiles.loadAll(file, mlm, objectiveOf(mlm))).rejects.toMatchObject({
        code: 'checkpoint/invalid',
      });
    }));
});

describe('parameterTensors', () => {
  it('cuts a flat vector into named tensors without copying', () => {
    const layout = studentLayout(mlm.model);
    const flat = values(layout.size, 1);
    const tensors = parameterTensors(layout, flat);
    expect(Object.keys(tensors)).toEqual(layout.entries.map((entry) => entry.name));
    const tokens = tensors['embed.embed_tokens.embed.weight'];
    expect(tokens?.shape).toEqual([407, 8]);
    expect(tokens?.data.buffer).toBe(flat.buffer);
    expect(Object.values(tensors).reduce((sum, { data }) => sum + data.length, 0)).toBe(layout.size);
    expect(() => parameterTensors(layout, flat.subarray(1))).toThrow('was expected');
  });
});
