import { describe, expect, it } from 'vitest';
import { encodeTaskRow } from '../../../../src-main/engine/data/tasks/task.ts';
import { WHICH_MOON } from '../../../../src-main/engine/data/tasks/which-moon.ts';
import { Tokenizer } from '../../../../src-main/engine/data/tokenizer.ts';
import { cutWindows } from '../../../../src-main/engine/data/windows.ts';
import { readJsonFixture } from '../../../support/fixtures.ts';

interface MoonFixture {
  task_id: number;
  labels: [number, number][];
  examples: {
    example: { idx: number; question: string; label?: number };
    all: { features: number[][]; labels: number[][] };
  }[];
}

describe('Which_MOON', () => {
  it('encodes the recorded examples, labeled and unlabeled', async () => {
    const fixture = readJsonFixture<MoonFixture>('encode/Which_MOON.json');
    expect(WHICH_MOON.taskToken).toBe(fixture.task_id);
    expect(WHICH_MOON.labels.map(({ label, token }) => [label, token])).toEqual(fixture.labels);
    const tokenizer = await Tokenizer.load('resources/two-moons-tokenizer');
    for (const { example, all } of fixture.examples) {
      const [encoding] = await tokenizer.encode([example.question]);
      if (encoding === undefined) throw new Error('no encoding');
      const rows = cutWindows(encoding, undefined, { maxLength: 34, stride: 0 }).map(({ ids }) =>
        encodeTaskRow(WHICH_MOON, ids, example.label),
      );
      expect(rows.map(({ x }) => [...x])).toEqual(all.features);
      expect(rows.map(({ y }) => [...y])).toEqual(all.labels);
    }
  });

  it('leaves padding without a target and refuses foreign labels', () => {
    const row = encodeTaskRow(WHICH_MOON, Int32Array.of(3, 70, 2, 0, 0), 1);
    expect([...row.x]).toEqual([5, 70, 2, 0, 0]);
    expect([...row.y]).toEqual([5, 5, 5, 0, 0]);
    expect(() => encodeTaskRow(WHICH_MOON, Int32Array.of(3), 2)).toThrow(/no label 2/);
  });
});
