import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { AppError } from '../../../src-shared/app-error.ts';
import { RandomGenerator } from '../random/random-generator.ts';
import type { IdMatrix, MetaMicroBatch } from './micro-batch.ts';
import { maskTokens } from './mlm-mask.ts';
import type { MaskOptions } from './mlm-mask.ts';
import type { TaskExample } from './tasks/task.ts';
import { uniformDraws } from './training-data.ts';
import type { BatchShapes, TrainingData } from './training-data.ts';

type Labeled = Pick<MetaMicroBatch, 'xS' | 'yS' | 'xQ' | 'yQ'>;

/**
 * Support and query examples of a micro-batch: every `samplesPerTask` draws a task, for each row a support and a different
 * query example of it. With `mlmAsTask` masked language modeling is one more task, as likely as all others together.
 */
export class LabeledSampler {
  /** Matrices of PAD, shared: for micro-batches that need no labeled examples. */
  readonly empty: Labeled;
  readonly #seed: number;
  readonly #samplesPerTask: number;
  readonly #data: TrainingData;
  readonly #drawsMlm: boolean;
  readonly #shapes: BatchShapes;
  readonly #mask: MaskOptions;
  readonly #examples: RandomGenerator;
  readonly #tasks: RandomGenerator;
  readonly #maskDraws: RandomGenerator;

  constructor(config: RunConfig, data: TrainingData, shapes: BatchShapes, mask: MaskOptions) {
    for (const { task, train } of data.tasks) {
      if (train.length >= 2) continue;
      throw new AppError(
        'config/invalid',
        `${task.name} has ${train.length} labeled examples; support and query need two.`,
      );
    }
    this.#seed = config.seed;
    this.#samplesPerTask = config.training.samplesPerTask;
    this.#data = data;
    this.#drawsMlm = config.meta.mlmAsTask;
    this.#shapes = shapes;
    this.#mask = mask;
    this.#examples = new RandomGenerator(config.seed, 'labeledExample');
    this.#tasks = new RandomGenerator(config.seed, 'task');
    this.#maskDraws = new RandomGenerator(config.seed, 'mlmMaskLabeled');
    this.empty = this.#matrices(shapes.labeledLength);
  }

  draw(index: number): Labeled {
    const { rows } = this.#shapes;
    const length = this.#lengthOf(index);
    const draws = this.#examples.restart(this.#seed, 'labeledExample', index);
    const maskDraws = this.#maskDraws.restart(this.#seed, 'mlmMaskLabeled', index);
    const out = this.#matrices(length);
    let group = -1;
    let train: readonly TaskExample[] | undefined;
    for (let row = 0; row < rows; row++) {
      const groupOfRow = Math.floor((index * rows + row) / this.#samplesPerTask);
      if (groupOfRow !== group) {
        group = groupOfRow;
        train = this.#trainSplitOf(group);
      }
      const from = train === undefined ? this.#data.unlabeledTrain : uniformDraws(train.length);
      const support = from.draw(draws);
      const query = from.drawOther(draws, support);
      if (train === undefined) {
        this.#maskText(support, maskDraws, out.xS, out.yS, row * length);
        this.#maskText(query, maskDraws, out.xQ, out.yQ, row * length);
      } else {
        copyWindow(train[support], draws, out.xS, out.yS, row * length);
        copyWindow(train[query], draws, out.xQ, out.yQ, row * length);
      }
    }
    return out;
  }

  /** The train split of a group's task; undefined for masked language modeling. */
  #trainSplitOf(group: number): readonly TaskExample[] | undefined {
    const { tasks } = this.#data;
    const weight = this.#drawsMlm ? 2 * tasks.length : tasks.length;
    return tasks[this.#tasks.restart(this.#seed, 'task', group).integer(weight)]?.train;
  }

  #maskText(text: number, random: RandomGenerator, x: IdMatrix, y: IdMatrix, offset: number): void {
    maskTokens(this.#data.unlabeledTrain.read(text), x.length, random, this.#mask, x.ids, y.ids, offset);
  }

  /** Rows are as long as the labeled tasks' examples; longer only where a row of the micro-batch is MLM. */
  #lengthOf(index: number): number {
    const { rows, labeledLength, unlabeledLength } = this.#shapes;
    if (!this.#drawsMlm || unlabeledLength <= labeledLength) return labeledLength;
    const last = Math.floor((index * rows + rows - 1) / this.#samplesPerTask);
    for (let group = Math.floor((index * rows) / this.#samplesPerTask); group <= last; group++) {
      if (this.#trainSplitOf(group) === undefined) return unlabeledLength;
    }
    return labeledLength;
  }

  #matrices(length: number): Labeled {
    const { rows } = this.#shapes;
    const matrix = (): IdMatrix => ({ ids: new Int32Array(rows * length), rows, length });
    return { xS: matrix(), yS: matrix(), xQ: matrix(), yQ: matrix() };
  }
}

/** One of the example's windows, uniformly; its row right of it stays PAD. */
function copyWindow(
  example: TaskExample | undefined,
  random: RandomGenerator,
  x: IdMatrix,
  y: IdMatrix,
  offset: number,
): void {
  const windows = example?.rows ?? [];
  const window = windows.length === 1 ? windows[0] : windows[random.integer(windows.length)];
  if (window === undefined) throw new Error('a labeled example has no window');
  x.ids.set(window.x, offset);
  y.ids.set(window.y, offset);
}
