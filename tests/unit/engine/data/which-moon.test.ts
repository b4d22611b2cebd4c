import { describe, expect, it } from 'vitest';
import { encodeTaskRow } from '../../../../src-main/engine/data/tasks/task.ts';
import { WHICH_MOON } from '../../../../src-main/engine/data/tasks/which-moon.ts';

// recorded examples are compared in tests/parity/texts.test.ts

describe('Which_MOON', () => {
  it('leaves padding without a target and refuses foreign labels', () => {
    const row = encodeTaskRow(WHICH_MOON, Int32Array.of(3, 70, 2, 0, 0), 1);
    expect([...row.x]).toEqual([5, 70, 2, 0, 0]);
    expect([...row.y]).toEqual([5, 5, 5, 0, 0]);
    expect(() => encodeTaskRow(WHICH_MOON, Int32Array.of(3), 2)).toThrow(/no label 2/);
  });
});
