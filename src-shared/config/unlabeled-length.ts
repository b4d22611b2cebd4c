import { SPECIAL_TOKENS_OF_ONE_TEXT } from './data-fields.ts';
import type { RunConfig } from './run-config.ts';

/** Token ids of the longest unlabeled text, special tokens included. */
export function unlabeledLength({ data, model }: Pick<RunConfig, 'data' | 'model'>): number {
  switch (data.kind) {
    case 'two-moons':
      // two numbers a point
      return 2 * data.pointsPerText + SPECIAL_TOKENS_OF_ONE_TEXT;
    case 'text':
      return model.maxPositions;
    case 'random-text':
      return data.length;
  }
}
