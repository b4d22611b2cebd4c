import { describe, expect, it } from 'vitest';
import { planPipeline, type PipelineSource } from '../../../src-main/superglue/plan.ts';
import { preset } from '../../../src-shared/config/presets/preset.ts';
import { textPretraining } from '../../../src-shared/config/presets/text.ts';
import { RunConfig } from '../../../src-shared/config/run-config.ts';
import type { SuperGlueTaskName } from '../../../src-shared/config/superglue-tasks.ts';

const SIZES = new Map<SuperGlueTaskName, { train: number; validation: number }>([
  ['CB', { train: 250, validation: 56 }],
  ['RTE', { train: 2480, validation: 277 }],
]);
const WANTED = {
  tasks: ['CB', 'RTE'] as SuperGlueTaskName[],
  learningRates: [0.04, 0.01],
  seeds: [0],
  overrides: {},
  isSmoke: false,
};

function sourceOf(config: RunConfig): PipelineSource {
  return { runId: 'run', name: 'mine', checkpoint: 'latest', file: 'file', config };
}

function textSource(): PipelineSource {
  const base = textPretraining('soft');
  return sourceOf(
    RunConfig.parse({
      ...base,
      model: { ...base.model, layers: 3, heads: 8, dropout: 0.2 },
      data: { ...base.data, tokenizer: 'theirs', windowStride: 32 },
    }),
  );
}

function plan(wanted: Partial<typeof WANTED> = {}, source: PipelineSource | null = textSource()) {
  return planPipeline({ ...WANTED, ...wanted }, { name: 'group', source, set: 'glue', sizes: SIZES });
}

describe('planPipeline', () => {
  it('fine-tunes at the settings of the report with the model and tokenizer of the source', () => {
    const { runs, problems } = plan();
    expect(problems).toEqual([]);
    expect(runs.map(({ task, learningRate, name }) => [task, learningRate, name])).toEqual([
      ['CB', 0.04, 'group · CB · lr 0.04'],
      ['CB', 0.01, 'group · CB · lr 0.01'],
      ['RTE', 0.04, 'group · RTE · lr 0.04'],
      ['RTE', 0.01, 'group · RTE · lr 0.01'],
    ]);
    const config = runs[2]?.config;
    expect(config).toMatchObject({
      objective: 'finetune',
      seed: 0,
      model: { layers: 3, heads: 8, dropout: 0.2 },
      optimizer: { learningRate: 0.04, warmupSteps: 100, weightDecay: 0 },
      // An epoch is the split as it was imported, not as the benchmark published it.
      training: { epochs: 20, batchSize: 16, epochSize: 2480, evaluateEveryExamples: 2480 },
      data: { kind: 'text', tasks: 'RTE', superglue: 'glue', tokenizer: 'theirs', windowStride: 32, corpus: '' },
    });
  });

  it('puts seeds within learning rates, and says only what differs in a name', () => {
    const { runs } = plan({ tasks: ['CB'], learningRates: [0.01], seeds: [0, 3] });
    expect(runs.map(({ name, config }) => [name, config.seed])).toEqual([
      ['group · CB · seed 0', 0],
      ['group · CB · seed 3', 3],
    ]);
    expect(plan({ tasks: ['CB'], learningRates: [0.01] }).runs[0]?.name).toBe('group · CB');
  });

  it('takes the order of the benchmark, whatever the order of asking', () => {
    expect(plan({ tasks: ['RTE', 'CB'], learningRates: [0.01] }).runs.map(({ task }) => task)).toEqual(['CB', 'RTE']);
  });

  it('makes small runs of the same model, and of a small one where there is none', () => {
    const small = plan({ isSmoke: true, tasks: ['RTE'] }).runs[0]?.config;
    expect(small).toMatchObject({ model: { layers: 3 }, training: { epochSize: 32 }, data: { tokenizer: 'theirs' } });
    const fresh = plan({ isSmoke: true, tasks: ['CB'] }, null).runs[0]?.config;
    expect(fresh).toMatchObject({ model: { modelDim: 32 }, data: { tokenizer: 'sample', superglue: 'glue' } });
  });

  it('changes fields of every run', () => {
    const { runs, problems } = plan({ overrides: { 'training.epochs': 5, 'model.dropout': 0 } });
    expect(problems).toEqual([]);
    expect(runs.every(({ config }) => config.training.epochs === 5 && config.model.dropout === 0)).toBe(true);
  });

  const problemsOf = (...args: Parameters<typeof plan>) => plan(...args).problems.map(({ path }) => path);

  it.each([
    [
      'what the group says itself',
      { overrides: { seed: 3, 'optimizer.learningRate': 1 } },
      ['seed', 'optimizer.learningRate'],
    ],
    ['another model than the weights are of', { overrides: { 'model.layers': 2 } }, ['model.layers']],
    ['fields that are wrong, each once', { overrides: { 'training.epochs': -1 } }, ['training.epochs']],
    ['a task that the set lacks', { tasks: ['WSC' as const] }, ['tasks']],
    ['values that come twice', { learningRates: [0.1, 0.1], seeds: [1, 1] }, ['learningRates', 'seeds']],
  ])('refuses %s', (_what, wanted, paths) => {
    expect(problemsOf(wanted)).toEqual(paths);
    expect(plan(wanted).problems.every(({ message }) => message.length > 20)).toBe(true);
  });

  it('refuses a model that never saw text', () => {
    expect(problemsOf({}, sourceOf(preset('two-moons-mlm')))).toEqual(['from']);
  });
});
