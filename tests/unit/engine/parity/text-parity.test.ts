import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Comparison } from '../../../../src-main/engine/parity/comparison.ts';
import { compareValues } from '../../../../src-main/engine/parity/text/text-fixtures.ts';
import { textParity } from '../../../../src-main/engine/parity/text/text-parity.ts';
import { FIXTURES } from '../../../parity/check-parity.ts';

describe('textParity', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'parity-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const copy = (path: string): void => cpSync(join(FIXTURES, path), join(folder, path), { recursive: true });
  async function run(): Promise<Comparison[]> {
    const comparisons: Comparison[] = [];
    await textParity(folder, (lines) => comparisons.push(...lines));
    return comparisons;
  }
  function change(path: string, edit: (json: Record<string, never>) => void): void {
    const file = join(folder, path);
    const json = JSON.parse(readFileSync(file, 'utf8')) as Record<string, never>;
    edit(json);
    writeFileSync(file, JSON.stringify(json));
  }

  it('runs the files that are there', async () => {
    expect(await run()).toEqual([]);
    copy('encode/tokenizer');
    copy('encode/raw/CB');
    copy('encode/CB.json');
    copy('tokenizer/special_tokens.json');
    const comparisons = await run();
    expect(new Set(comparisons.map((one) => `${one.case}/${one.variant}`))).toEqual(
      new Set(['tokenizer/special_tokens', 'encode/CB']),
    );
    expect(comparisons.every((one) => one.within)).toBe(true);
  });

  it('finds one wrong id, one wrong character and one wrong score', async () => {
    for (const path of ['encode/tokenizer', 'encode/raw/WiC', 'encode/WiC.json', 'metrics', 'tokenizer/nlp.json'])
      copy(path);
    interface Encoded {
      encoded: Record<string, { val: { all: { features: number[][] } }[] }>;
    }
    change('encode/WiC.json', (json) => {
      const row = (json as unknown as Encoded).encoded['64_16']?.val[0]?.all.features[0];
      if (row === undefined) throw new Error('the fixture has no such row');
      row[3] = (row[3] ?? 0) + 1;
    });
    change('tokenizer/nlp.json', (json) => {
      const [first] = (json as unknown as { strings: { decode: string }[] }).strings;
      if (first !== undefined) first.decode += '.';
    });
    change('metrics/data.json', (json) => {
      const [first] = (json as unknown as { accuracy: { value: number }[] }).accuracy;
      if (first !== undefined) first.value += 1e-9;
    });
    const wrong = (await run()).filter((one) => !one.within).map((one) => `${one.variant}, ${one.quantity}`);
    expect(wrong).toEqual(['nlp, decoded', 'WiC, val, windows of 64 with stride 16', 'accuracy, scores']);
  });

  it('says what is wrong with a file', async () => {
    mkdirSync(join(folder, 'metrics'));
    writeFileSync(join(folder, 'metrics', 'data.json'), '{"accuracy": 3}');
    await expect(run()).rejects.toMatchObject({ code: 'file/invalid', message: /metrics.data\.json is not usable/ });
    rmSync(join(folder, 'metrics'), { recursive: true });
    copy('tokenizer/nlp.json');
    await expect(run()).rejects.toMatchObject({ code: 'file/not-found', message: /vocab\.json/ });
  });
});

it('compareValues tells values of any form apart', () => {
  const where = { case: 'a', variant: 'b' };
  const values = [0, 1, 'a', 'ab', ['a', 'b'], [1], [[1]], [1, 0], true, false, { a: 1 }, { b: 1 }, [], ''];
  for (const [i, got] of values.entries()) {
    for (const [j, expected] of values.entries()) {
      const both = JSON.stringify([got, expected]);
      expect(compareValues(where, 'q', [got], [expected]).within, both).toBe(i === j);
    }
  }
  expect(compareValues(where, 'q', Int32Array.of(1, 2), [1, 2]).within).toBe(true);
  expect(compareValues(where, 'q', [undefined], [undefined]).within).toBe(false);
});
