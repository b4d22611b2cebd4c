import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { clearCache } from '../../../../../src-main/engine/data/superglue-set/cache-files.ts';
import { importSuperGlue } from '../../../../../src-main/engine/data/superglue-set/import-superglue.ts';
import { loadTaskExamples, type TaskRequest } from '../../../../../src-main/engine/data/superglue-set/load-task.ts';
import { findSplit, readRows } from '../../../../../src-main/engine/data/superglue-set/read-superglue.ts';
import { encodePairs } from '../../../../../src-main/engine/data/tasks/superglue/encode-pair.ts';
import { encodeRecord, recordExamples } from '../../../../../src-main/engine/data/tasks/superglue/record.ts';
import { longestRow, type TaskExample } from '../../../../../src-main/engine/data/tasks/task.ts';
import { Tokenizer } from '../../../../../src-main/engine/data/tokenizer.ts';

const SAMPLE = 'resources/text-sample';
const dataDirectory = mkdtempSync(join(tmpdir(), 'metalmo-load-task-'));
const cache = join(dataDirectory, 'cache');
let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = await Tokenizer.load(join(SAMPLE, 'tokenizer'));
  const folder = join(dataDirectory, 'superglue', 'mine');
  await importSuperGlue({ source: join(SAMPLE, 'superglue'), folder, nowMs: 0 });
});
beforeEach(() => {
  vi.restoreAllMocks();
  rmSync(cache, { recursive: true, force: true });
});
afterAll(() => rmSync(dataDirectory, { recursive: true }));

// short windows: every longer text has several
const load = (task: string, split: TaskRequest['split'], more: Partial<TaskRequest> = {}) =>
  loadTaskExamples({ dataDirectory, set: 'mine', task, split, tokenizer, maxLength: 32, stride: 8, ...more });

/** The same examples, encoded at once and kept nowhere. */
async function encoded(task: string, split: TaskRequest['split']): Promise<TaskExample[]> {
  const options = { maxLength: 32, stride: 8 };
  const examples: TaskExample[] = [];
  const found = findSplit(join(dataDirectory, 'superglue', 'mine'), task, split);
  for await (const row of readRows(found)) {
    if (row.kind === 'record') examples.push(...(await encodeRecord(recordExamples(row.row), tokenizer, options)));
    else if (found.task.pair) examples.push(...(await encodePairs(found.task.pair, row.examples, tokenizer, options)));
  }
  return examples;
}

const plain = (examples: readonly TaskExample[]) =>
  examples.map(({ idx, label, group, answers, rows }) => ({ idx, label, group, answers, rows }));

