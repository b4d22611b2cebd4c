import { z } from 'zod';
import { AppError } from '../../../src-shared/app-error.ts';
import { RunConfig } from '../../../src-shared/config/run-config.ts';
import { JsonNumber } from '../../../src-shared/run/number-json.ts';
import { shortProblems } from '../../../src-shared/short-problems.ts';
import { MASK_ID, PAD_ID, SEP_ID, SPECIAL_TOKENS } from '../data/special-tokens.ts';
import { hasSoftEmbedding } from './reference-tensors.ts';

/** Files of an exported folder. */
export const MODEL_FILE = 'model.safetensors';
export const TEACHER_FILE = 'teacher.safetensors';
export const CONFIG_FILE = 'config.json';
export const CARD_FILE = 'README.md';
export const SUMS_FILE = 'SHA256SUMS';
export const TOKENIZER_FILES = ['vocab.json', 'merges.txt'] as const;

const FORMAT = 'metalmo-model';
const VERSION = 1;
/** The reference's value for targets that its loss leaves out. */
const IGNORE_INDEX = -1;

/** Arguments of the reference's `RoBERTa(...)`. */
const ReferenceModel = z.strictObject({
  dim: z.int(),
  n_heads: z.int(),
  ff_dim: z.int(),
  activation: z.string(),
  dropout: z.number(),
  attn_dropout: z.number(),
  act_dropout: z.number(),
  n_layers: z.int(),
  max_positions: z.int(),
  max_tokens: z.int(),
  padding_idx: z.int(),
  ignore_idx: z.int(),
  prenorm: z.boolean(),
  soft_embedding: z.boolean(),
});
type ReferenceModel = z.infer<typeof ReferenceModel>;

const ExportedCheckpoint = z.strictObject({
  runId: z.string(),
  kind: z.string(),
  step: z.int().min(0),
  examplesSeen: z.int().min(0),
  /** Of the last evaluation on the validation split before it. */
  scores: z.record(z.string(), JsonNumber),
});

/** What `config.json` holds. */
export const ExportConfig = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  /** Name of the run. */
  name: z.string().min(1).max(200),
  model: ReferenceModel,
  /** Null where the data are no text. */
  tokenizer: z
    .strictObject({
      type: z.literal('byte-level-bpe'),
      vocabulary: z.literal(TOKENIZER_FILES[0]),
      merges: z.literal(TOKENIZER_FILES[1]),
      add_prefix_space: z.literal(false),
      pad_id: z.int(),
      mask_id: z.int(),
      sep_id: z.int(),
      special_tokens: z.array(z.string()),
    })
    .nullable(),
  checkpoint: ExportedCheckpoint,
  /** Everything the run was started with. */
  config: RunConfig,
});
export type ExportConfig = z.infer<typeof ExportConfig>;

export function exportConfig(
  name: string,
  config: RunConfig,
  checkpoint: z.infer<typeof ExportedCheckpoint>,
  hasTokenizer: boolean,
): ExportConfig {
  const tokenizer = {
    type: 'byte-level-bpe' as const,
    vocabulary: TOKENIZER_FILES[0],
    merges: TOKENIZER_FILES[1],
    add_prefix_space: false as const,
    pad_id: PAD_ID,
    mask_id: MASK_ID,
    sep_id: SEP_ID,
    special_tokens: [...SPECIAL_TOKENS],
  };
  return {
    format: FORMAT,
    version: VERSION,
    name,
    model: referenceModel(config),
    tokenizer: hasTokenizer ? tokenizer : null,
    checkpoint,
    config,
  };
}

function referenceModel(config: RunConfig): ReferenceModel {
  const { model } = config;
  return {
    dim: model.modelDim,
    n_heads: model.heads,
    ff_dim: model.feedForwardDim,
    activation: model.activation,
    dropout: model.dropout,
    attn_dropout: model.attentionDropout,
    act_dropout: model.activationDropout,
    n_layers: model.layers,
    max_positions: model.maxPositions,
    max_tokens: model.vocabularySize,
    padding_idx: PAD_ID,
    ignore_idx: IGNORE_INDEX,
    prenorm: model.preNorm,
    soft_embedding: hasSoftEmbedding(config),
  };
}

/** @throws AppError file/invalid, checkpoint/incompatible where its two descriptions of the model differ */
export function parseExportConfig(text: string, file: string): ExportConfig {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AppError(
      'file/invalid',
      `${file} is not JSON. Take another copy of the exported folder.`,
      { file },
      error,
    );
  }
  const kind = z.object({ format: z.literal(FORMAT), version: z.number() }).safeParse(value);
  if (!kind.success) {
    throw new AppError(
      'file/invalid',
      `${file} is not of an exported model: expected "format": "${FORMAT}". Name a folder that \`metalmo export\` wrote.`,
      { file },
    );
  }
  if (kind.data.version > VERSION) {
    throw new AppError(
      'file/invalid',
      `${file} has version ${kind.data.version}, this program reads ${VERSION}; update the program.`,
      { file },
    );
  }
  const parsed = ExportConfig.safeParse(value);
  if (!parsed.success)
    throw new AppError('file/invalid', `${file} can't be read: ${shortProblems(parsed.error)}`, { file });
  const described = referenceModel(parsed.data.config);
  for (const [field, expected] of Object.entries(described)) {
    const got = parsed.data.model[field as keyof ReferenceModel];
    if (got === expected) continue;
    throw new AppError(
      'checkpoint/incompatible',
      `${file} says two things of its model: model.${field} is ${String(got)}, its config makes it ${String(expected)}. Correct the one that is wrong.`,
      { file, field, expected, got },
    );
  }
  return parsed.data;
}
