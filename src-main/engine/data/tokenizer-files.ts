import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../src-shared/app-error.ts';
import { writeDurably } from '../train/write-atomically.ts';
import { makeFolder } from './make-folder.ts';
import { ABOUT_FILE, type TokenizerAbout } from './tokenizer-about.ts';
import { Tokenizer } from './tokenizer.ts';
import type { TrainedBpe } from './train-bpe.ts';

const HuggingFaceFile = z.object({
  model: z.object({
    type: z.literal('BPE'),
    vocab: z.record(z.string(), z.int().min(0)),
    merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])),
  }),
});

/** Ids as JSON in their order; objects would put tokens such as "0" first. */
function vocabularyJson(vocabulary: Readonly<Record<string, number>>): string {
  const entries = Object.entries(vocabulary).sort(([, a], [, b]) => a - b);
  return `{${entries.map(([token, id]) => `${JSON.stringify(token)}:${id}`).join(',')}}`;
}

/** The same tokenizer as one file of Hugging Face's library. Special tokens are ordinary entries, as here. */
function huggingFaceJson({ vocabulary, merges }: TrainedBpe): string {
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: true };
  const head = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
  };
  const bpe = { type: 'BPE', dropout: null, unk_token: null, fuse_unk: false, byte_fallback: false };
  const model = `${JSON.stringify(bpe).slice(0, -1)},"vocab":${vocabularyJson(vocabulary)},"merges":${JSON.stringify(merges)}}`;
  return `${JSON.stringify(head).slice(0, -1)},"model":${model}}\n`;
}

/**
 * Writes vocab.json, merges.txt and tokenizer.json into a new folder, all or nothing.
 * @param about written beside them, for people
 * @throws AppError registry/conflict where the folder is there, file/io
 */
export async function saveTokenizer(folder: string, trained: TrainedBpe, about?: TokenizerAbout): Promise<void> {
  // refuses what could not be read back
  new Tokenizer(trained.vocabulary, trained.merges);
  const files: Readonly<Record<string, string>> = {
    'vocab.json': `${vocabularyJson(trained.vocabulary)}\n`,
    'merges.txt': `#version: 0.2\n${trained.merges.map((pair) => `${pair.join(' ')}\n`).join('')}`,
    'tokenizer.json': huggingFaceJson(trained),
    ...(about === undefined ? {} : { [ABOUT_FILE]: `${JSON.stringify(about, undefined, 2)}\n` }),
  };
  await makeFolder(folder, 'tokenizer', async (temporary) => {
    for (const [name, text] of Object.entries(files)) {
      await writeDurably(join(temporary, name), [new TextEncoder().encode(text)]);
    }
  });
}

/**
 * Vocabulary and merges of a `tokenizer.json`.
 * @throws AppError file/not-found, file/invalid
 */
export async function readHuggingFaceFile(file: string): Promise<TrainedBpe> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new AppError('file/not-found', `The tokenizer file ${file} cannot be read.`, { file }, error);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AppError('file/invalid', `${file} is not valid JSON.`, { file }, error);
  }
  const parsed = HuggingFaceFile.safeParse(value);
  if (!parsed.success) {
    throw new AppError('file/invalid', `${file} is no byte-pair tokenizer: ${z.prettifyError(parsed.error)}`, { file });
  }
  const { vocab, merges } = parsed.data.model;
  return {
    vocabulary: vocab,
    merges: merges.map((merge): [string, string] => {
      if (typeof merge !== 'string') return merge;
      const [a, b, ...rest] = merge.split(' ');
      if (a === undefined || b === undefined || rest.length > 0) {
        throw new AppError('file/invalid', `${file} has the merge ${JSON.stringify(merge)}; expected two tokens.`);
      }
      return [a, b];
    }),
  };
}
