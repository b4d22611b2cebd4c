import type { ModelConfig } from '../../../src-shared/config/run-config.ts';

/** One named tensor inside a model's flat parameter vector. */
export interface ParameterEntry {
  /** PyTorch name. */
  readonly name: string;
  /** PyTorch layout: Linear weights are [out, in]. */
  readonly shape: readonly number[];
  /** Index of its first value in the flat vector. */
  readonly offset: number;
}

/** A model's parameters in one vector of `size` float32 values, entry after entry without gaps. */
export interface ParameterLayout {
  readonly entries: readonly ParameterEntry[];
  readonly size: number;
}

type NamedShape = readonly [name: string, shape: readonly number[]];

export const TOKEN_EMBEDDING = 'embed.embed_tokens.embed.weight';
export const POSITION_EMBEDDING = 'embed.embed_position.embed.weight';

function layerNormShapes(name: string, dim: number): NamedShape[] {
  return [
    [`${name}.weight`, [dim]],
    [`${name}.bias`, [dim]],
  ];
}

function linearShapes(name: string, out: number, input: number): NamedShape[] {
  return [
    [`${name}.weight`, [out, input]],
    [`${name}.bias`, [out]],
  ];
}

function encoderLayerShapes(prefix: string, model: ModelConfig): NamedShape[] {
  const { modelDim: D, feedForwardDim: F } = model;
  return [
    [`${prefix}.self_attn.in_proj_weight`, [3 * D, D]],
    [`${prefix}.self_attn.in_proj_bias`, [3 * D]],
    ...linearShapes(`${prefix}.self_attn.out_proj`, D, D),
    ...layerNormShapes(`${prefix}.self_attn_norm`, D),
    ...linearShapes(`${prefix}.linear1`, F, D),
    ...linearShapes(`${prefix}.linear2`, D, F),
    ...layerNormShapes(`${prefix}.ff_norm`, D),
  ];
}

function trunkShapes(model: ModelConfig): NamedShape[] {
  const { modelDim: D, vocabularySize: V, maxPositions, layers, preNorm } = model;
  return [
    [TOKEN_EMBEDDING, [V, D]],
    [POSITION_EMBEDDING, [maxPositions, D]],
    ...(preNorm ? [] : layerNormShapes('embed.layer_norm', D)),
    ...Array.from({ length: layers }, (_unused, i) => encoderLayerShapes(`encoder.layers.${i}`, model)).flat(),
    ...(preNorm ? layerNormShapes('final_layer_norm', D) : []),
  ];
}

function headShapes(name: string, model: ModelConfig, tied: boolean): NamedShape[] {
  const { modelDim: D, vocabularySize: V } = model;
  return [
    ...linearShapes(`${name}.ff_linear`, D, D),
    ...layerNormShapes(`${name}.layer_norm`, D),
    ...(tied ? [] : ([[`${name}.output.weight`, [V, D]]] as const)),
    [`${name}.output.bias`, [V]],
  ];
}

function layoutOf(shapes: readonly NamedShape[]): ParameterLayout {
  const entries: ParameterEntry[] = [];
  let size = 0;
  for (const [name, shape] of shapes) {
    entries.push({ name, shape, offset: size });
    size += shape.reduce((product, dim) => product * dim, 1);
  }
  return { entries, size };
}

/** Encoder and one LM head `head`, whose output weight is the token embedding (so it is not listed again). */
export function studentLayout(model: ModelConfig): ParameterLayout {
  return layoutOf([...trunkShapes(model), ...headShapes('head', model, true)]);
}

/** Encoder and two untied LM heads `head_x` and `head_y`. */
export function teacherLayout(model: ModelConfig): ParameterLayout {
  return layoutOf([
    ...trunkShapes(model),
    ...headShapes('head_x', model, false),
    ...headShapes('head_y', model, false),
  ]);
}
