import type { ModelConfig } from '../../../src-shared/config/run-config.ts';
import { RandomGenerator } from '../random/random-generator.ts';
import { TOKEN_EMBEDDING, type ParameterEntry, type ParameterLayout } from './parameter-layout.ts';

const WEIGHT_DEVIATION = 0.02;

type Draw = (random: RandomGenerator) => number;

/** How each value of a parameter is first drawn, or the constant it starts at. */
function initialValue(entry: ParameterEntry, model: ModelConfig): Draw | number {
  const { name } = entry;
  if (name.endsWith('in_proj_weight')) {
    const bound = Math.sqrt(6 / (3 * model.modelDim + model.modelDim));
    return (random) => (2 * random.uniform() - 1) * bound;
  }
  if (name.endsWith('bias')) return 0;
  if (name.endsWith('norm.weight')) return 1;
  return (random) => random.normal() * WEIGHT_DEVIATION;
}

/**
 * Initial parameters of a model as one flat vector: normal(0, 0.02) for Linear and Embedding weights, Xavier-uniform
 * for the attention input projections, biases 0, LayerNorm 1/0, the padding row 0. A function of (seed, model index).
 * Deviation: the reference copies one initial in-projection into all layers; here each layer draws its own.
 */
export function initialParameters(
  layout: ParameterLayout,
  model: ModelConfig,
  seed: number,
  which: 'student' | 'teacher',
): Float32Array {
  const flat = new Float32Array(layout.size);
  layout.entries.forEach((entry, index) => {
    const size = entry.shape.reduce((product, dim) => product * dim, 1);
    const values = flat.subarray(entry.offset, entry.offset + size);
    const draw = initialValue(entry, model);
    if (typeof draw === 'number') {
      values.fill(draw);
      return;
    }
    const random = new RandomGenerator(seed, 'init', index * 2 + (which === 'teacher' ? 1 : 0));
    for (let i = 0; i < size; i++) values[i] = draw(random);
    if (entry.name === TOKEN_EMBEDDING) values.fill(0, 0, model.modelDim);
  });
  return flat;
}
