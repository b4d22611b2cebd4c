import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src-shared/app-error.ts';
import { configProblems, parseRunConfig } from '../../../src-shared/config/parse-run-config.ts';
import { preset } from '../../../src-shared/config/presets/preset.ts';
import type { RunConfig } from '../../../src-shared/config/run-config.ts';

type Changes = { [Group in keyof RunConfig]?: Partial<Record<string, unknown>> | string | number };

/** The MLM preset with some fields changed, of any type. */
function changed(changes: Changes, base = 'two-moons-mlm'): Record<string, unknown> {
  const config: Record<string, unknown> = { ...preset(base) };
  for (const [group, values] of Object.entries(changes)) {
    config[group] = typeof values === 'object' ? { ...(config[group] as object), ...values } : values;
  }
  return config;
}

function messages(input: unknown): string[] {
  return configProblems(input).map((one) => one.message);
}

describe('parseRunConfig', () => {
  it('completes what is left out with defaults', () => {
    const config = parseRunConfig({ model: { layers: 3 } });
    expect(config.model).toMatchObject({ layers: 3, modelDim: 8 });
    expect(config.data.kind).toBe('two-moons');
  });

  it('lists every problem at once, as text and as data', () => {
    const input = changed({ model: { layers: 0, heads: 'x' }, optimizer: { learnRate: 1 }, seed: 1.5 });
    const error = (() => {
      try {
        return parseRunConfig(input);
      } catch (thrown) {
        return thrown;
      }
    })();
    if (!(error instanceof AppError)) throw new Error('expected an AppError');
    expect(error.code).toBe('config/invalid');
    expect(error.message).toContain('4 problems');
    expect(error.message).toContain('model.layers: expected an integer, 1 to 48, got 0');
    expect(error.message).toContain('model.heads: expected an integer, 1 to 128, got "x"');
    expect(error.message).toContain('seed: expected an integer, at least 0, got 1.5');
    expect(error.message).toContain(
      'optimizer.learnRate: there is no such field; did you mean optimizer.learningRate?',
    );
    expect((error.details['problems'] as { path: string }[]).map((one) => one.path).sort()).toEqual([
      'model.heads',
      'model.layers',
      'optimizer.learnRate',
      'seed',
    ]);
  });

  it.each([
    [{ optimzer: {} }, 'optimzer: there is no such field; did you mean optimizer?'],
    [{ batchSize: 4 }, 'batchSize: there is no such field; did you mean training.batchSize?'],
    [{ model: { maxPosition: 4 } }, 'model.maxPosition: there is no such field; did you mean model.maxPositions?'],
    [{ meta: { qqqqqqqq: 4 } }, 'meta.qqqqqqqq: there is no such field'],
    [
      { data: { kind: 'two-moons', length: 4 } },
      'data.length: there is no such field here; it belongs to data.kind random-text',
    ],
    [{ data: { kind: 'moons' } }, 'data.kind: expected one of two-moons, text, random-text, got "moons"'],
    [{ data: { labels: 20 } }, 'data.kind: expected one of two-moons, text, random-text, got nothing'],
    [{ model: 7 }, 'model: expected an object of fields, got 7'],
    [{ training: { epochs: NaN } }, 'training.epochs: expected an integer, at least 1, got NaN'],
    [
      { optimizer: { learningRate: Infinity } },
      'optimizer.learningRate: expected a number, 0 < value <= 100, got Infinity',
    ],
    [
      { data: { kind: 'text', tasks: 'CB,Which_MOON' } },
      'data.tasks: expected all, or tasks with commas between: BoolQ,CB,COPA,MultiRC,ReCoRD,RTE,WiC,WSC, got "CB,Which_MOON"',
    ],
    [
      { data: { kind: 'text', corpus: '../up' } },
      'data.corpus: expected up to 64 letters, digits, "-", "_", "."; empty for none, got "../up"',
    ],
    [null, 'configuration: expected an object of fields, got null'],
  ])('explains %j', (input, message) => {
    expect(messages(input)).toContain(message);
  });

  it.each<[string, Changes, string, string?]>([
    ['model.heads', { model: { heads: 3 } }, 'a divisor of model.modelDim (8), got 3'],
    ['model.maxPositions', { model: { maxPositions: 33 } }, 'at least 34'],
    ['model.maxPositions', { model: { maxPositions: 127 } }, 'at least 128', 'text-bench'],
    ['model.vocabularySize', { model: { vocabularySize: 406 } }, 'at least 407'],
    ['data.windowStride', { data: { windowStride: 32 } }, 'less than 32, the room'],
    ['data.windowStride', { data: { windowStride: 62 } }, 'less than 62, the room', 'text-mlm'],
    ['data.tasks', { data: { tasks: 'CB,RTE' } }, 'one task', 'text-finetune-cb'],
    ['data.superglue', { data: { superglue: '' } }, 'a SuperGLUE set', 'text-soft'],
    ['training.feedbackEveryExamples', { data: { superglue: '' } }, '0 without data.superglue', 'text-mlm'],
    ['data.corpus', { data: { corpus: '' } }, 'a corpus for the objective mlm', 'text-mlm'],
    ['meta.denoising', { meta: { denoising: true } }, 'false for the objective mlm'],
    ['meta.mlmAsTask', { meta: { mlmAsTask: true } }, 'false for fine-tuning', 'two-moons-finetune'],
    ['training.epochs', { training: { epochs: 1, epochSize: 15 } }, 'at least 2, so that there is one step'],
    ['training.epochs', { training: { epochs: 2 ** 40, epochSize: 2 ** 40 } }, 'below 2^53'],
    ['optimizer.decayForever', { optimizer: { decayForever: false, decayPower: 0 } }, 'a decayPower below 0'],
    [
      'optimizer.warmupSteps',
      { optimizer: { decayForever: false, warmupSteps: 100 }, training: { epochs: 1, epochSize: 1600 } },
      "fewer than the run's 100 optimizer steps",
    ],
    [
      'engine.matmulPrecision',
      { engine: { executor: 'wasm', matmulPrecision: 'bfloat16' } },
      'float32 with the executor wasm',
    ],
    [
      'engine.matmulPrecision',
      { engine: { executor: 'cpu', matmulPrecision: 'bfloat16' } },
      'float32 with the executor cpu',
    ],
  ])('refuses a wrong combination at %s', (path, changes, expected, base) => {
    const problems = configProblems(changed(changes, base));
    expect(problems.map((one) => one.path)).toEqual([path]);
    expect(problems[0]?.message).toContain(expected);
  });

  it.each<[string, Changes, string?]>([
    ['a stride just below the room', { data: { windowStride: 31 } }],
    ['denoising with a teacher', { meta: { denoising: true } }, 'two-moons-hard'],
    ['exactly one step', { training: { epochs: 1, epochSize: 16 } }],
    ['bfloat16 on tensorflow', { engine: { executor: 'tensorflow', matmulPrecision: 'bfloat16' } }],
    ['a decay to zero', { optimizer: { decayForever: false } }],
    [
      'one right after warming up',
      { optimizer: { decayForever: false, warmupSteps: 99 }, training: { epochs: 1, epochSize: 1600 } },
    ],
    ['a larger vocabulary', { model: { vocabularySize: 512 } }],
  ])('accepts %s', (_name, changes, base) => {
    expect(configProblems(changed(changes, base))).toEqual([]);
  });
});
