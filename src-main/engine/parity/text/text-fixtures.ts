import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../../src-shared/app-error.ts';
import { Tokenizer } from '../../data/tokenizer.ts';
import { TWO_MOONS_TOKENIZER_DIRECTORY } from '../../data/two-moons-data.ts';
import { compare, TOLERANCES, type Comparison, type Tolerance } from '../comparison.ts';
import { readFixtureTensors, readJsonCase, type FixtureTensors } from '../fixture-files.ts';

/** Recorded texts of a folder of fixtures: any of its files may be absent. */
export class TextFixtures {
  readonly root: string;
  #tokenizer: Promise<Tokenizer> | undefined;

  constructor(root: string) {
    this.root = root;
  }

  /** A JSON file, undefined where it is not there. @throws AppError file/invalid */
  read<Schema extends z.ZodType>(schema: Schema, ...path: readonly string[]): z.output<Schema> | undefined {
    const json = readJsonCase(this.root, ...path);
    if (json === undefined) return undefined;
    const parsed = schema.safeParse(json);
    if (parsed.success) return parsed.data;
    const file = join(this.root, ...path);
    throw new AppError('file/invalid', `${file} is not usable: ${z.prettifyError(parsed.error)}`, { file });
  }

  /** The rows of a task's split, undefined where they are not there. */
  rows(task: string, split: string): unknown[] | undefined {
    const file = join(this.root, 'encode', 'raw', task, `${split}.jsonl`);
    if (!existsSync(file)) return undefined;
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line) as unknown);
  }

  /** Recorded logits, undefined where they are not there. */
  tensors(name: string): FixtureTensors | undefined {
    const file = join(this.root, 'encode', name);
    return existsSync(file) ? readFixtureTensors(file) : undefined;
  }

  /** The tokenizer that texts were recorded with. @throws AppError file/not-found */
  tokenizer(): Promise<Tokenizer> {
    return (this.#tokenizer ??= Tokenizer.load(join(this.root, 'encode', 'tokenizer')));
  }

  /** That of Two Moons; the shipped one, which is the same, where the folder has none. */
  twoMoonsTokenizer(): Promise<Tokenizer> {
    const folder = join(this.root, 'two_moons', 'tokenizer');
    return Tokenizer.load(existsSync(folder) ? folder : TWO_MOONS_TOKENIZER_DIRECTORY);
  }
}

/** Far from every number that is compared, so that a list of one number is told from the number. */
const KIND = { list: 1e15, text: 2e15, boolean: 3e15, object: 4e15 } as const;

/** Any value of JSON as numbers, two of which are equal exactly where the values are. */
function numbersOf(value: unknown, numbers: number[] = []): number[] {
  if (typeof value === 'number') numbers.push(value);
  else if (typeof value === 'boolean') numbers.push(KIND.boolean + Number(value));
  else if (typeof value === 'string') {
    numbers.push(KIND.text + value.length);
    for (let i = 0; i < value.length; i++) numbers.push(value.charCodeAt(i));
  } else if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    const items = value as ArrayLike<unknown>;
    numbers.push(KIND.list + items.length);
    for (let i = 0; i < items.length; i++) numbersOf(items[i], numbers);
  } else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    numbers.push(KIND.object + entries.length);
    for (const [key, one] of entries) numbersOf(one, numbersOf(key, numbers));
  } else numbers.push(Number.NaN);
  return numbers;
}

/** Compares values of JSON, of whatever form, as one line of the report. */
export function compareValues(
  where: { readonly case: string; readonly variant: string },
  quantity: string,
  got: unknown,
  expected: unknown,
  tolerance: Tolerance = TOLERANCES.exact,
): Comparison {
  return compare(where, quantity, numbersOf(got), numbersOf(expected), tolerance);
}
