import { PAD_ID } from '../special-tokens.ts';
import type { ClassificationTask, TaskExample, TaskRow } from '../tasks/task.ts';

type Ids = Uint16Array | Uint32Array;

/**
 * A split's examples as a few flat arrays: N examples, R rows (windows), T ids. A row's target is the example's `fill`
 * at every position that is not padding, but repeats the input where `marks` says so.
 */
export interface PackedExamples {
  readonly idx: Int32Array; // [N]
  /** Which of the task's labels; -1 without one. */
  readonly label: Int8Array; // [N]
  /** -1 without one. */
  readonly group: Int32Array; // [N]
  readonly fill: Int32Array; // [N]
  /** First row of each example, then R. */
  readonly rowStart: Uint32Array; // [N + 1]
  /** First id of each row, then T. */
  readonly idStart: Uint32Array; // [R + 1]
  readonly ids: Ids; // [T]
  /** A bit for each id; empty where no target repeats its input. */
  readonly marks: Uint8Array; // [ceil(T / 8)] or [0]
  /** Per example, null without; empty where no example has any. */
  readonly answers: readonly (readonly string[] | null)[];
}

/** Examples that look as if they had been encoded one by one; their rows are made anew whenever they are read. */
export function unpackExamples(task: ClassificationTask, packed: PackedExamples): TaskExample[] {
  return Array.from(packed.idx, (_, at) => new PackedExample(task, packed, at));
}

class PackedExample implements TaskExample {
  readonly idx: number;
  declare readonly label?: string | number | boolean;
  declare readonly group?: number;
  declare readonly answers?: readonly string[];
  readonly longest: number;
  readonly #packed: PackedExamples;
  readonly #at: number;

  constructor(task: ClassificationTask, packed: PackedExamples, at: number) {
    this.#packed = packed;
    this.#at = at;
    this.idx = packed.idx[at] ?? 0;
    this.longest = longestOf(packed, at);
    const label = task.labels[packed.label[at] ?? -1]?.label;
    const [group = -1, answers] = [packed.group[at], packed.answers[at]];
    if (label !== undefined) this.label = label;
    if (group >= 0) this.group = group;
    if (answers) this.answers = answers;
  }

  get rows(): readonly TaskRow[] {
    const { rowStart, idStart, fill } = this.#packed;
    const first = rowStart[this.#at] ?? 0;
    const count = (rowStart[this.#at + 1] ?? first) - first;
    return Array.from({ length: count }, (_, row) =>
      rowOf(this.#packed, idStart[first + row] ?? 0, idStart[first + row + 1] ?? 0, fill[this.#at] ?? PAD_ID),
    );
  }
}

function longestOf({ rowStart, idStart }: PackedExamples, at: number): number {
  let longest = 0;
  for (let row = rowStart[at] ?? 0; row < (rowStart[at + 1] ?? 0); row++) {
    longest = Math.max(longest, (idStart[row + 1] ?? 0) - (idStart[row] ?? 0));
  }
  return longest;
}

function rowOf({ ids, marks }: PackedExamples, start: number, end: number, fill: number): TaskRow {
  const x = Int32Array.from(ids.subarray(start, end));
  const isMarked = (at: number): boolean => (((marks[at >> 3] ?? 0) >> (at & 7)) & 1) === 1;
  const y = x.map((id, i) => (id === PAD_ID ? PAD_ID : isMarked(start + i) ? id : fill));
  return { x, y };
}

/** Puts examples into flat arrays, batch by batch. */
export class ExamplePacker {
  readonly #task: ClassificationTask;
  readonly #ids: IdChunks;
  readonly #marked: number[] = [];
  readonly #idx: number[] = [];
  readonly #label: number[] = [];
  readonly #group: number[] = [];
  readonly #fill: number[] = [];
  readonly #rowStart: number[] = [0];
  readonly #idStart: number[] = [0];
  readonly #answers: (readonly string[] | null)[] = [];
  #hasAnswers = false;

  constructor(task: ClassificationTask, vocabularySize: number) {
    this.#task = task;
    this.#ids = new IdChunks((length) =>
      vocabularySize > 2 ** 16 ? new Uint32Array(length) : new Uint16Array(length),
    );
  }

  /** @param noAnswer the target of positions that are no part of an answer, where answers are spans */
  add(examples: readonly TaskExample[], noAnswer: number): void {
    for (const { idx, label, group, answers, rows } of examples) {
      const labelAt = this.#task.labels.findIndex((one) => one.label === label);
      const token = this.#task.labels[labelAt]?.token;
      const fill = token ?? (answers === undefined ? PAD_ID : noAnswer);
      this.#idx.push(idx);
      this.#label.push(labelAt);
      this.#group.push(group ?? -1);
      this.#fill.push(fill);
      this.#answers.push(answers ?? null);
      this.#hasAnswers ||= answers !== undefined;
      for (const row of rows) this.#addRow(row, fill);
      this.#rowStart.push(this.#idStart.length - 1);
    }
  }

  finish(): PackedExamples {
    const ids = this.#ids.joined();
    const marks = new Uint8Array(this.#marked.length === 0 ? 0 : Math.ceil(ids.length / 8));
    for (const at of this.#marked) marks[at >> 3] = (marks[at >> 3] ?? 0) | (1 << (at & 7));
    return {
      idx: Int32Array.from(this.#idx),
      label: Int8Array.from(this.#label),
      group: Int32Array.from(this.#group),
      fill: Int32Array.from(this.#fill),
      rowStart: Uint32Array.from(this.#rowStart),
      idStart: Uint32Array.from(this.#idStart),
      ids,
      marks,
      answers: this.#hasAnswers ? this.#answers : [],
    };
  }

  #addRow({ x, y }: TaskRow, fill: number): void {
    const start = this.#ids.length;
    this.#ids.push(x);
    for (let i = 0; i < x.length; i++) {
      const target = y[i] ?? PAD_ID;
      if (target === (x[i] === PAD_ID ? PAD_ID : fill)) continue;
      if (target !== x[i]) throw new Error(`${this.#task.name} has a target that is neither its fill nor its input`);
      this.#marked.push(start + i);
    }
    this.#idStart.push(this.#ids.length);
  }
}

const CHUNK_IDS = 1 << 20;

/** An array that grows without being copied until it is whole. */
class IdChunks {
  readonly #create: (length: number) => Ids;
  readonly #full: Ids[] = [];
  #last: Ids;
  #used = 0;

  constructor(create: (length: number) => Ids) {
    this.#create = create;
    this.#last = create(CHUNK_IDS);
  }

  get length(): number {
    return this.#full.length * CHUNK_IDS + this.#used;
  }

  push(ids: Int32Array): void {
    for (let at = 0; at < ids.length;) {
      const count = Math.min(ids.length - at, CHUNK_IDS - this.#used);
      this.#last.set(ids.subarray(at, at + count), this.#used);
      this.#used += count;
      at += count;
      if (this.#used < CHUNK_IDS) continue;
      this.#full.push(this.#last);
      [this.#last, this.#used] = [this.#create(CHUNK_IDS), 0];
    }
  }

  joined(): Ids {
    const all = this.#create(this.length);
    this.#full.forEach((chunk, i) => {
      all.set(chunk, i * CHUNK_IDS);
    });
    all.set(this.#last.subarray(0, this.#used), this.#full.length * CHUNK_IDS);
    return all;
  }
}
