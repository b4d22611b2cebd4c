import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { insertAt } from '../../../../../../src-main/engine/data/code-points.ts';
import { encodePairs } from '../../../../../../src-main/engine/data/tasks/superglue/encode-pair.ts';
import {
  encodeRecord,
  recordExamples,
  RecordRow,
} from '../../../../../../src-main/engine/data/tasks/superglue/record.ts';
import { DIAGNOSTICS, PAIR_TASKS } from '../../../../../../src-main/engine/data/tasks/superglue/tasks.ts';
import { wscSpan } from '../../../../../../src-main/engine/data/tasks/superglue/wsc-span.ts';
import type { TaskExample } from '../../../../../../src-main/engine/data/tasks/task.ts';
import { Tokenizer } from '../../../../../../src-main/engine/data/tokenizer.ts';
import type { WindowOptions } from '../../../../../../src-main/engine/data/windows.ts';
import { readJsonFixture } from '../../../../../support/fixtures.ts';

const FOLDER = 'tests/unit/fixtures/encode';
const SETTINGS = ['48_8', '64_16', '32_0', '256_64', '40_20'];
const SPLITS = ['val', 'test'];

type Windows = { idxs: number[]; features: number[][]; labels: number[][] } | { error: string };
interface EncodeFixture {
  labels: [string | number | boolean, number][];
  task_id: number;
  encoded: Record<string, Record<string, { first: Windows; all: Windows }[]>>;
}

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = await Tokenizer.load(`${FOLDER}/tokenizer`);
});

function readRows(task: string, split: string): unknown[] {
  const text = readFileSync(join(FOLDER, 'raw', task, `${split}.jsonl`), 'utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);
}

function optionsOf(setting: string): WindowOptions {
  const [maxLength = 0, stride = 0] = setting.split('_').map(Number);
  return { maxLength, stride };
}

/** A task's examples of a split as the fixtures have them. */
const windowsOf = ({ idx, rows }: TaskExample): Windows => ({
  idxs: rows.map(() => idx),
  features: rows.map(({ x }) => [...x]),
  labels: rows.map(({ y }) => [...y]),
});

/** Encoded examples, each alone, so that one that can't be cut says so for itself. */
async function encodeEach(
  examples: readonly unknown[],
  encode: (example: unknown) => Promise<TaskExample[]>,
): Promise<Windows[]> {
  const found: Windows[] = [];
  for (const example of examples) {
    try {
      const [encoded] = await encode(example);
      if (encoded === undefined) throw new Error('no example');
      found.push(windowsOf(encoded));
    } catch (error) {
      found.push({ error: String(error) });
    }
  }
  return found;
}

function expectWindows(got: readonly Windows[], expected: readonly { all: Windows }[]): void {
  expect(got).toHaveLength(expected.length);
  for (const [i, { all }] of expected.entries()) {
    const one = got[i];
    if ('error' in all) expect(one).toHaveProperty('error');
    else expect(one).toEqual(all);
  }
}

describe.each(PAIR_TASKS)('$name', (task) => {
  const fixture = readJsonFixture<EncodeFixture>(`encode/${task.name}.json`);

  it('has the reference tokens', () => {
    expect(task.taskToken).toBe(fixture.task_id);
    expect(task.labels.map(({ label, token }) => [label, token])).toEqual(fixture.labels);
  });

  it.each(SETTINGS)('encodes every window as the reference does (length and stride %s)', async (setting) => {
    for (const split of SPLITS) {
      const examples = readRows(task.folder, split).flatMap((row) => task.examples(task.row.parse(row)));
      const got = await encodeEach(examples, (example) =>
        encodePairs(task, [example as (typeof examples)[number]], tokenizer, optionsOf(setting)),
      );
      expectWindows(got, fixture.encoded[setting]?.[split] ?? []);
    }
  });
});

describe('ReCoRD', () => {
  const fixture = readJsonFixture<EncodeFixture>('encode/ReCoRD.json');

  it.each(SETTINGS)('encodes every window as the reference does (length and stride %s)', async (setting) => {
    for (const split of SPLITS) {
      const examples = readRows('ReCoRD', split).flatMap((row) => recordExamples(RecordRow.parse(row)));
      const got = await encodeEach(examples, (example) =>
        encodeRecord([example as (typeof examples)[number]], tokenizer, optionsOf(setting)),
      );
      expectWindows(got, fixture.encoded[setting]?.[split] ?? []);
    }
  });

  interface Edge {
    example: { idx: number; passage: unknown; qas: unknown };
    error?: string;
    marked_text: string;
    features: number[][];
    labels: number[][];
  }
  const edges = Object.entries(readJsonFixture<Record<string, Edge>>('encode/ReCoRD_edge.json'));

  it.each(edges.filter(([, { error }]) => error === undefined))('marks odd entities: %s', async (_name, edge) => {
    const examples = recordExamples(RecordRow.parse({ ...edge.example, qas: [edge.example.qas] }));
    expect(examples[0]?.passage).toBe(edge.marked_text);
    const [encoded] = await encodeRecord(examples, tokenizer, { maxLength: 256, stride: 64 });
    expect(encoded?.rows.map(({ x }) => [...x])).toEqual(edge.features);
    expect(encoded?.rows.map(({ y }) => [...y])).toEqual(edge.labels);
  });

  it.each(edges.filter(([, { error }]) => error !== undefined))(
    'labels the answer where the reference ends: %s',
    async (_name, edge) => {
      const examples = recordExamples(RecordRow.parse({ ...edge.example, qas: [edge.example.qas] }));
      const [answer] = examples[0]?.answers ?? [];
      const [start, end] = answer?.span ?? [0, 0];
      expect(
        Array.from(examples[0]?.passage ?? '')
          .slice(start, end)
          .join('')
          .trim(),
      ).toBe(answer?.text);
      const [encoded] = await encodeRecord(examples, tokenizer, { maxLength: 256, stride: 64 });
      const labelled = [...(encoded?.rows[0]?.y ?? [])].filter((id) => id > 2);
      expect(tokenizer.decode(labelled).trim()).toBe(answer?.text);
    },
  );
});

describe('the diagnostics', () => {
  it('are read as RTE is: the hypothesis first, the index a number', () => {
    const [broad, gender] = DIAGNOSTICS;
    const label = 'not_entailment';
    const rows = [
      [broad, { idx: '7', sentence1: 'A cat sat.', sentence2: 'A cat ran.', label, logic: 'Negation' }],
      [gender, { idx: 7, premise: 'A cat sat.', hypothesis: 'A cat ran.', label, pair_id: 3 }],
    ] as const;
    for (const [task, row] of rows) {
      expect(task?.examples(task.row.parse(row))).toEqual([{ idx: 7, a: 'A cat ran.', b: 'A cat sat.', label }]);
      expect(task?.labels).toEqual(PAIR_TASKS.find(({ name }) => name === 'RTE')?.labels);
    }
  });
});

describe('places in texts', () => {
  const helpers = readJsonFixture<{
    get_wsc_span: { text: string; span_text: string; index: number; result: [number, number] }[];
    str_insert: { s: string; indices: number[]; t: string; result: string }[];
  }>('encode/helpers.json');

  it.each(helpers.get_wsc_span)('finds "$span_text" from word $index on', ({ text, span_text, index, result }) => {
    expect(wscSpan(text, span_text, index)).toEqual(result);
  });

  it.each(helpers.str_insert)('inserts at $indices in code points', ({ s, indices, t, result }) => {
    expect(insertAt(s, indices, t)).toBe(result);
  });
});
