import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTextSample } from '../../../../scripts/text-sample/write-text-sample.mjs';
import { recordExamples, RecordRow } from '../../../../src-main/engine/data/tasks/superglue/record.ts';
import { DIAGNOSTICS, PAIR_TASKS } from '../../../../src-main/engine/data/tasks/superglue/tasks.ts';
import { Tokenizer } from '../../../../src-main/engine/data/tokenizer.ts';

const SHIPPED = 'resources/text-sample';
const made = join(mkdtempSync(join(tmpdir(), 'metalmo-sample-')), 'made');
beforeAll(() => writeTextSample(made));
afterAll(() => rmSync(join(made, '..'), { recursive: true }));

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

function rowsOf<T>(name: string): T[] {
  const lines = readFileSync(join(SHIPPED, name), 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as T);
}

describe('the shipped sample', () => {
  it('is what its script makes, and small', () => {
    const names = filesOf(made);
    expect(filesOf(SHIPPED)).toEqual(names);
    for (const name of names) {
      expect(readFileSync(join(SHIPPED, name)).equals(readFileSync(join(made, name))), name).toBe(true);
    }
    const bytes = names.reduce((sum, name) => sum + statSync(join(SHIPPED, name)).size, 0);
    expect(bytes).toBeLessThan(1.5e6);
  });

  it('has 600 articles of different titles, and characters beyond 16 bits', () => {
    const articles = rowsOf<{ id: number; title: string; text: string }>('corpus.jsonl');
    expect(new Set(articles.map(({ title }) => title)).size).toBe(600);
    expect(articles.filter(({ text }) => Array.from(text).length < text.length).length).toBeGreaterThan(50);
  });

  it('has a tokenizer of 1000 entries that takes its texts apart and together again', async () => {
    const tokenizer = await Tokenizer.load(join(SHIPPED, 'tokenizer'));
    expect(tokenizer.size).toBe(1000);
    const text = 'The sign over the gate of Élawick is an owl 🦉.';
    const [encoding] = await tokenizer.encode([text]);
    expect(tokenizer.decode(encoding?.ids ?? [])).toBe(text);
    expect(encoding?.ids.length).toBeLessThan(25);
  });

  it.each(PAIR_TASKS.map((task) => [task.name, task] as const))(
    'has 32, 16 and 16 examples of %s, every label in train and val',
    (_name, task) => {
      const examples = (split: string) =>
        rowsOf(`superglue/${task.folder}/${split}.jsonl`).flatMap((row) => task.examples(task.row.parse(row)));
      const splits = { train: examples('train'), val: examples('val'), test: examples('test') };
      const sizes = Object.values(splits).map((one) => one.length);
      expect(sizes).toEqual([32, 16, 16]);
      for (const split of Object.values(splits)) expect(split.map(({ idx }) => idx)).toEqual([...split.keys()]);
      for (const split of [splits.train, splits.val]) {
        const labels = new Set(split.map(({ label }) => label));
        expect(labels).toEqual(new Set(task.labels.map(({ label }) => label)));
      }
      expect(splits.test.every(({ label }) => label === undefined)).toBe(true);
      const texts = Object.values(splits).flatMap((split) => split.map(({ a, b }) => `${a}|${b}`));
      expect(new Set(texts).size).toBe(64);
    },
  );

  it('points at the words that WiC and WSC mean', () => {
    const marked = (name: string): [a: string, b: string][] => {
      const task = PAIR_TASKS.find((one) => one.name === name);
      const rows = rowsOf(`superglue/${name}/train.jsonl`);
      return rows.flatMap((row) => task?.examples(task.row.parse(row)) ?? []).map(({ a, b }) => [a, b]);
    };
    const wic = rowsOf<{ word: string }>('superglue/WiC/train.jsonl');
    for (const [i, texts] of marked('WiC').entries()) {
      for (const text of texts) expect(text).toContain(`*${wic[i]?.word}*`);
    }
    for (const [a, b] of marked('WSC')) {
      for (const span of a.split(' = ')) expect(b).toMatch(new RegExp(`\\*"?${span}\\*`));
    }
  });

  it('has queries of ReCoRD whose answers are where they say', () => {
    for (const [split, queries] of Object.entries({ train: 32, val: 16, test: 16 })) {
      const examples = rowsOf(`superglue/ReCoRD/${split}.jsonl`).flatMap((row) => recordExamples(RecordRow.parse(row)));
      expect(examples.map(({ idx }) => idx)).toEqual(Array.from({ length: queries }, (_, i) => i));
      for (const { query, passage, answers } of examples) {
        expect(query).toContain('@placeholder');
        expect(answers === undefined).toBe(split === 'test');
        for (const { text, span } of answers ?? [])
          expect(
            Array.from(passage)
              .slice(...span)
              .join(''),
          ).toBe(text);
      }
    }
  });

  it('has both diagnostics, with labels', () => {
    for (const task of DIAGNOSTICS) {
      const rows = rowsOf(`superglue/${task.folder}/${task.folder}.jsonl`);
      const examples = rows.flatMap((row) => task.examples(task.row.parse(row)));
      expect(examples.map(({ idx }) => idx)).toEqual(Array.from({ length: 16 }, (_, i) => i));
      expect(new Set(examples.map(({ label }) => label)).size).toBe(2);
    }
  });
});
