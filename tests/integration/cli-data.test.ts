import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveTokenizer } from '../../src-main/engine/data/tokenizer-files.ts';
import { Tokenizer } from '../../src-main/engine/data/tokenizer.ts';
import { runCli } from '../support/cli.ts';

const SAMPLE = 'resources/text-sample';
const home = mkdtempSync(join(tmpdir(), 'metalmo-cli-data-'));
beforeAll(async () => {
  const { parts } = await Tokenizer.load(join(SAMPLE, 'tokenizer'));
  await saveTokenizer(join(home, 'data/tokenizers/small'), parts);
});
afterAll(() => rmSync(home, { recursive: true }));

const data = (...args: string[]) => runCli('data', ...args, '--home', home);

describe('metalmo data', () => {
  it('imports a corpus and SuperGLUE, and lists what there is', async () => {
    const corpus = await data('import', 'corpus', `${SAMPLE}/corpus.jsonl`, '--tokenizer', 'small', '--name', 'texts');
    expect(corpus).toMatchObject({ code: 0, stdout: expect.stringContaining(' articles, ') as string });
    const set = await data('import', 'superglue', `${SAMPLE}/superglue`, '--json');
    expect(set.code).toBe(0);
    expect(set.lines).toHaveLength(1);
    expect(set.lines[0]).toMatchObject({
      name: 'superglue',
      folder: join(home, 'data/superglue/superglue'),
      tasks: { MultiRC: { splits: { train: { rows: 8, examples: 32, official: 27_243 } } } },
    });
    const { code, lines } = await data('list', '--json');
    expect(code).toBe(0);
    const kinds = [
      ['tokenizer', 'small'],
      ['corpus', 'texts'],
      ['superglue', 'superglue'],
    ];
    const [cache, ...sets] = lines.toReversed();
    expect(sets.reverse().map(({ kind, name }) => [kind, name])).toEqual(kinds);
    for (const { bytes } of sets) expect(bytes).toBeGreaterThan(10_000);
    expect(cache).toEqual({ kind: 'cache', folder: join(home, 'data/cache'), files: 0, bytes: 0 });
  });

  it('refuses what cannot be imported, and says how it can', async () => {
    const again = await data('import', 'superglue', `${SAMPLE}/superglue`);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('There already is a SuperGLUE set superglue; choose another name');
    const name = await data('import', 'superglue', `${SAMPLE}/superglue`, '--name', '../x');
    expect(name.code).toBe(2);
    const kind = await data('import', 'superglu', SAMPLE);
    expect(kind.code).toBe(2);
    expect(kind.stderr).toContain("Did you mean 'superglue'?");
    expect(readdirSync(join(home, 'data/superglue'))).toEqual(['superglue']);
  });

  it('shows the cache and clears it', async () => {
    const folder = join(home, 'data/cache');
    mkdirSync(folder);
    for (const [name, bytes] of [
      ['CB-train-0123456789abcdef.bin', 2_000_000],
      ['AX-b-test-0123456789abcdef.bin', 400_000],
      ['notes.txt', 5],
    ] as const)
      writeFileSync(join(folder, name), Buffer.alloc(bytes));
    expect((await data('list')).stdout).toMatch(/^cache {5}2 files of encoded examples {2}2\.4 MB$/m);
    const further = await data('clear-cache', 'CB');
    expect(further).toMatchObject({ code: 2, stderr: expect.stringContaining('no further argument') as string });
    expect(readdirSync(folder)).toHaveLength(3);
    const { code, lines } = await data('clear-cache', '--json');
    expect(code).toBe(0);
    expect(lines).toEqual([{ kind: 'cache', folder, removedFiles: 2, freedBytes: 2_400_000 }]);
    expect(readdirSync(folder)).toEqual(['notes.txt']);
    const again = await data('clear-cache');
    expect(again).toMatchObject({ code: 0, stdout: `Nothing is cached in ${folder}.\n` });
    expect((await data('--help')).stdout).toContain('clear-cache     removes encoded SuperGLUE examples');
  });

  it('lists the others where one is damaged', async () => {
    writeFileSync(join(home, 'data/superglue/superglue/superglue.json'), '{');
    const { code, lines } = await data('list', '--json');
    expect(code).toBe(0);
    expect(lines).toHaveLength(4);
    expect(lines[2]).toMatchObject({ kind: 'superglue', name: 'superglue', error: { code: 'file/invalid' } });
  });
});
