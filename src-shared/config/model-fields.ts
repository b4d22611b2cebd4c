import { z } from 'zod';
import { field } from './field.ts';

/** Sizes and shape of the transformer (method section 2); defaults are the report's Two Moons settings. */
export const modelFields = {
  layers: field(z.int().min(1).max(48), 2, { unit: 'layers', help: 'Encoder layers L of student and teacher alike.' }),
  modelDim: field(z.int().min(1).max(16_384), 8, {
    unit: 'features',
    help: 'Model width D: the size of every token vector; a multiple of the number of heads.',
  }),
  feedForwardDim: field(z.int().min(1).max(65_536), 32, {
    unit: 'features',
    help: 'Width F of the hidden layer in each feed-forward block, usually four times the model width.',
  }),
  heads: field(z.int().min(1).max(128), 2, { unit: 'heads', help: 'Attention heads H; each sees D / H features.' }),
  maxPositions: field(z.int().min(3).max(8192), 34, {
    unit: 'tokens',
    help: 'Longest text the model reads, special tokens included; longer texts are cut into windows.',
  }),
  vocabularySize: field(z.int().min(33).max(1_000_000), 407, {
    unit: 'tokens',
    help: 'Vocabulary V, the 33 special tokens included; at least the size of the tokenizer in use.',
  }),
  dropout: field(z.number().min(0).lt(1), 0.1, {
    unit: 'probability',
    help: 'Share of features dropped after embedding, attention and feed-forward while training.',
  }),
  attentionDropout: field(z.number().min(0).lt(1), 0.1, {
    unit: 'probability',
    help: 'Share of attention weights dropped while training.',
  }),
  activationDropout: field(z.number().min(0).lt(1), 0, {
    unit: 'probability',
    help: 'Share of hidden feed-forward features dropped while training.',
  }),
  preNorm: field(z.boolean(), true, {
    unit: '',
    help: 'LayerNorm before each block (true) or after each residual sum (false).',
  }),
  activation: field(z.enum(['gelu', 'relu']), 'gelu', {
    unit: '',
    help: 'Non-linearity of feed-forward blocks and heads: exact GELU or ReLU.',
  }),
};
