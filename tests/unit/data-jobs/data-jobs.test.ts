import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataJobs } from '../../../src-main/data-jobs/data-jobs.ts';
import type { DataJob, DataWish } from '../../../src-shared/ipc/contract/data.ts';
import { FakeEngine } from '../../support/fake-engine.ts';

let directory: string;
let engines: FakeEngine[];
let jobs: DataJobs;
let told: DataJob[][];
let made: number;
let nowMs: number;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'metalmo-data-jobs-'));
  mkdirSync(join(directory, 'tokenizers', 'bpe'), { recursive: true });
  writeFileSync(join(directory, 'wiki.txt'), 'text');
  [engines, told, made, nowMs] = [[], [], 0, 1000];
  jobs = new DataJobs({
    dataDirectory: directory,
    launch: FakeEngine.launcher(engines),
    onJobs: (list) => told.push(list),
    onMade: () => made++,
    now: () => nowMs,
  });
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const corpus = (name: string): DataWish => ({
  kind: 'import-corpus',
  name,
  source: join(directory, 'wiki.txt'),
  tokenizer: 'bpe',
});
const states = (): string[] => jobs.list().map(({ state }) => state);
async function ended(): Promise<void> {
  await expect.poll(() => jobs.list().every(({ endedAtMs }) => endedAtMs !== null)).toBe(true);
}

describe('DataJobs', () => {
  it('makes one at a time, in order, and says how far it is and how long it takes', async () => {
    await jobs.start(corpus('one'));
    await jobs.start(corpus('two'));
    expect(states()).toEqual(['waiting', 'running']);
    expect(engines).toHaveLength(1);
    expect(engines[0]?.commands[0]).toMatchObject({
      type: 'data-job',
      request: { kind: 'import-corpus', folder: join(directory, 'corpora', 'one'), nowMs: 1000 },
    });
    nowMs = 11_000;
    const progress = { phase: 'tokenizing', share: 0.25, bytesRead: 1, bytesTotal: 4, counts: { articles: 3 } };
    engines[0]?.tell({ type: 'data-progress', progress });
    expect(jobs.list()[1]).toMatchObject({ progress, secondsLeft: 30 });
    engines[0]?.tell({ type: 'data-made' });
    engines[0]?.exit();
    await expect.poll(states).toEqual(['running', 'done']);
    expect([engines.length, made]).toEqual([2, 1]);
    engines[1]?.tell({ type: 'data-made' });
    engines[1]?.exit();
    await ended();
    expect(told.at(-1)).toEqual(jobs.list());
  });

  it('keeps what an engine says of its failure, and goes on with the next one', async () => {
    const { jobId } = await jobs.start(corpus('bad'));
    await jobs.start(corpus('good'));
    engines[0]?.fail('wiki.txt, line 3 is not JSON');
    await expect.poll(states).toEqual(['running', 'failed']);
    expect(jobs.list()[1]?.error).toMatchObject({ message: 'wiki.txt, line 3 is not JSON' });
    expect(() => jobs.dismiss('9')).toThrow(/no data job 9/);
    expect(jobs.dismiss(jobId)).toHaveLength(1);
    expect(made).toBe(0);
  });

  it('says how a process died, and clears away what it had begun', async () => {
    await jobs.start(corpus('gone'));
    const corpora = join(directory, 'corpora');
    for (const name of ['gone.1001-0.tmp', 'gone.tmp', 'gone.77-0.tmp', 'gone2.1001-0.tmp']) {
      mkdirSync(join(corpora, name), { recursive: true });
    }
    engines[0]?.exit({ code: null, signal: 'SIGSEGV', lastWords: 'boom\n' });
    await ended();
    expect(jobs.list()[0]?.error?.message).toMatch(/ended unexpectedly \(SIGSEGV\).*boom/);
    const left = ['gone.1001-0.tmp', 'gone.tmp', 'gone.77-0.tmp', 'gone2.1001-0.tmp'].map((name) =>
      existsSync(join(corpora, name)),
    );
    // those of other processes are theirs
    expect(left).toEqual([false, false, true, true]);
  });

  it('cancels what waits at once, and asks what works to stop', async () => {
    await jobs.start(corpus('one'));
    const { jobId } = await jobs.start(corpus('two'));
    expect(jobs.cancel(jobId).state).toBe('cancelled');
    expect(jobs.cancel(jobs.list()[1]?.jobId ?? '').state).toBe('cancelling');
    expect(engines[0]?.commands.at(-1)).toEqual({ type: 'stop' });
    expect(() => jobs.dismiss(jobs.list()[1]?.jobId ?? '')).toThrow(/has not ended/);
    const error = { code: 'cancelled' as const, message: 'Reading was cancelled.', details: {} };
    engines[0]?.tell({ type: 'failed', error });
    await ended();
    expect(states()).toEqual(['cancelled', 'cancelled']);
    expect(jobs.list().map((job) => job.error)).toEqual([null, null]);
  });

  it('ends all with the app', async () => {
    await jobs.start(corpus('one'));
    await jobs.start(corpus('two'));
    await jobs.close();
    expect(engines.map(({ killed }) => killed)).toEqual([true]);
    expect(states()).toEqual(['cancelled', 'cancelled']);
  });

  it.each([
    ['name', { ...corpus0(), name: 'sample' }, /the data that the app brings/],
    ['name', { ...corpus0(), kind: 'import-tokenizer', name: 'bpe' }, /already is a tokenizer 'bpe'/],
    ['source', { ...corpus0(), source: 'wiki.txt' }, /from the top.*got 'wiki.txt'/],
    ['source', { ...corpus0(), source: '/nowhere/at/all' }, /no file or folder \/nowhere\/at\/all/],
    ['tokenizer', { ...corpus0(), tokenizer: 'none' }, /no tokenizer 'none'/],
  ])('refuses a wrong %s at its field', async (field, wish, message) => {
    const refused = jobs.start(wish as DataWish);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toMatchObject({ details: { field } });
    expect(engines).toEqual([]);
  });

  it('refuses the name of a set that is in the making', async () => {
    await jobs.start(corpus('one'));
    await expect(jobs.start(corpus('one'))).rejects.toMatchObject({
      code: 'registry/conflict',
      details: { field: 'name' },
    });
    expect(jobs.readsTokenizer('bpe')).toBe(true);
    await jobs.close();
    expect(jobs.readsTokenizer('bpe')).toBe(false);
  });
});

function corpus0() {
  return { kind: 'import-corpus', name: 'one', source: '/', tokenizer: 'bpe' };
}
