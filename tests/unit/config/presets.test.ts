import { describe, expect, it } from 'vitest';
import { configProblems, parseRunConfig } from '../../../src-shared/config/parse-run-config.ts';
import { preset, PRESET_NAMES, presets } from '../../../src-shared/config/presets/preset.ts';
import { textBench } from '../../../src-shared/config/presets/text-bench.ts';
import { REPORT_LABELS, twoMoonsFinetuning } from '../../../src-shared/config/presets/two-moons.ts';
import { OBJECTIVES } from '../../../src-shared/config/run-config.ts';

describe('presets', () => {
  it.each(PRESET_NAMES)('%s is a valid configuration', (name) => {
    expect(configProblems(preset(name))).toEqual([]);
    expect(parseRunConfig(preset(name))).toEqual(preset(name));
  });

  it('exist at the report’s size and at a smoke size for every objective and denoising variant', () => {
    for (const name of ['mlm', 'hard', 'soft', 'soft-denoising', 'hard-denoising', 'finetune']) {
      const full = preset(`two-moons-${name}`);
      const smoke = preset(`two-moons-${name}-smoke`);
      expect(smoke.objective).toBe(full.objective);
      expect(smoke.model).toEqual(full.model);
      expect(smoke.meta).toEqual(full.meta);
      expect(smoke.training.epochs * smoke.training.epochSize).toBeLessThanOrEqual(640);
      const rowsOfStep = ({ training }: typeof full): number => training.batchSize * training.accumulation;
      expect(rowsOfStep(smoke)).toBe(rowsOfStep(full));
    }
    expect(new Set(PRESET_NAMES).size).toBe(PRESET_NAMES.length);
    expect(presets().every((one) => one.help.endsWith('.'))).toBe(true);
  });

  it('hold the report’s settings', () => {
    expect(preset('two-moons-soft')).toMatchObject({
      objective: 'soft',
      model: {
        layers: 2,
        modelDim: 8,
        feedForwardDim: 32,
        heads: 2,
        maxPositions: 34,
        dropout: 0.1,
        activationDropout: 0,
      },
      optimizer: {
        learningRate: 0.08,
        warmupSteps: 1000,
        weightDecay: 0.01,
        beta2: 0.98,
        epsilon: 1e-6,
        maxGradNorm: 5,
      },
      meta: { innerLearningRate: 0.1, metaWeight: 100, mlmAsTask: true, denoising: false, supportQueryMask: 'input' },
      training: { batchSize: 4, samplesPerTask: 4, accumulation: 4, epochSize: 32_000, epochs: 20 },
    });
    expect(preset('two-moons-hard').meta).toMatchObject({ metaWeight: 1, mlmAsTask: false });
    expect(preset('two-moons-soft-denoising').meta.denoising).toBe(true);
    expect(REPORT_LABELS.map((labels) => twoMoonsFinetuning(labels).training.batchSize)).toEqual([1, 1, 1, 8, 16]);
    expect(twoMoonsFinetuning(160)).toMatchObject({
      optimizer: { learningRate: 0.04, warmupSteps: 10 },
      training: { epochs: 100, epochSize: 160, accumulation: 1 },
      data: { labels: 160 },
    });
  });

  it('hold the report’s settings for text', () => {
    expect(preset('text-mlm').training).toMatchObject({ batchSize: 64, samplesPerTask: 16, accumulation: 1 });
    expect(preset('text-soft')).toMatchObject({
      model: { layers: 6, modelDim: 256, feedForwardDim: 1024, heads: 4, maxPositions: 128, vocabularySize: 30_000 },
      optimizer: { learningRate: 0.08, warmupSteps: 10_000 },
      meta: { metaWeight: 10, mlmAsTask: true, innerLearningRate: 0.1 },
      training: { batchSize: 16, samplesPerTask: 16, accumulation: 4, epochSize: 20_000, epochs: 300 },
      data: { kind: 'text', tasks: 'all' },
    });
    expect(preset('text-soft-denoising').meta.denoising).toBe(true);
    expect(preset('text-finetune-wic')).toMatchObject({
      optimizer: { warmupSteps: 100, weightDecay: 0 },
      training: { batchSize: 16, epochs: 20, epochSize: 5428 },
      data: { tasks: 'WiC' },
    });
  });

  it('exist for text at a smoke size that reads the shipped sample alone', () => {
    const full = PRESET_NAMES.filter((name) => /^text-(?!bench).*(?<!smoke)$/.test(name));
    expect(full).toHaveLength(12);
    for (const name of full) {
      const smoke = preset(`${name}-smoke`);
      expect(smoke).toMatchObject({ objective: preset(name).objective, meta: preset(name).meta });
      expect(smoke.data).toMatchObject({ tokenizer: 'sample', corpus: 'sample', superglue: 'sample' });
    }
  });

  it('hold the report’s text sizes for measuring, whatever the objective', () => {
    for (const objective of OBJECTIVES) {
      const config = textBench(objective);
      expect(configProblems(config)).toEqual([]);
      expect(config).toMatchObject({
        objective,
        model: { layers: 6, modelDim: 256, feedForwardDim: 1024, heads: 4, maxPositions: 128, vocabularySize: 30_000 },
        training: { batchSize: 16 },
        data: { kind: 'random-text', length: 128 },
      });
    }
  });

  it('are copies that a caller may change', () => {
    preset('two-moons-mlm').model.layers = 9;
    expect(preset('two-moons-mlm').model.layers).toBe(2);
  });

  it('name the nearest one for a misspelled name', () => {
    expect(() => preset('two-mons-mlm')).toThrow("did you mean 'two-moons-mlm'? Presets: ");
    expect(() => preset('nothing-like-one')).toThrow("no preset 'nothing-like-one'. Presets: ");
  });
});
