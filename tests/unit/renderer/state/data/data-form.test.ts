import { describe, expect, it } from 'vitest';
import { coloredPieces } from '../../../../../src-renderer/state/data/colored-pieces.ts';
import { endLine, progressLine } from '../../../../../src-renderer/state/data/job-facts.ts';
import { nameOfPath } from '../../../../../src-renderer/state/data/name-of-path.ts';
import { parseShown, shownKey } from '../../../../../src-renderer/state/data/shown.ts';
import type { DataJob } from '../../../../../src-shared/ipc/contract/data.ts';

const JOB: DataJob = {
  jobId: '1',
  wish: { kind: 'add-sample' },
  state: 'running',
  askedAtMs: 0,
  startedAtMs: 1000,
  endedAtMs: null,
  progress: {
    phase: 'tokenizing',
    share: 0.125,
    bytesRead: 5e6,
    bytesTotal: 4e7,
    counts: { articles: 1200, tokens: 0 },
  },
  secondsLeft: 3,
  error: null,
};

describe('a set in the address', () => {
  it('is its kind and its name', () => {
    expect(parseShown(shownKey({ kind: 'corpus', name: 'wiki-2.v1' }))).toEqual({ kind: 'corpus', name: 'wiki-2.v1' });
    expect(parseShown('corpus/')).toBeUndefined();
    expect(parseShown('moons/a')).toBeUndefined();
  });
});

describe('nameOfPath', () => {
  it.each([
    ['/data/en_2015.train.jsonl', 'en_2015.train'],
    ['/data/My texts/', 'My-texts'],
    ['C:\\data\\combined.zip', 'combined'],
    ['\n /a/first.txt\n/b/second.txt', 'first'],
    ['/data/.hidden', 'hidden'],
    ['', ''],
  ])('%j -> %j', (path, name) => {
    expect(nameOfPath(path)).toBe(name);
  });
});

describe('coloredPieces', () => {
  it('keeps tokens of one character together', () => {
    const tokens = [
      { id: 1, token: 'a', start: 0, end: 1 },
      { id: 2, token: 'Ġ', start: 1, end: 2 },
      { id: 3, token: 'ð', start: 2, end: 3 },
      { id: 4, token: 'Ł', start: 2, end: 3 },
      { id: 5, token: 'b', start: 3, end: 4 },
    ];
    expect(coloredPieces('a 😀b', tokens).map(({ text, ids }) => [text, ids])).toEqual([
      ['a', [1]],
      [' ', [2]],
      ['😀', [3, 4]],
      ['b', [5]],
    ]);
  });
});

describe('lines of a job', () => {
  it('say how it goes and how it ended', () => {
    expect(progressLine(JOB)).toBe('tokenizing, 12\u202f%, 5.00\u202fMB of 40.0\u202fMB, 1\u202f200 articles');
    expect(progressLine({ ...JOB, progress: null })).toBe('starting');
    expect(progressLine({ ...JOB, state: 'waiting' })).toBe('waits for the one before it');
    expect(endLine({ ...JOB, state: 'done', endedAtMs: 66_000 })).toBe('done in 1 min 05 s');
    expect(endLine({ ...JOB, state: 'failed', endedAtMs: 2 })).toBe('failed, nothing was kept');
  });
});
