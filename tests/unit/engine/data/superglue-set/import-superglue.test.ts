import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  importSuperGlue,
  type SuperGlueRequest,
} from '../../../../../src-main/engine/data/superglue-set/import-superglue.ts';
import { readSuperGlueInfo } from '../../../../../src-main/engine/data/superglue-set/read-superglue.ts';
import type { SuperGlueInfo } from '../../../../../src-main/engine/data/superglue-set/superglue-files.ts';
import { writeZip } from '../../../../../src-main/engine/data/zip/write-zip.ts';

/** All eight tasks and both diagnostics in the official form. */
const SAMPLE = 'resources/text-sample/superglue';

let folder: string;
let source: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'metalmo-superglue-'));
  source = join(folder, 'source');
  cpSync(SAMPLE, source, { recursive: true });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const target = (): string => join(folder, 'sets', 'mine');

const importFrom = (path: string, more: Partial<SuperGlueRequest> = {}): Promise<SuperGlueInfo> =>
  importSuperGlue({ source: path, folder: target(), nowMs: 7, ...more });

/** What an import says that must fail, after which nothing may be left. */
async function failureOf(path: string, more?: Partial<SuperGlueRequest>): Promise<{ code: string; message: string }> {
  const error = await importFrom(path, more).then(
    () => new Error('the import was expected to fail'),
    (reason: unknown) => reason,
  );
  expect(existsSync(target())).toBe(false);
  expect(existsSync(dirname(target())) ? readdirSync(dirname(target())) : []).toEqual([]);
  return error as { code: string; message: string };
}

/** The texts of a folder as an archive has them. */
function entriesOf(path: string, prefix = ''): { name: string; text: string }[] {
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => {
    const file = join(parentPath, name);
    return { name: prefix + file.slice(path.length + 1).replaceAll('\\', '/'), text: readFileSync(file, 'utf8') };
  });
}

function keepOnly(...tasks: string[]): void {
  for (const name of readdirSync(source)) if (!tasks.includes(name)) rmSync(join(source, name), { recursive: true });
}

/** Changes the rows of a file of the source. */
function changeRows<Row>(file: string, change: (rows: Row[]) => void): void {
  const path = join(source, file);
  const rows = readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Row);
  change(rows);
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}

