import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { RandomGenerator } from '../random/random-generator.ts';
import { LabeledSampler } from './labeled-sampler.ts';
import type { BatchSource, IdMatrix, MetaMicroBatch, PairMicroBatch } from './micro-batch.ts';
import { KEEP_PROBABILITY, RANDOM_PROBABILITY, maskTokens } from './mlm-mask.ts';
import type { MaskOptions } from './mlm-mask.ts';
import type { TaskExample } from './tasks/task.ts';
import { batchShapes } from './training-data.ts';
import type { BatchShapes, TrainingData } from './training-data.ts';

export interface BatchSourceOptions {
  /** Whether a micro-batch needs support and query; where not, they are zeros. Always when left out. */
  readonly needsLabeled?: (index: number) => boolean;
  readonly shapes?: BatchShapes;
}

/** Micro-batches of a run: for fine-tuning pairs of the train split, otherwise unlabeled texts with support and query. */
export function createBatchSource(
  config: RunConfig,
  data: TrainingData,
  options: BatchSourceOptions = {},
): BatchSource {
  const shapes = options.shapes ?? batchShapes(config, data);
  if (config.objective === 'finetune') return new PairSource(config, data, shapes);
  return new MetaSource(config, data, shapes, options.needsLabeled);
}

export function maskOptions(config: RunConfig): MaskOptions {
  return {
    maskProbability: config.training.maskProbability,
    keepProbability: KEEP_PROBABILITY,
    randomProbability: RANDOM_PROBABILITY,
    vocabularySize: config.model.vocabularySize,
  };
}

/**
 * Section 5: every row is a draw with replacement, so an epoch is only a count of draws.
 * Deviation: where the epoch size is no multiple of the batch size, batches run across its end instead of being cut.
 */
class MetaSource implements BatchSource {
  readonly #seed: number;
  readonly #texts: TrainingData['unlabeledTrain'];
  readonly #shapes: BatchShapes;
  readonly #needsLabeled: ((index: number) => boolean) | undefined;
  readonly #mask: MaskOptions;
  readonly #labeled: LabeledSampler;
  readonly #draws: RandomGenerator;
  readonly #maskDraws: RandomGenerator;

  constructor(
    config: RunConfig,
    data: TrainingData,
    shapes: BatchShapes,
    needsLabeled: ((index: number) => boolean) | undefined,
  ) {
    this.#seed = config.seed;
    this.#texts = data.unlabeledTrain;
    this.#shapes = shapes;
    this.#needsLabeled = needsLabeled;
    this.#mask = maskOptions(config);
    this.#labeled = new LabeledSampler(config, data, shapes, this.#mask);
    this.#draws = new RandomGenerator(config.seed, 'unlabeled');
    this.#maskDraws = new RandomGenerator(config.seed, 'mlmMask');
  }

  microBatch(index: number): MetaMicroBatch {
    const { rows, unlabeledLength: length } = this.#shapes;
    const draws = this.#draws.restart(this.#seed, 'unlabeled', index);
    const maskDraws = this.#maskDraws.restart(this.#seed, 'mlmMask', index);
    const xU = emptyIds(rows, length);
    const xM = emptyIds(rows, length);
    const yM = emptyIds(rows, length);
    for (let row = 0; row < rows; row++) {
      const ids = this.#texts.read(this.#texts.draw(draws));
      xU.ids.set(ids, row * length);
      maskTokens(ids, length, maskDraws, this.#mask, xM.ids, yM.ids, row * length);
    }
    const needsLabeled = this.#needsLabeled?.(index) ?? true;
    const labeled = needsLabeled ? this.#labeled.draw(index) : this.#labeled.empty;
    return { kind: 'meta', xU, xM, yM, ...labeled };
  }
}

/** Fine-tuning: the train split of the first task, epoch after epoch, one random window per example. */
class PairSource implements BatchSource {
  readonly #config: RunConfig;
  readonly #examples: readonly TaskExample[];
  readonly #shapes: BatchShapes;
  readonly #batchesPerEpoch: number;
  readonly #generator: RandomGenerator;
  #epoch = -1;
  #order: Int32Array = new Int32Array();

  constructor(config: RunConfig, data: TrainingData, shapes: BatchShapes) {
    const [first] = data.tasks;
    if (first === undefined || first.train.length === 0) throw new Error('fine-tuning needs a labeled train split');
    this.#config = config;
    this.#examples = first.train;
    this.#shapes = shapes;
    this.#batchesPerEpoch = Math.ceil(first.train.length / shapes.rows);
    this.#generator = new RandomGenerator(config.seed, 'batchOrder');
  }

  microBatch(index: number): PairMicroBatch {
    const { rows, labeledLength: length } = this.#shapes;
    const order = this.#orderOf(Math.floor(index / this.#batchesPerEpoch));
    const begin = (index % this.#batchesPerEpoch) * rows;
    const windows = this.#generator.restart(this.#config.seed, 'window', index);
    const x = emptyIds(rows, length);
    const y = emptyIds(rows, length);
    for (let row = 0; row < rows; row++) {
      // An epoch's last batch may have fewer examples: the rows left over repeat the batch's first text without targets, so
      // that shapes stay the same, every row has something to attend to, and these rows count for nothing.
      const isFiller = begin + row >= order.length;
      const example = this.#examples[order[isFiller ? begin : begin + row] ?? 0];
      const source = example?.rows[windows.integer(example.rows.length)];
      if (source === undefined) throw new Error('a labeled example has no window');
      x.ids.set(source.x, row * length);
      if (!isFiller) y.ids.set(source.y, row * length);
    }
    return { kind: 'pair', x, y };
  }

  #orderOf(epoch: number): Int32Array {
    if (epoch === this.#epoch) return this.#order;
    const { seed, training } = this.#config;
    const count = this.#examples.length;
    this.#order = training.shuffle
      ? shuffledGroups(this.#examples, this.#generator.restart(seed, 'batchOrder', epoch))
      : Int32Array.from({ length: count }, (_, i) => i);
    this.#epoch = epoch;
    return this.#order;
  }
}

/** A random order of the examples that leaves those of one group one after the other; without groups, any order. */
function shuffledGroups(examples: readonly TaskExample[], random: RandomGenerator): Int32Array {
  if (!examples.some(({ group }) => group !== undefined)) return random.permutation(examples.length);
  const groups: number[][] = [];
  let last: number | undefined;
  for (const [index, { group }] of examples.entries()) {
    if (group === undefined || group !== last) groups.push([]);
    groups.at(-1)?.push(index);
    last = group;
  }
  return Int32Array.from([...random.permutation(groups.length)].flatMap((at) => groups[at] ?? []));
}

/** A matrix of PAD. */
export function emptyIds(rows: number, length: number): IdMatrix {
  return { ids: new Int32Array(rows * length), rows, length };
}
