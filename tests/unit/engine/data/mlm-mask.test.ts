import { describe, expect, it } from 'vitest';
import { maskTokens } from '../../../../src-main/engine/data/mlm-mask.ts';
import { MASK_ID, PAD_ID } from '../../../../src-main/engine/data/special-tokens.ts';
import { MLM_TASK_TOKEN } from '../../../../src-main/engine/data/tasks/mlm.ts';
import { RandomGenerator } from '../../../../src-main/engine/random/random-generator.ts';

const VOCABULARY = 420;

// recorded pairs are compared in tests/parity/texts.test.ts

describe('maskTokens', () => {
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
