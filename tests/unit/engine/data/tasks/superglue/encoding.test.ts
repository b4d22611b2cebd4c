import { describe, expect, it } from 'vitest';
import {
  encodeRecord,
  recordExamples,
  RecordRow,
} from '../../../../../../src-main/engine/data/tasks/superglue/record.ts';
import { DIAGNOSTICS, PAIR_TASKS } from '../../../../../../src-main/engine/data/tasks/superglue/tasks.ts';
import { Tokenizer } from '../../../../../../src-main/engine/data/tokenizer.ts';
import { readJsonFixture } from '../../../../../support/fixtures.ts';

// what the reference encodes is compared in tests/parity/texts.test.ts

describe('ReCoRD', () => {
  interface Edge {
    example: { idx: number; passage: unknown; qas: unknown };
    error?: string;
  }
  const edges = Object.entries(readJsonFixture<Record<string, Edge>>('encode/ReCoRD_edge.json'));

  it.each(edges.filter(([, { error }]) => error !== undefined))(
    'labels the answer where the reference ends: %s',
    async (_name, edge) => {
      const tokenizer = await Tokenizer.load('tests/parity/fixtures/encode/tokenizer');
      const examples = recordExamples(RecordRow.parse({ ...edge.example, qas: [edge.example.qas] }));
      const [answer] = examples[0]?.answers ?? [];
      const [start, end] = answer?.span ?? [0, 0];
      const marked = Array.from(examples[0]?.passage ?? '').slice(start, end);
      expect(marked.join('').trim()).toBe(answer?.text);
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
