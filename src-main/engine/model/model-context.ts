import type { ModelConfig } from '../../../src-shared/config/run-config.ts';
import type { MatmulPrecision } from '../graph/types.ts';
import type { DropoutMasks } from './dropout.ts';
import type { Parameters } from './parameters.ts';

/** What every layer needs: the model's sizes, its weights, and how this pass is computed. */
export interface ModelContext {
  readonly model: ModelConfig;
  readonly parameters: Parameters;
  readonly precision: MatmulPrecision;
  /** Undefined in evaluation. */
  readonly dropout: DropoutMasks | undefined;
}

/** How the rows of an activation [...C, N*S, D] are arranged: N sequences of S positions in each group. */
export interface Geometry {
  /** N, sequences per group */
  readonly batch: number;
  /** S, positions per sequence */
  readonly length: number;
}
