import { emptyIds } from '../data/batch-source.ts';
import type { IdMatrix } from '../data/micro-batch.ts';
import type { BatchShapes, UnlabeledTexts } from '../data/training-data.ts';
import { fixedChoice } from './fixed-choice.ts';

/** How many unlabeled texts a teacher writes for at every kept step. */
export const PROBE_TEXTS = 16;

/** As many probe texts as one writing call takes. */
export interface ProbePart {
  readonly xU: IdMatrix;
  /** Per row: the text's index among the held-out unlabeled texts. */
  readonly textIndexes: readonly number[];
}

/**
 * The held-out texts for which a teacher writes again and again: a function of the texts alone, so that steps of a run, and runs
 * of the same data whatever their seed, can be laid side by side.
 */
export function probeParts(texts: UnlabeledTexts, shapes: BatchShapes): ProbePart[] {
  const chosen = fixedChoice(texts.count, PROBE_TEXTS).toSorted();
  const { evaluationRows, unlabeledLength: length } = shapes;
  return Array.from({ length: Math.ceil(chosen.length / evaluationRows) }, (_, part) => {
    const textIndexes = [...chosen.subarray(part * evaluationRows, (part + 1) * evaluationRows)];
    const xU = emptyIds(textIndexes.length, length);
    textIndexes.forEach((index, row) => {
      xU.ids.set(texts.read(index), row * length);
    });
    return { xU, textIndexes };
  });
}