describe('loading a task', () => {
  const SPLITS: [task: string, split: TaskRequest['split']][] = [
    ['BoolQ', 'train'],
    ['CB', 'validation'],
    ['MultiRC', 'train'],
    ['ReCoRD', 'train'],
    ['ReCoRD', 'test'],
    ['WiC', 'test'],
    ['AX-b', 'test'],
  ];

  it.each(SPLITS)(
    'gives the examples of %s %s as they are encoded one by one, first and from the cache',
    async (...of) => {
      const expected = plain(await encoded(...of));
      expect(expected.length).toBeGreaterThanOrEqual(16);
      const first = await load(...of);
      const encode = vi.spyOn(tokenizer, 'encode');
      const second = await load(...of);
      expect(encode).not.toHaveBeenCalled();
      expect(plain(first)).toEqual(expected);
      expect(plain(second)).toEqual(expected);
      expect(second.map(longestRow)).toEqual(expected.map(({ rows }) => Math.max(...rows.map(({ x }) => x.length))));
    },
  );

  it('fills in groups, labels and answers where there are some', async () => {
    const [answer] = await load('MultiRC', 'train');
    expect(answer).toMatchObject({ group: expect.any(Number) as number, label: expect.any(Number) as number });
    expect((await load('MultiRC', 'train')).some(({ rows }) => rows.length > 1)).toBe(true);
    const [query] = await load('ReCoRD', 'train');
    expect(query?.answers?.length).toBeGreaterThan(0);
    expect(query).not.toHaveProperty('label');
    const [unlabeled] = await load('ReCoRD', 'test');
    expect(unlabeled).not.toHaveProperty('answers');
    expect(unlabeled?.rows[0]?.y.every((id) => id === 0)).toBe(true);
  });

  it('encodes anew for other windows and another tokenizer', async () => {
    await load('CB', 'train');
    const { vocabulary, merges } = tokenizer.parts;
    const other = new Tokenizer(vocabulary, merges.slice(0, -1));
    await load('CB', 'train', { tokenizer: other });
    const wide = await load('CB', 'train', { maxLength: 64 });
    await load('CB', 'train', { stride: 4 });
    expect(readdirSync(cache)).toHaveLength(4);
    expect(Math.max(...wide.map(longestRow))).toBeGreaterThan(32);
  });

  it('makes a damaged file of the cache again', async () => {
    const expected = plain(await load('ReCoRD', 'validation'));
    const [name = ''] = readdirSync(cache);
    const file = join(cache, name);
    const whole = readFileSync(file);
    const flipped = Buffer.from(whole);
    flipped[whole.length - 1000] = (whole[whole.length - 1000] ?? 0) ^ 4;
    for (const damaged of [flipped, whole.subarray(0, whole.length - 8), whole.subarray(0, 20), Buffer.alloc(0)]) {
      writeFileSync(file, damaged);
      expect(plain(await load('ReCoRD', 'validation'))).toEqual(expected);
      expect(readFileSync(file).equals(whole)).toBe(true);
    }
  });

  it('can be done by several at once', async () => {
    const loaded = await Promise.all(Array.from({ length: 4 }, () => load('COPA', 'train')));
    for (const examples of loaded) expect(plain(examples)).toEqual(plain(loaded[0] ?? []));
    expect(readdirSync(cache)).toHaveLength(1);
    expect(readdirSync(cache)[0]).toMatch(/^COPA-train-\w+\.bin$/);
  });

  it('encodes again what was cleared away', async () => {
    const expected = plain(await load('ReCoRD', 'train'));
    const [name = ''] = readdirSync(cache);
    const whole = readFileSync(join(cache, name));
    expect(await clearCache(cache)).toEqual({ files: 1, bytes: whole.length });
    const encode = vi.spyOn(tokenizer, 'encode');
    expect(plain(await load('ReCoRD', 'train'))).toEqual(expected);
    expect(encode).toHaveBeenCalled();
    expect(readFileSync(join(cache, name)).equals(whole)).toBe(true);
  });

  it('gives the same examples while somebody clears the cache time and again', async () => {
    const expected = plain(await load('CB', 'train'));
    const end = new AbortController();
    let removedFiles = 0;
    const clearing = (async () => {
      while (!end.signal.aborted) removedFiles += (await clearCache(cache)).files;
    })();
    try {
      for (let i = 0; i < 10; i++) {
        const loaded = await Promise.all([load('CB', 'train'), load('CB', 'train')]);
        for (const examples of loaded) expect(plain(examples)).toEqual(expected);
      }
    } finally {
      end.abort();
      await clearing;
    }
    expect(removedFiles).toBeGreaterThan(0);
    await clearCache(cache);
    expect(readdirSync(cache)).toEqual([]);
  });

  it('goes without a cache where none can be written', async () => {
    writeFileSync(cache, 'a file where a folder should be');
    expect(plain(await load('RTE', 'validation'))).toEqual(plain(await encoded('RTE', 'validation')));
    expect(statSync(cache).isFile()).toBe(true);
  });

  it('clears away what a process left that is gone, and nothing younger', async () => {
    mkdirSync(cache);
    const [old, young] = [join(cache, 'CB-train-1.bin.x.tmp'), join(cache, 'CB-train-1.bin.y.tmp')];
    for (const file of [old, young]) writeFileSync(file, '');
    utimesSync(old, 0, 0);
    await load('CB', 'train');
    expect(readdirSync(cache).filter((name) => name.endsWith('.tmp'))).toEqual(['CB-train-1.bin.y.tmp']);
  });

  it('says which set or split is not there, and that a file was changed', async () => {
    await expect(load('CB', 'train', { set: 'none' })).rejects.toMatchObject({ code: 'file/not-found' });
    await expect(load('AX-b', 'train')).rejects.toMatchObject({
      code: 'file/not-found',
      message: expect.stringContaining(
        "The SuperGLUE set 'mine' has no train split of AX-b; it has AX-b test.",
      ) as string,
    });
    const sets = join(dataDirectory, 'superglue');
    cpSync(join(sets, 'mine'), join(sets, 'changed'), { recursive: true });
    writeFileSync(join(sets, 'changed', 'CB', 'train.jsonl'), '{}\n');
    await expect(load('CB', 'train', { set: 'changed' })).rejects.toMatchObject({
      code: 'file/invalid',
      message: expect.stringContaining('was changed after its import. Import the set again.') as string,
    });
  });
});
