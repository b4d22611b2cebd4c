import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cutWindows } from '../../../../../src-main/engine/data/corpus/cut-windows.ts';
import { RandomGenerator } from '../../../../../src-main/engine/random/random-generator.ts';

const folder = mkdtempSync(join(tmpdir(), 'metalmo-cut-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'lengths.bin');

describe('cutWindows', () => {
  it('cuts both groups in one pass over more than one block', () => {
    const random = new RandomGenerator(5, 'init');
    const lengths = Uint8Array.from({ length: 2_500_000 }, () => random.integer(9));
    const longTokens = new Map([7, 1_048_575, 1_048_576, 2_400_000].map((token) => [token, 255 + token]));
    for (const token of longTokens.keys()) lengths[token] = 255;
    writeFileSync(file, lengths);
    const lengthOf = (token: number): number => longTokens.get(token) ?? lengths[token] ?? 0;
    const firsts = [0];
    while ((firsts.at(-1) ?? 0) < lengths.length) {
      firsts.push(Math.min(lengths.length, (firsts.at(-1) ?? 0) + random.integer(40_000)));
    }
    const starts = Float64Array.from(firsts.flatMap((first) => [first, 0]));
    const groupOf = (article: number) => (article % 3 === 0 ? 1 : 0);
    const cuts = cutWindows(starts, groupOf, 100, { file, longTokens });
    for (const group of [0, 1] as const) {
      const expected = { tokens: [] as number[], counts: [] as number[], characters: [0] };
      for (let article = 0; article + 1 < firsts.length; article++) {
        if (groupOf(article) !== group) continue;
        const end = firsts[article + 1] ?? 0;
        for (let token = firsts[article] ?? 0; token < end; token += 100) {
          const count = Math.min(100, end - token);
          let characters = expected.characters.at(-1) ?? 0;
          for (let i = token; i < token + count; i++) characters += lengthOf(i);
          expected.tokens.push(token);
          expected.counts.push(count);
          expected.characters.push(characters);
        }
      }
      expect([...cuts[group].tokens]).toEqual(expected.tokens);
      expect([...cuts[group].counts]).toEqual(expected.counts);
      expect([...cuts[group].characters]).toEqual(expected.characters);
    }
  });

  it('says where the lengths end too early', () => {
    writeFileSync(file, Uint8Array.of(1, 2, 3));
    const cut = () => cutWindows(Float64Array.of(0, 0, 5, 9), () => 0, 2, { file, longTokens: new Map() });
    expect(cut).toThrow(/ends at token 3/);
  });
});
