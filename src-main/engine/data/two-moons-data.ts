import { fileURLToPath } from 'node:url';
import type { DataConfig } from '../../../src-shared/config/run-config.ts';
import { RandomGenerator } from '../random/random-generator.ts';
import { encodeNumbers, numberTokens } from './number-tokens.ts';
import type { NumberTokens } from './number-tokens.ts';
import { PAD_ID } from './special-tokens.ts';
import { encodeTaskRow } from './tasks/task.ts';
import type { TaskExample } from './tasks/task.ts';
import { WHICH_MOON } from './tasks/which-moon.ts';
import { Tokenizer } from './tokenizer.ts';
import { uniformDraws } from './training-data.ts';
import type { LabeledData, TrainingData, UnlabeledTexts } from './training-data.ts';
import { GRID_SIDE, balancedMoons, drawMoons, gridPoints, sortTexts } from './two-moons.ts';
import type { MoonPoints } from './two-moons.ts';

export const TWO_MOONS_VALIDATION_TEXTS = 1000;
export const TWO_MOONS_TEST_POINTS = 1000;

/** Folder of a data file the app ships. */
export const TWO_MOONS_TOKENIZER_DIRECTORY = fileURLToPath(
  new URL('../../../resources/two-moons-tokenizer', import.meta.url),
);

/**
 * Generates and encodes everything of Two Moons; a pure function of `data`.
 * @param tokenizerDirectory where vocab.json and merges.txt are; the shipped ones when left out
 */
export async function loadTwoMoons(
  data: Extract<DataConfig, { kind: 'two-moons' }>,
  tokenizerDirectory: string = TWO_MOONS_TOKENIZER_DIRECTORY,
): Promise<TrainingData> {
  const tokenizer = await Tokenizer.load(tokenizerDirectory);
  const tokens = await numberTokens(tokenizer);
  const generator = new RandomGenerator(data.dataSeed, 'twoMoonsTrain');
  const { noise, labels } = data;
  const texts = (stream: 'twoMoonsTrain' | 'twoMoonsValidation', count: number): UnlabeledTexts => {
    const { coordinates } = drawMoons(count * data.pointsPerText, noise, generator.restart(data.dataSeed, stream));
    sortTexts(coordinates, data.pointsPerText);
    return idTable(encodeNumbers(coordinates, 2 * data.pointsPerText, tokens), count);
  };
  const labeled = (stream: 'twoMoonsLabeledTrain' | 'twoMoonsLabeledValidation'): TaskExample[] =>
    encodePoints(balancedMoons(labels, noise, generator.restart(data.dataSeed, stream, labels)), tokens);
  const task: LabeledData = {
    task: WHICH_MOON,
    train: labeled('twoMoonsLabeledTrain'),
    validation: labeled('twoMoonsLabeledValidation'),
    test: encodePoints(
      drawMoons(TWO_MOONS_TEST_POINTS, noise, generator.restart(data.dataSeed, 'twoMoonsTest')),
      tokens,
    ),
  };
  return {
    unlabeledTrain: texts('twoMoonsTrain', data.unlabeledTexts),
    unlabeledValidation: texts('twoMoonsValidation', TWO_MOONS_VALIDATION_TEXTS),
    tasks: [task],
    classMap: { side: GRID_SIDE, examples: encodePoints({ coordinates: gridPoints() }, tokens) },
    decode: (ids) => tokenizer.decode(ids.filter((id) => id !== PAD_ID && id < tokenizer.size)),
  };
}

/** Labeled or unlabeled points as examples of one window each, numbered in order. */
function encodePoints(
  points: Pick<MoonPoints, 'coordinates'> & Partial<MoonPoints>,
  tokens: NumberTokens,
): TaskExample[] {
  const ids = encodeNumbers(points.coordinates, 2, tokens);
  const length = 4;
  return Array.from({ length: points.coordinates.length / 2 }, (_, idx) => {
    const label = points.labels?.[idx];
    const row = encodeTaskRow(WHICH_MOON, ids.subarray(idx * length, (idx + 1) * length), label);
    return { idx, ...(label === undefined ? {} : { label }), rows: [row] };
  });
}

/** Texts of equal length, one after the other in `ids`. */
function idTable(ids: Int32Array, count: number): UnlabeledTexts {
  const length = ids.length / count;
  const read = (index: number): Int32Array => ids.subarray(index * length, (index + 1) * length);
  return { count, length, mayPad: false, read, ...uniformDraws(count) };
}