describe('an import of SuperGLUE', () => {
  it('copies every split as it is, and counts', async () => {
    const files: string[] = [];
    const info = await importFrom(source, { onProgress: ({ file }) => files.push(file) });
    expect(Object.keys(info.tasks)).toEqual([
      ...['BoolQ', 'CB', 'COPA', 'MultiRC', 'ReCoRD', 'RTE', 'WiC', 'WSC'],
      ...['AX-b', 'AX-g'],
    ]);
    expect(info.tasks['MultiRC']?.splits.train).toMatchObject({ rows: 8, examples: 32, official: 27_243 });
    expect(info.tasks['AX-b']?.splits).toEqual({
      test: expect.objectContaining({ examples: 16, official: 1104 }) as unknown,
    });
    expect(info.tasks['CB']?.notes).toEqual([
      'train.jsonl: 32 examples, where the official one has 250.',
      'val.jsonl: 16 examples, where the official one has 56.',
      'test.jsonl: 16 examples, where the official one has 250.',
    ]);
    expect(info).toMatchObject({ version: 1, name: 'mine', source, importedAtMs: 7, notes: [] });
    expect(readSuperGlueInfo(target())).toEqual(info);
    expect(readFileSync(join(target(), 'WiC/val.jsonl'))).toEqual(readFileSync(join(source, 'WiC/val.jsonl')));
    expect(readFileSync(join(target(), 'AX-g/test.jsonl'))).toEqual(readFileSync(join(source, 'AX-g/AX-g.jsonl')));
    expect(new Set(files).size).toBe(26);
    expect(readdirSync(dirname(target()))).toEqual(['mine']);
  });

  it('reads the official zip, with or without a folder on top, and finds the same', async () => {
    const { digest } = await importFrom(source);
    for (const prefix of ['', 'combined/']) {
      const zip = join(folder, 'combined.zip');
      const hidden = [
        { name: `__MACOSX/${prefix}CB/._train.jsonl`, text: 'x' },
        { name: `${prefix}CB/.train.jsonl`, text: 'x' },
        { name: `${prefix}README.md`, text: 'x' },
      ];
      await writeZip(zip, [...hidden, ...entriesOf(source, prefix)]);
      rmSync(target(), { recursive: true });
      expect(await importFrom(zip)).toMatchObject({ digest, notes: [] });
    }
  });

  it('reads the zip of one task, a folder of them, and the folder of one task', async () => {
    keepOnly('CB', 'RTE');
    const { digest } = await importFrom(join(source, 'CB'));
    rmSync(target(), { recursive: true });
    const zips = join(folder, 'zips');
    cpSync(join(source, 'RTE'), join(zips, 'RTE'), { recursive: true });
    for (const prefix of ['', 'CB/']) {
      await writeZip(join(zips, 'CB.zip'), entriesOf(join(source, 'CB'), prefix));
      const alone = await importFrom(join(zips, 'CB.zip'));
      expect(alone).toMatchObject({
        digest,
        notes: ['Not in it: BoolQ, COPA, MultiRC, ReCoRD, RTE, WiC, WSC, AX-b, AX-g.'],
      });
      rmSync(target(), { recursive: true });
    }
    expect(Object.keys((await importFrom(zips)).tasks)).toEqual(['CB', 'RTE']);
  });

  it('refuses a task that lacks a split, unless asked to take it', async () => {
    keepOnly('BoolQ', 'CB');
    renameSync(join(source, 'BoolQ/train.jsonl'), join(source, 'BoolQ/train.partial.jsonl'));
    expect(await failureOf(source)).toMatchObject({
      code: 'file/invalid',
      message:
        `${source} lacks BoolQ/train.jsonl. Not taken for a split: BoolQ/train.partial.jsonl. ` +
        'Add what is missing, or import what is there all the same (--partial).',
    });
    const { tasks, notes } = await importFrom(source, { partial: true });
    expect(Object.keys(tasks['BoolQ']?.splits ?? {})).toEqual(['val', 'test']);
    expect(tasks['BoolQ']?.notes[0]).toBe('train.jsonl is missing.');
    expect(notes[1]).toBe('Passed over: BoolQ/train.partial.jsonl.');
  });

  it('notes rows that are odd but no error', async () => {
    keepOnly('ReCoRD', 'CB', 'WSC');
    interface Query {
      passage: { text: string; entities: object[] };
      qas: { answers: { start: number; end: number; text: string }[] }[];
    }
    changeRows<Query>('ReCoRD/train.jsonl', ([first, second]) => {
      if (first === undefined || second === undefined) throw new Error('the sample has two rows');
      first.passage.entities = [];
      second.qas[0]?.answers.push({ start: 1, end: 1, text: 'x' });
    });
    changeRows<{ label?: string }>('CB/test.jsonl', (rows) => {
      for (const row of rows.slice(0, 3)) row.label = 'neutral';
    });
    changeRows<{ target: { span1_text: string } }>('WSC/val.jsonl', ([first]) => {
      if (first !== undefined) first.target.span1_text = 'nowhere';
    });
    const { tasks } = await importFrom(source);
    expect(tasks['ReCoRD']?.notes).toContain('train.jsonl: 1 of 16 rows without an entity in the passage.');
    expect(tasks['ReCoRD']?.notes).toContain('train.jsonl: 2 of 16 rows with an answer that is no entity.');
    expect(tasks['CB']?.notes).toContain('test.jsonl: 3 examples have labels; the official one has none.');
    expect(tasks['WSC']?.notes).toContain('val.jsonl: 1 of 16 rows with a span that is not in the text: not marked.');
  });

  it('takes a byte order mark, CRLF, blank lines and a missing end of line', async () => {
    keepOnly('CB');
    const file = join(source, 'CB/val.jsonl');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, `\uFEFF${text.trimEnd().replaceAll('\n', '\r\n\r\n')}`);
    expect((await importFrom(source)).tasks['CB']?.splits.val?.examples).toBe(16);
  });

  it('refuses a name that is taken, and leaves what has it', async () => {
    const { digest } = await importFrom(source);
    await expect(importFrom(source)).rejects.toMatchObject({ code: 'registry/conflict' });
    expect(readSuperGlueInfo(target()).digest).toBe(digest);
  });
});

