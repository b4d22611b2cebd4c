import { AppError } from '../../../../src-shared/app-error.ts';
import { parseRow, rowError } from './parse-row.ts';
import type { RowLine } from './row-lines.ts';
import type { SetTask } from './set-tasks.ts';
import { splitFile, type DiskSplit, type SplitInfo } from './superglue-files.ts';

/** Rows between two entries of a split's index. */
const INDEXED_ROWS = 256;

/** Looks at the rows of a split one after the other, and counts. */
export class SplitChecker {
  readonly #task: SetTask;
  readonly #split: DiskSplit;
  readonly #name: string;
  readonly #index: [number, number][] = [];
  /** Per kind of number the line of each. */
  readonly #lines = new Map<string, Map<number, number>>();
  readonly #oddities = new Map<string, number>();
  #rows = 0;
  #examples = 0;
  #labeled = 0;

  /** @param name what errors call the file */
  constructor(task: SetTask, split: DiskSplit, name: string) {
    this.#task = task;
    this.#split = split;
    this.#name = name;
  }

  get rows(): number {
    return this.#rows;
  }

  /** @throws AppError file/invalid with file, line, field, expected and got */
  add({ text, number, offset }: RowLine): void {
    if (text.trim() === '') return;
    const place = { name: this.#name, line: number };
    const { numbers, labels, problems, oddities } = this.#task.facts(parseRow(this.#task, text, place));
    const [problem] = problems;
    if (problem !== undefined) throw rowError(place, problem);
    for (const { kind, field, value } of numbers) {
      const lines = this.#lines.get(kind) ?? new Map<number, number>();
      const before = lines.get(value);
      if (before !== undefined) {
        const expected = `a number that no ${kind === 'idx' ? 'row' : kind} before has`;
        throw rowError(place, { field, expected, got: `${value}, as line ${before} has` });
      }
      this.#lines.set(kind, lines.set(value, number));
    }
    for (const { field, isThere } of labels) {
      if (isThere) this.#labeled++;
      else if (this.#split !== 'test')
        throw rowError(place, {
          field,
          expected: `a label, as every row of ${splitFile(this.#split)} has`,
          got: 'none',
        });
    }
    for (const oddity of oddities) this.#oddities.set(oddity, (this.#oddities.get(oddity) ?? 0) + 1);
    if (this.#rows % INDEXED_ROWS === 0) this.#index.push([offset, this.#examples]);
    this.#rows++;
    this.#examples += labels.length;
  }

  /** @throws AppError file/invalid for an empty split */
  finish(): Pick<SplitInfo, 'rows' | 'examples' | 'official' | 'index'> & { readonly notes: readonly string[] } {
    if (this.#rows === 0)
      throw new AppError('file/invalid', `${this.#name} is empty; expected at least one row.`, { file: this.#name });
    const official = this.#task.official[this.#split] ?? null;
    const name = splitFile(this.#split);
    const notes = [...this.#oddities].map(([oddity, rows]) => `${name}: ${rows} of ${this.#rows} rows ${oddity}.`);
    if (official !== null && official !== this.#examples)
      notes.unshift(`${name}: ${this.#examples} examples, where the official one has ${official}.`);
    if (this.#split === 'test' && this.#labeled > 0 && !this.#task.isDiagnostic)
      notes.push(`${name}: ${this.#labeled} examples have labels; the official one has none.`);
    return { rows: this.#rows, examples: this.#examples, official, index: this.#index, notes };
  }
}
