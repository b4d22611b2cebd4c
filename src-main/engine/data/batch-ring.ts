import { AppError } from '../../../src-shared/app-error.ts';
import type { AppErrorCode } from '../../../src-shared/app-error.ts';
import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import type { IdMatrix, MetaMicroBatch, MicroBatch } from './micro-batch.ts';
import type { BatchShapes } from './training-data.ts';

const META_MATRICES = ['xU', 'xM', 'yM', 'xS', 'yS', 'xQ', 'yQ'] as const satisfies readonly (keyof MetaMicroBatch)[];

/** Words of the control array. */
const STOP = 0;
const FAILURE_LENGTH = 1;
const ALIVE = 2;
const CONTROL_WORDS = 3;
const FAILURE_BYTES = 4096;
/** A waiting side looks up this often whether the other one failed or stopped, should a notification be missed. */
const WAIT_MS = 200;
/** A thread that has not said a word after this has not even loaded its code, and can't say so either. */
const START_TIMEOUT_MS = 30_000;

/** What both threads need to share a ring; travels to the worker as it is. */
export interface RingMemory {
  readonly depth: number;
  readonly shapes: BatchShapes;
  readonly isPair: boolean;
  readonly control: SharedArrayBuffer;
  /** Per slot 0 where it is free, or the number of the micro-batch in it plus one. */
  readonly states: SharedArrayBuffer;
  readonly ids: SharedArrayBuffer;
  readonly failure: SharedArrayBuffer;
}

/** A slot is the length of the labeled rows, then the matrices. */
const HEADER_WORDS = 1;

function slotWords(shapes: BatchShapes, isPair: boolean): number {
  const { rows, unlabeledLength, labeledLength } = shapes;
  if (isPair) return HEADER_WORDS + 2 * rows * labeledLength;
  return HEADER_WORDS + rows * (3 * unlabeledLength + 4 * Math.max(labeledLength, unlabeledLength));
}

export function allocateRing(config: RunConfig, shapes: BatchShapes, depth: number): RingMemory {
  const isPair = config.objective === 'finetune';
  return {
    depth,
    shapes,
    isPair,
    control: new SharedArrayBuffer(4 * CONTROL_WORDS),
    states: new SharedArrayBuffer(4 * depth),
    ids: new SharedArrayBuffer(4 * depth * slotWords(shapes, isPair)),
    failure: new SharedArrayBuffer(FAILURE_BYTES),
  };
}

/**
 * Micro-batches handed from one thread to another in order, through a fixed number of slots. Micro-batch i uses slot
 * i mod depth: the producer fills it when it is free, the consumer frees it when it has copied the ids.
 */
export class BatchRing {
  readonly #memory: RingMemory;
  readonly #control: Int32Array;
  readonly #states: Int32Array;
  readonly #ids: Int32Array;
  readonly #slotWords: number;

  constructor(memory: RingMemory) {
    this.#memory = memory;
    this.#control = new Int32Array(memory.control);
    this.#states = new Int32Array(memory.states);
    this.#ids = new Int32Array(memory.ids);
    this.#slotWords = slotWords(memory.shapes, memory.isPair);
  }

  /** Producer: tells that it runs. */
  begin(): void {
    Atomics.store(this.#control, ALIVE, 1);
  }

  /** Producer: waits for the slot and fills it. False once the consumer has stopped. */
  put(index: number, batch: MicroBatch): boolean {
    const slot = index % this.#memory.depth;
    for (;;) {
      if (Atomics.load(this.#control, STOP) !== 0) return false;
      const state = Atomics.load(this.#states, slot);
      if (state === 0) break;
      Atomics.wait(this.#states, slot, state, WAIT_MS);
    }
    let at = slot * this.#slotWords;
    this.#ids[at++] = batch.kind === 'pair' ? batch.x.length : batch.xS.length;
    const matrices = batch.kind === 'pair' ? [batch.x, batch.y] : META_MATRICES.map((name) => batch[name]);
    for (const { ids } of matrices) {
      this.#ids.set(ids, at);
      at += ids.length;
    }
    Atomics.store(this.#states, slot, index + 1);
    Atomics.notify(this.#states, slot);
    return true;
  }

  /** Whether `take(index)` would return at once. */
  isReady(index: number): boolean {
    return Atomics.load(this.#states, index % this.#memory.depth) === index + 1;
  }

  /**
   * Consumer: waits for micro-batch `index`, copies it and frees its slot.
   * @throws AppError the producer's error; internal when nothing comes for `timeoutMs`
   */
  take(index: number, timeoutMs: number): MicroBatch {
    const slot = index % this.#memory.depth;
    for (let waitedMs = 0; ; waitedMs += WAIT_MS) {
      const state = Atomics.load(this.#states, slot);
      if (state === index + 1) break;
      this.#throwFailure();
      if (waitedMs >= START_TIMEOUT_MS && Atomics.load(this.#control, ALIVE) === 0) {
        throw new AppError('internal', 'The data thread did not start; is this a Node that runs TypeScript (24)?', {
          node: process.version,
        });
      }
      if (waitedMs >= timeoutMs) {
        throw new AppError('internal', `The data thread has prepared nothing for ${Math.round(timeoutMs / 1000)} s.`, {
          index,
        });
      }
      Atomics.wait(this.#states, slot, state, WAIT_MS);
    }
    const batch = this.#copy(slot * this.#slotWords);
    Atomics.store(this.#states, slot, 0);
    Atomics.notify(this.#states, slot);
    return batch;
  }

  /** Consumer: asks the producer to end. */
  stop(): void {
    Atomics.store(this.#control, STOP, 1);
    for (let slot = 0; slot < this.#memory.depth; slot++) Atomics.notify(this.#states, slot);
  }

  /** Producer: hands an error to the consumer instead of further micro-batches. */
  fail(error: AppError): void {
    const bytes = new TextEncoder().encode(JSON.stringify({ code: error.code, message: error.message.slice(0, 900) }));
    const length = Math.min(bytes.length, FAILURE_BYTES);
    new Uint8Array(this.#memory.failure).set(bytes.subarray(0, length));
    Atomics.store(this.#control, FAILURE_LENGTH, length);
    for (let slot = 0; slot < this.#memory.depth; slot++) Atomics.notify(this.#states, slot);
  }

  #throwFailure(): void {
    const length = Atomics.load(this.#control, FAILURE_LENGTH);
    if (length === 0) return;
    const bytes = Uint8Array.from(new Uint8Array(this.#memory.failure, 0, length));
    const { code, message } = JSON.parse(new TextDecoder().decode(bytes)) as { code: AppErrorCode; message: string };
    throw new AppError(code, message);
  }

  #copy(begin: number): MicroBatch {
    const { isPair, shapes } = this.#memory;
    const { rows, unlabeledLength } = shapes;
    let at = begin;
    const labeledLength = this.#ids[at++] ?? 0;
    const next = (length: number): IdMatrix => {
      const ids = new Int32Array(rows * length);
      ids.set(this.#ids.subarray(at, at + ids.length));
      at += ids.length;
      return { ids, rows, length };
    };
    if (isPair) return { kind: 'pair', x: next(labeledLength), y: next(labeledLength) };
    return {
      kind: 'meta',
      xU: next(unlabeledLength),
      xM: next(unlabeledLength),
      yM: next(unlabeledLength),
      xS: next(labeledLength),
      yS: next(labeledLength),
      xQ: next(labeledLength),
      yQ: next(labeledLength),
    };
  }
}