describe('a source that is none', () => {
  it('is a path where nothing is', async () => {
    expect(await failureOf(join(folder, 'none'))).toMatchObject({ code: 'file/not-found' });
  });

  it('is a folder without tasks', async () => {
    keepOnly('CB');
    renameSync(join(source, 'CB'), join(source, 'Commitment'));
    const { code, message } = await failureOf(source);
    expect(code).toBe('file/invalid');
    expect(message).toContain('holds no SuperGLUE task: expected folders BoolQ, CB, ');
    expect(message).toContain('got Commitment/test.jsonl, Commitment/train.jsonl, Commitment/val.jsonl.');
  });

  it('is one file of a task', async () => {
    expect(await failureOf(join(source, 'CB/train.jsonl'))).toMatchObject({ code: 'input/invalid' });
  });

  it('has a split twice', async () => {
    cpSync(join(source, 'CB'), join(source, 'old', 'CB'), { recursive: true });
    const { code, message } = await failureOf(source);
    expect(code).toBe('file/invalid');
    expect(message).toContain("are CB's test.jsonl");
  });

  it('is a zip that was cut off', async () => {
    const zip = join(folder, 'combined.zip');
    await writeZip(zip, entriesOf(source));
    writeFileSync(zip, readFileSync(zip).subarray(0, 9000));
    const { code, message } = await failureOf(zip);
    expect(code).toBe('file/invalid');
    expect(message).toContain('combined.zip is no readable zip archive');
  });

  it('is a zip with a damaged file', async () => {
    keepOnly('MultiRC');
    const zip = join(folder, 'combined.zip');
    await writeZip(zip, entriesOf(source));
    const bytes = readFileSync(zip);
    for (let i = 400; i < 420; i++) bytes[i] = (bytes[i] ?? 0) ^ 0xff;
    writeFileSync(zip, bytes);
    const { code, message } = await failureOf(zip);
    expect(code).toBe('file/invalid');
    expect(message).toMatch(/combined\.zip, MultiRC\/\w+\.jsonl is no readable zip archive/);
  });
});

type Loose = Record<string, unknown>;

