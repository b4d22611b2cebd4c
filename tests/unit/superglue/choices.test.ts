import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureSample } from '../../../src-main/engine/data/ensure-sample.ts';
import { readChoices } from '../../../src-main/superglue/choices.ts';
import { SUPERGLUE_TASK_NAMES } from '../../../src-shared/config/superglue-tasks.ts';

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'metalmo-choices-'));
});
afterEach(() => {
  rmSync(data, { recursive: true });
});

describe('what pipelines can be made of', () => {
  it('is the shipped set alone before anything is imported', async () => {
    const { sets, tokenizers } = await readChoices(data);
    expect(sets.map(({ name }) => name)).toEqual(['sample']);
    expect(sets[0]?.tasks).toEqual(SUPERGLUE_TASK_NAMES.map((task) => ({ task, train: null, validation: null })));
    expect(tokenizers).toEqual([]);
  });

  it('is every set and tokenizer that can be read, with their sizes', async () => {
    await ensureSample(data);
    mkdirSync(join(data, 'superglue', 'damaged'), { recursive: true });
    writeFileSync(join(data, 'superglue', 'damaged', 'superglue.json'), '{');
    const { sets, tokenizers } = await readChoices(data);
    expect(sets.map(({ name }) => name)).toEqual(['sample']);
    expect(sets[0]?.tasks[0]).toEqual({ task: 'BoolQ', train: 32, validation: 16 });
    expect(tokenizers).toEqual([{ name: 'sample', entries: 1000 }]);
  });
});
