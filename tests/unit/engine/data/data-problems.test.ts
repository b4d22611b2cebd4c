import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataProblems } from '../../../../src-main/engine/data/data-problems.ts';
import { ensureSample } from '../../../../src-main/engine/data/ensure-sample.ts';
import { preset } from '../../../../src-shared/config/presets/preset.ts';
import { applySettings } from '../../../../src-shared/config/set-by-path.ts';

let home: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'metalmo-data-problems-'));
  await ensureSample(home);
  // data of a person's own: the sample by another name
  for (const kind of ['tokenizers', 'corpora', 'superglue']) {
    renameSync(join(home, kind, 'sample'), join(home, kind, 'mine'));
  }
}, 60_000);
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

const MINE = ['data.tokenizer=mine', 'data.corpus=mine', 'data.superglue=mine'];

function problemsOf(name: string, ...settings: string[]) {
  const found = dataProblems(applySettings(preset(name), settings), home);
  return found.map(({ message }) => message);
}

describe('dataProblems', () => {
  it('finds nothing wrong with data that are there, generated or shipped', () => {
    expect(problemsOf('text-soft-smoke', ...MINE)).toEqual([]);
    expect(problemsOf('text-soft-smoke')).toEqual([]);
    expect(problemsOf('two-moons-mlm')).toEqual([]);
    expect(problemsOf('text-bench')).toEqual([]);
  });

  it('says which names are not there, at their fields, and what to do', () => {
    expect(problemsOf('text-mlm')).toEqual([
      expect.stringMatching(/^data\.tokenizer: .*no tokenizer 'wikipedia'.*metalmo tokenizer train/),
      expect.stringMatching(/^data\.corpus: .*no corpus 'wikipedia'.*metalmo data import corpus/),
      expect.stringMatching(/^data\.superglue: .*no SuperGLUE set 'superglue'.*Data page/),
    ]);
    expect(problemsOf('text-finetune-cb-smoke', 'data.corpus=nowhere')).toEqual([]);
  });

  it('compares the vocabulary with the corpus', () => {
    expect(problemsOf('text-mlm-smoke', ...MINE, 'model.vocabularySize=999')).toEqual([
      expect.stringMatching(/^model\.vocabularySize: .*at least 1000/),
    ]);
  });

  it('passes on what is wrong with a damaged set', () => {
    writeFileSync(join(home, 'corpora', 'mine', 'corpus.json'), '{');
    expect(problemsOf('text-mlm-smoke', ...MINE)).toEqual([expect.stringMatching(/^data\.corpus: .*damaged/)]);
  });
});