describe('a row that is none', () => {
  const set = (key: string, value: unknown) => (rows: Loose[]) => {
    Object.assign(rows[1] ?? {}, { [key]: value });
  };
  const remove = (key: string) => (rows: Loose[]) => {
    Reflect.deleteProperty(rows[1] ?? {}, key);
  };
  const cases: [file: string, change: (rows: Loose[]) => void, message: string][] = [
    ['BoolQ/train.jsonl', set('question', 5), "line 2, field 'question': expected a string, got 5."],
    ['BoolQ/train.jsonl', remove('passage'), "line 2, field 'passage': expected a string, got nothing."],
    [
      'BoolQ/val.jsonl',
      remove('label'),
      "line 2, field 'label': expected a label, as every row of val.jsonl has, got none.",
    ],
    ['BoolQ/val.jsonl', set('label', 'yes'), `line 2, field 'label': expected a boolean, got "yes".`],
    ['CB/train.jsonl', set('label', 'maybe'), `expected "contradiction" or "entailment" or "neutral", got "maybe".`],
    ['COPA/train.jsonl', set('label', 2), "line 2, field 'label': expected 0 or 1, got 2."],
    ['COPA/train.jsonl', set('idx', 1.5), "line 2, field 'idx': expected a whole number, got 1.5."],
    ['COPA/train.jsonl', set('idx', -1), "line 2, field 'idx': expected 0 or more, got -1."],
    [
      'COPA/train.jsonl',
      set('idx', 0),
      "line 2, field 'idx': expected a number that no row before has, got 0, as line 1 has.",
    ],
    ['AX-b/AX-b.jsonl', set('idx', 'x'), `line 2, field 'idx': expected a whole number, got "x".`],
    ['WiC/train.jsonl', set('end1', 999), "line 2, field 'end1': expected a place in sentence1 of "],
    ['WiC/train.jsonl', set('start2', 999), "line 2, field 'start2': expected a place in sentence2 of "],
    ['WiC/train.jsonl', set('end2', 0), "line 2, field 'end2': expected more than its start, "],
    [
      'WSC/train.jsonl',
      ([, row]) => Object.assign(row?.['target'] as Loose, { span2_index: 400 }),
      "line 2, field 'target.span2_index': expected the number of one of the text's ",
    ],
    [
      'MultiRC/train.jsonl',
      ([, row]) => {
        const [question] = (row?.['passage'] as { questions: { answers: Loose[] }[] }).questions;
        Object.assign(question?.answers[0] ?? {}, { idx: 0 });
      },
      "line 2, field 'passage.questions.0.answers.0.idx': expected a number that no answer before has, got 0, as line 1 has.",
    ],
    [
      'MultiRC/train.jsonl',
      ([, row]) => {
        const [question] = (row?.['passage'] as { questions: Loose[] }).questions;
        Object.assign(question ?? {}, { idx: 0 });
      },
      "field 'passage.questions.0.idx': expected a number that no question before has, got 0, as line 1 has.",
    ],
    [
      'MultiRC/val.jsonl',
      ([row]) => {
        const [question] = (row?.['passage'] as { questions: { answers: Loose[] }[] }).questions;
        Reflect.deleteProperty(question?.answers[1] ?? {}, 'label');
      },
      "line 1, field 'passage.questions.0.answers.1.label': expected a label",
    ],
    [
      'ReCoRD/train.jsonl',
      ([, row]) => Object.assign((row?.['passage'] as { entities: Loose[] }).entities[0] ?? {}, { end: 5000 }),
      "line 2, field 'passage.entities.0.end': expected a place in passage.text of ",
    ],
    [
      'ReCoRD/train.jsonl',
      ([, row]) => Object.assign((row?.['qas'] as { answers: Loose[] }[])[0]?.answers[0] ?? {}, { start: 9, end: 3 }),
      "line 2, field 'qas.0.answers.0.end': expected no less than its start, 9, got 3.",
    ],
    [
      'ReCoRD/train.jsonl',
      ([, row]) => Object.assign((row?.['qas'] as Loose[])[0] ?? {}, { answers: [] }),
      "line 2, field 'qas.0.answers': expected a label",
    ],
    ['ReCoRD/train.jsonl', set('qas', []), "line 2, field 'qas': expected at least 1 entry, got []."],
  ];

  it.each(cases)('%s is told by line and field: %#', async (file, change, message) => {
    keepOnly(dirname(file));
    changeRows(file, change);
    const error = await failureOf(source);
    expect(error.code).toBe('file/invalid');
    expect(error.message).toContain(join(source, file));
    expect(error.message).toContain(message);
  });

  const texts: [what: string, text: string | Buffer, message: string][] = [
    ['not JSON', '{"idx": 0\n', 'line 1: expected a row of CB as JSON, got what is none'],
    ['empty', ' \n\n', 'is empty; expected at least one row.'],
    ['too long', `\n{"premise": "${'x'.repeat(10_000_000)}"}\n`, 'line 2 has more than 4194304 bytes'],
    ['Latin-1', Buffer.from('\n\n{"premise": "na\u00efve"}', 'latin1'), 'line 3 is not UTF-8 text.'],
  ];

  it.each(texts)('is %s', async (_what, text, message) => {
    keepOnly('CB');
    writeFileSync(join(source, 'CB/val.jsonl'), text);
    const error = await failureOf(source);
    expect(error.code).toBe('file/invalid');
    expect(error.message).toContain(join(source, 'CB/val.jsonl'));
    expect(error.message).toContain(message);
  });
});

describe('an import that does not end well', () => {
  /** Lets a disk be full after some writes. */
  async function fillDisk(after: number): Promise<void> {
    const handle = await open(join(source, 'CB/val.jsonl'));
    const prototype = Object.getPrototypeOf(handle) as { write: (...args: unknown[]) => unknown };
    await handle.close();
    const { write } = prototype;
    let count = 0;
    vi.spyOn(prototype, 'write').mockImplementation(function (this: unknown, ...args) {
      if (count++ < after) return write.apply(this, args);
      return Promise.reject(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }));
    });
  }

  it.each([0, 5, 26])('says that the disk is full after %i writes, and leaves nothing', async (after) => {
    await fillDisk(after);
    const { code, message } = await failureOf(source);
    expect(code).toBe('file/io');
    expect(message).toContain('The disk is full: free some space.');
    expect(message).toContain(join('sets', basename(target())));
  });

  it('says that the folder cannot be made', async () => {
    writeFileSync(join(folder, 'sets'), 'a file where a folder should be');
    const under = join(folder, 'sets', 'below', 'mine');
    await expect(importFrom(source, { folder: under })).rejects.toMatchObject({ code: 'file/io' });
  });

  it('leaves nothing when it is cancelled', async () => {
    const stop = new AbortController();
    const onProgress: SuperGlueRequest['onProgress'] = ({ file }) => {
      if (file === 'COPA/val.jsonl') stop.abort();
    };
    expect(await failureOf(source, { onProgress, signal: stop.signal })).toMatchObject({ code: 'cancelled' });
  });
});
