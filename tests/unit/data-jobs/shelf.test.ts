import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deleteData } from '../../../src-main/data-jobs/delete-data.ts';
import { removeLeftovers } from '../../../src-main/data-jobs/leftovers.ts';
import { listData } from '../../../src-main/data-jobs/list-data.ts';
import { listFolder } from '../../../src-main/data-jobs/list-folder.ts';
import { TokenizerDigests } from '../../../src-main/data-jobs/tokenizer-digests.ts';
import { importCorpus, tokenizerDigest } from '../../../src-main/engine/data/corpus/import-corpus.ts';
import { Tokenizer } from '../../../src-main/engine/data/tokenizer.ts';
import { openRegistry, type Registry } from '../../../src-main/registry/open-registry.ts';
import { insertRun } from '../../../src-main/registry/runs.ts';
import { RunConfig } from '../../../src-shared/config/run-config.ts';

const SHIPPED = 'resources/two-moons-tokenizer';

let directory: string;
let db: Registry;
const digests = new TokenizerDigests();

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'metalmo-shelf-'));
  db = openRegistry(':memory:');
  cpSync(SHIPPED, join(directory, 'tokenizers/bpe'), { recursive: true });
  writeFileSync(join(directory, 'text.txt'), '1 2 3\n\n4 5 6\n\n7 8 9\n');
  await importCorpus({
    source: join(directory, 'text.txt'),
    tokenizer: await Tokenizer.load(SHIPPED),
    tokenizerFolder: join(directory, 'tokenizers/bpe'),
    folder: join(directory, 'corpora/numbers'),
    nowMs: 5,
  });
});
afterEach(() => {
  db.close();
  rmSync(directory, { recursive: true });
});

const list = () => listData({ db, dataDirectory: directory, digests });

function addRun(corpus: string): string {
  const config = RunConfig.parse({ objective: 'mlm', data: { kind: 'text', tokenizer: 'bpe', corpus } });
  return insertRun(db, { runId: `run-${corpus}`, name: `on ${corpus}`, config, createdAtMs: 1 }).runId;
}

describe('listData', () => {
  it('counts, measures, and says which tokenizer a corpus has and which runs read it', async () => {
    const runId = addRun('numbers');
    const { corpora, tokenizers, damaged, freeBytes } = await list();
    expect(corpora).toMatchObject([
      {
        name: 'numbers',
        articles: 3,
        madeAtMs: 5,
        tokenizer: { state: 'same', name: 'bpe' },
        use: { runs: 1, active: 1, shown: [{ runId, status: 'queued' }] },
      },
    ]);
    expect(corpora[0]?.bytes).toBeGreaterThan(100);
    expect(tokenizers).toMatchObject([{ name: 'bpe', entries: 407, corpora: ['numbers'], use: { runs: 1 } }]);
    expect(damaged).toEqual([]);
    expect(freeBytes).toBeGreaterThan(0);
  });

  it('measures the cache, which is no set', async () => {
    const folder = join(directory, 'cache');
    expect((await list()).cache).toEqual({ folder, files: 0, bytes: 0 });
    mkdirSync(folder);
    writeFileSync(join(folder, 'CB-train-0123456789abcdef.bin'), Buffer.alloc(1500));
    const { cache, damaged } = await list();
    expect(cache).toEqual({ folder, files: 1, bytes: 1500 });
    expect(damaged).toEqual([]);
  });

  it('notices a tokenizer that changed, one that is gone, and one that is the same under another name', async () => {
    const merges = join(directory, 'tokenizers/bpe/merges.txt');
    appendFileSync(merges, '1 2\n');
    expect((await list()).corpora[0]?.tokenizer).toMatchObject({ state: 'changed', name: null });
    rmSync(join(directory, 'tokenizers/bpe'), { recursive: true });
    expect((await list()).corpora[0]?.tokenizer).toMatchObject({ state: 'missing', name: null });
    cpSync(SHIPPED, join(directory, 'tokenizers/again'), { recursive: true });
    expect((await list()).corpora[0]?.tokenizer).toMatchObject({ state: 'same', name: 'again' });
  });

  it('names what it can’t read, with the reason, and passes over what is in the making', async () => {
    mkdirSync(join(directory, 'corpora/empty'));
    mkdirSync(join(directory, 'superglue/half.tmp'), { recursive: true });
    const { corpora, superglue, damaged } = await list();
    expect(corpora.map(({ name }) => name)).toEqual(['numbers']);
    expect(superglue).toEqual([]);
    expect(damaged).toMatchObject([{ kind: 'corpus', name: 'empty', bytes: 0 }]);
    expect(damaged[0]?.reason).toContain('holds no imported corpus');
  });
});

describe('TokenizerDigests', () => {
  it('has the digest that corpora note', async () => {
    const { digest, entries, merges } = await new TokenizerDigests().read(SHIPPED);
    const tokenizer = await Tokenizer.load(SHIPPED);
    expect([digest, entries, merges]).toEqual([
      tokenizerDigest(tokenizer),
      tokenizer.size,
      tokenizer.parts.merges.length,
    ]);
  });
});

describe('deleteData', () => {
  it('is refused while a run that reads it waits, and frees the space after', async () => {
    addRun('numbers');
    await expect(deleteData(db, directory, 'corpus', 'numbers')).rejects.toThrow(/read by on numbers \(queued\)/);
    db.prepare(`UPDATE runs SET status = 'finished'`).run();
    const { freedBytes } = await deleteData(db, directory, 'corpus', 'numbers');
    expect(freedBytes).toBeGreaterThan(100);
    expect(readdirSync(join(directory, 'corpora'))).toEqual([]);
    await expect(deleteData(db, directory, 'corpus', 'numbers')).rejects.toMatchObject({ code: 'file/not-found' });
  });

  it.each(['../tokenizers', '..', '.', 'a/b'])('never leaves the folder: %s', async (name) => {
    await expect(deleteData(db, directory, 'corpus', name)).rejects.toMatchObject({ code: 'input/invalid' });
    expect(existsSync(join(directory, 'tokenizers/bpe'))).toBe(true);
  });
});

describe('removeLeftovers', () => {
  it('deletes what dead processes left, not what living ones are at work on', async () => {
    const parent = join(directory, 'corpora');
    const names = ['a.999999999-0.tmp', `b.${process.pid}-0.tmp`, 'c.tmp', 'd.deleted.tmp'];
    for (const name of names) mkdirSync(join(parent, name));
    const old = new Date(Date.now() - 3_600_000);
    utimesSync(join(parent, 'd.deleted.tmp'), old, old);
    await removeLeftovers(directory, Date.now());
    expect(readdirSync(parent).sort()).toEqual([`b.${process.pid}-0.tmp`, 'c.tmp', 'numbers']);
  });
});

describe('listFolder', () => {
  it('shows folders first, no hidden files, and says what is none', async () => {
    writeFileSync(join(directory, '.hidden'), '');
    const { path, parent, entries, more } = await listFolder(directory);
    expect([path, parent, more]).toEqual([directory, tmpdir(), 0]);
    expect(entries.map(({ name, isFolder, bytes }) => [name, isFolder, bytes])).toEqual([
      ['corpora', true, null],
      ['tokenizers', true, null],
      ['text.txt', false, 20],
    ]);
    await expect(listFolder(join(directory, 'none'))).rejects.toMatchObject({ code: 'file/not-found' });
    await expect(listFolder(join(directory, 'text.txt'))).rejects.toThrow(/it is a file/);
  });
});
