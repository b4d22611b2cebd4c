import type { ModelConfig } from '../../../src-shared/config/run-config.ts';
import type { GraphNode, MatmulPrecision } from '../graph/types.ts';
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

/** The rows of an activation [N*S, D] that what comes after the encoder reads: its last layer computes no others. */
export interface WantedRows {
  /** int32 [N*T]: T rows of each sequence, sequence after sequence. */
  readonly positions: GraphNode;
  /** T */
  readonly perSequence: number;
}
