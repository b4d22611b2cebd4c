import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SUPERGLUE_TASK_NAMES } from '../../../../src-shared/config/superglue-tasks.ts';
import { tokenizerDigest } from '../../../../src-main/engine/data/corpus/import-corpus.ts';
import { openCorpus } from '../../../../src-main/engine/data/corpus/open-corpus.ts';
import { ensureSample } from '../../../../src-main/engine/data/ensure-sample.ts';
import { SAMPLE_NAME } from '../../../../src-shared/config/presets/text.ts';
import { readSuperGlueInfo } from '../../../../src-main/engine/data/superglue-set/read-superglue.ts';
import { Tokenizer } from '../../../../src-main/engine/data/tokenizer.ts';

const KINDS = ['tokenizers', 'corpora', 'superglue'];
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'metalmo-sample-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const folderOf = (kind: string): string => join(home, kind, SAMPLE_NAME);
const inodes = (): number[] => KINDS.map((kind) => statSync(folderOf(kind)).ino);
/** Every kind's folder holds the sample and nothing else. */
function expectOnlySample(): void {
  for (const kind of KINDS) expect(readdirSync(join(home, kind))).toEqual([SAMPLE_NAME]);
}

describe('ensureSample', () => {
  it('imports what is shipped, ready to be trained on, and then leaves it alone', async () => {
    await ensureSample(home);
    expectOnlySample();
    const tokenizer = await Tokenizer.load(folderOf('tokenizers'));
    const options = { length: 64, heldOut: 60, seed: 0, tokenizer: tokenizerDigest(tokenizer) };
    const corpus = openCorpus(folderOf('corpora'), options);
    try {
      expect(corpus.info).toMatchObject({ name: SAMPLE_NAME, articles: 600, duplicateTitles: 0 });
      expect(corpus.train.count).toBeGreaterThan(1000);
      expect(corpus.validation.count).toBeGreaterThanOrEqual(60);
    } finally {
      corpus.close();
    }
    const { tasks } = readSuperGlueInfo(folderOf('superglue'));
    expect(Object.keys(tasks).sort()).toEqual([...SUPERGLUE_TASK_NAMES, 'AX-b', 'AX-g'].sort());
    for (const task of SUPERGLUE_TASK_NAMES) {
      const { train, val, test } = tasks[task]?.splits ?? {};
      expect([train?.examples, val?.examples, test?.examples], task).toEqual([32, 16, 16]);
    }
    const before = inodes();
    await ensureSample(home);
    expect(inodes()).toEqual(before);
  });

  it('may be asked for by several at once', async () => {
    await Promise.all(Array.from({ length: 4 }, () => ensureSample(home)));
    expectOnlySample();
    await expect(Tokenizer.load(folderOf('tokenizers'))).resolves.toMatchObject({ size: 1000 });
  });

  it('replaces what another version has left, by several at once too', async () => {
    await ensureSample(home);
    const before = inodes();
    for (const kind of KINDS) writeFileSync(join(folderOf(kind), 'sample.sha256'), 'of an older app\n');
    await Promise.all([ensureSample(home), ensureSample(home)]);
    expectOnlySample();
    for (const [i, inode] of inodes().entries()) expect(inode).not.toBe(before[i]);
  });

  it('clears away what a killed process has left, not what another is writing', async () => {
    const [stale, fresh] = ['sample-1.tmp', 'sample-2.tmp'].map((name) => join(home, 'corpora', name));
    for (const folder of [stale, fresh]) mkdirSync(String(folder), { recursive: true });
    utimesSync(String(stale), 1, 1);
    await ensureSample(home);
    expect(readdirSync(join(home, 'corpora')).sort()).toEqual([SAMPLE_NAME, 'sample-2.tmp']);
  });

  it('leaves nothing where it cannot write', async () => {
    writeFileSync(join(home, 'corpora'), 'a file where the folder should be');
    await expect(ensureSample(home)).rejects.toMatchObject({ code: 'file/io' });
    expect(readdirSync(join(home, 'tokenizers'))).toEqual([SAMPLE_NAME]);
  });
});
