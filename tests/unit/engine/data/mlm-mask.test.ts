import { describe, expect, it } from 'vitest';
import { maskTokens } from '../../../../src-main/engine/data/mlm-mask.ts';
import { MASK_ID, PAD_ID, SEP_ID } from '../../../../src-main/engine/data/special-tokens.ts';
import { MLM_TASK_TOKEN } from '../../../../src-main/engine/data/tasks/mlm.ts';
import { RandomGenerator } from '../../../../src-main/engine/random/random-generator.ts';
import type { RandomSource } from '../../../../src-main/engine/random/random-generator.ts';
import { readJsonFixture } from '../../../support/fixtures.ts';

interface MaskCase {
  mask_prob: number;
  unmask_prob: number;
  randomize_prob: number;
  ids: number[];
  count_uniform: number;
  mask_positions: number[];
  change_uniform_f32: number[];
  random_content: number[];
  features: number[][];
  labels: number[][];
}

const VOCABULARY = 420;

/** Gives back the draws that the reference made. */
function recorded(one: MaskCase): RandomSource {
  const uniforms = [one.count_uniform, ...one.change_uniform_f32];
  const contents = [...one.random_content];
  return {
    uniform: () => uniforms.shift() ?? Number.NaN,
    integer: () => {
      const token = contents.shift() ?? Number.NaN;
      return token === SEP_ID ? 0 : token - 32;
    },
    sampleInto: (_bound, count, out) => {
      // the reference's count is wrong in one way only: it may be none
      expect(count).toBe(Math.max(1, one.mask_positions.length));
      out.set(one.mask_positions);
    },
  };
}

describe('maskTokens', () => {
  it('makes the recorded pairs from the recorded draws', () => {
    const { cases } = readJsonFixture<{ cases: MaskCase[] }>('encode/MLM.json');
    const usable = cases.filter(({ mask_positions }) => mask_positions.length > 0);
    expect(usable.length).toBeGreaterThan(40);
    for (const one of usable) {
      const length = one.ids.length;
      const ids = Int32Array.from(one.ids.filter((id) => id !== PAD_ID));
      const x = new Int32Array(length);
      const y = new Int32Array(length);
      const options = {
        maskProbability: one.mask_prob,
        keepProbability: one.unmask_prob,
        randomProbability: one.randomize_prob,
        vocabularySize: VOCABULARY,
      };
      maskTokens(ids, length, recorded(one), options, x, y, 0);
      expect([...x]).toEqual(one.features[0]);
      expect([...y]).toEqual(one.labels[0]);
    }
  });

  it('masks the shares the method states', () => {
    const generator = new RandomGenerator(1, 'mlmMask');
    const n = 34;
    const ids = new Int32Array(n).fill(100);
    const options = { maskProbability: 0.15, keepProbability: 0.1, randomProbability: 0.1, vocabularySize: VOCABULARY };
    const x = new Int32Array(n + 3).fill(-1);
    const y = new Int32Array(n + 3).fill(-1);
    let targets = 0;
    let kept = 0;
    let masked = 0;
    const texts = 4000;
    for (let text = 0; text < texts; text++) {
      maskTokens(ids, n + 2, generator, options, x, y, 1);
      expect(x[1]).toBe(MLM_TASK_TOKEN);
      for (let i = 2; i <= n; i++) {
        if (y[i] === PAD_ID) continue;
        targets++;
        if (x[i] === MASK_ID) masked++;
        if (x[i] === 100) kept++;
      }
    }
    expect([x[0], y[0], x[n + 1], y[n + 2]]).toEqual([-1, -1, PAD_ID, PAD_ID]);
    expect(targets / texts / (n - 1)).toBeCloseTo(0.15, 2);
    expect(masked / targets).toBeCloseTo(0.8, 1.5);
    expect(kept / targets).toBeCloseTo(0.1, 1.5);
  });

  it('masks at least one position of the shortest texts', () => {
    const generator = new RandomGenerator(2, 'mlmMask');
    const options = { maskProbability: 0.01, keepProbability: 0, randomProbability: 0, vocabularySize: VOCABULARY };
    const [x, y] = [new Int32Array(3), new Int32Array(3)];
    for (let i = 0; i < 50; i++) {
      maskTokens(Int32Array.of(3, 50, 2), 3, generator, options, x, y, 0);
      expect(y.filter((id) => id !== PAD_ID)).toHaveLength(1);
    }
  });
});
