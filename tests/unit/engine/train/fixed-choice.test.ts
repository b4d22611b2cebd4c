import { describe, expect, it } from 'vitest';
import type { TaskExample } from '../../../../src-main/engine/data/tasks/task.ts';
import { chosenExamples } from '../../../../src-main/engine/train/fixed-choice.ts';

describe('chosenExamples', () => {
  const example = (idx: number, group?: number): TaskExample => ({
    idx,
    rows: [],
    ...(group !== undefined && { group }),
  });

  it('takes the same ones every time, at most as many as wanted', () => {
    const examples = Array.from({ length: 50 }, (_, idx) => example(idx));
    const chosen = chosenExamples(examples, 8).map(({ idx }) => idx);
    expect(new Set(chosen).size).toBe(8);
    expect(chosenExamples(examples, 8).map(({ idx }) => idx)).toEqual(chosen);
    expect(chosenExamples(examples, 60).length).toBe(50);
  });

  it('takes all of a group or nothing, and one group at least', () => {
    const examples = Array.from({ length: 60 }, (_, idx) => example(idx, Math.floor(idx / 6)));
    const chosen = chosenExamples(examples, 20);
    expect(chosen.length).toBe(18);
    const groups = new Set(chosen.map(({ group }) => group));
    expect(groups.size).toBe(3);
    expect(chosenExamples(examples, 2).length).toBe(6);
  });
});
