import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Examples of each split by task. */
export type FakeTasks = Readonly<Record<string, Readonly<Partial<Record<'train' | 'val' | 'test', number>>>>>;

/** An imported SuperGLUE set and tokenizer of a home, as far as planning looks at them: the rows are not there. */
export function writeFakeSet(home: string, name: string, tasks: FakeTasks, tokenizer = 'words'): void {
  const folder = join(home, 'data', 'superglue', name);
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(home, 'data', 'tokenizers', tokenizer), { recursive: true });
  const splitOf = (examples: number): object => {
    return { rows: examples, examples, bytes: 1, sha256: 'x', official: null, index: [] };
  };
  const info = {
    version: 1,
    name,
    source: 'test',
    importedAtMs: 1,
    digest: 'x',
    notes: [],
    tasks: Object.fromEntries(
      Object.entries(tasks).map(([task, splits]) => [
        task,
        { notes: [], splits: Object.fromEntries(Object.entries(splits).map(([split, n]) => [split, splitOf(n)])) },
      ]),
    ),
  };
  writeFileSync(join(folder, 'superglue.json'), JSON.stringify(info));
}
