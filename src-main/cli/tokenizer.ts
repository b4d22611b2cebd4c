import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '../../src-shared/app-error.ts';
import { readArticles } from '../engine/data/corpus/read-articles.ts';
import { textFilesOf } from '../engine/data/corpus/text-files.ts';
import { readHuggingFaceFile, saveTokenizer } from '../engine/data/tokenizer-files.ts';
import { Tokenizer } from '../engine/data/tokenizer.ts';
import { trainBpe } from '../engine/data/train-bpe.ts';
import { WordCounts } from '../engine/data/word-counts.ts';
import { oneOf, positiveInteger, required, type Command, type CommandArguments } from './command.ts';
import { EXIT_DONE } from './exit-code.ts';
import type { Output } from './output.ts';

const ACTIONS = ['train', 'import', 'encode'] as const;
const STANDARD_SIZE = 30_000;
const STANDARD_FREQUENCY = 2;

export const tokenizerCommand: Command = {
  name: 'tokenizer',
  usage: 'train|import|encode PATH',
  summary: 'Trains or imports a byte-level BPE tokenizer, or shows what one makes of a text.',
  positionals: 2,
  options: {
    out: { type: 'string', value: 'DIR', help: 'train, import: the new folder' },
    vocabulary: { type: 'string', value: 'N', help: `train: entries in all (default ${STANDARD_SIZE})` },
    'min-frequency': {
      type: 'string',
      value: 'N',
      help: `train: rarer pairs are not merged (default ${STANDARD_FREQUENCY})`,
    },
    text: { type: 'string', value: 'TEXT', help: 'encode: the text' },
  },
  details: () =>
    'train PATH   reads plain text, WikiText form or jsonl with a "text" field, a file or a folder of them\n' +
    'import PATH  takes a folder with vocab.json and merges.txt, or a tokenizer.json\n' +
    'encode PATH  PATH is a folder that train or import made\n' +
    'A folder holds vocab.json, merges.txt and tokenizer.json, as Hugging Face has them.',
  async run(args, { output }) {
    const action = oneOf(args.positionals[0] ?? '', ACTIONS, 'The first argument');
    const path = resolve(args.positionals[1] ?? '');
    if (action === 'train') await train(path, args, output);
    else if (action === 'import') await take(path, args, output);
    else await encode(path, args, output);
    return EXIT_DONE;
  },
};

async function train(path: string, args: CommandArguments, output: Output): Promise<void> {
  const out = await newFolder(args);
  const vocabularySize = positiveInteger(args, 'vocabulary', STANDARD_SIZE);
  const minFrequency = positiveInteger(args, 'min-frequency', STANDARD_FREQUENCY);
  const { files, bytes } = await textFilesOf(path);
  const counts = new WordCounts();
  const startedMs = performance.now();
  let [read, articles] = [0, 0];
  const onBytes = (count: number): void => {
    read += count;
    output.status(`counting words  ${Math.floor((100 * read) / Math.max(1, bytes))} %  ${counts.size} distinct`);
  };
  for (const file of files) {
    for await (const { text } of readArticles(file, { onBytes })) {
      counts.add(text);
      articles++;
    }
  }
  const countedMs = performance.now();
  const onProgress = (merges: number): void => {
    output.status(`merging  ${merges} of at most ${vocabularySize} entries`);
  };
  const trained = await trainBpe(counts.entries(), { vocabularySize, minFrequency, onProgress });
  await saveTokenizer(out, trained);
  output.status('');
  const entries = Object.keys(trained.vocabulary).length;
  const seconds = (performance.now() - startedMs) / 1000;
  const result = { folder: out, entries, articles, bytes, words: counts.size, droppedWords: counts.dropped };
  output.result(
    { ...result, countingSeconds: (countedMs - startedMs) / 1000, seconds },
    `${entries} entries from ${articles} articles (${counts.size} distinct words) in ${seconds.toFixed(1)} s: ${out}`,
  );
  if (counts.dropped > 0)
    output.log(`${counts.dropped} occurrences of the rarest words were left out, to bound memory.`);
}

async function take(path: string, args: CommandArguments, output: Output): Promise<void> {
  const out = await newFolder(args);
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() === true;
  const trained = isFolder ? (await Tokenizer.load(path)).parts : await readHuggingFaceFile(path);
  await saveTokenizer(out, trained);
  const entries = Object.keys(trained.vocabulary).length;
  output.result({ folder: out, entries }, `${entries} entries: ${out}`);
}

async function encode(path: string, args: CommandArguments, output: Output): Promise<void> {
  const text = required(args, 'text', 'tokenizer encode');
  const tokenizer = await Tokenizer.load(path);
  const [encoding] = await tokenizer.encode([text]);
  const ids = [...(encoding?.ids ?? [])];
  const tokens = ids.map((id, i) => ({
    id,
    token: tokenizer.token(id) ?? '',
    start: encoding?.offsets[2 * i] ?? 0,
    end: encoding?.offsets[2 * i + 1] ?? 0,
  }));
  output.result(
    { text, tokens },
    tokens.map(({ id, token, start, end }) => `${String(id).padStart(6)}  ${start}-${end}\t${token}`).join('\n'),
  );
}

/** @throws AppError input/invalid, registry/conflict */
async function newFolder(args: CommandArguments): Promise<string> {
  const out = resolve(required(args, 'out', 'tokenizer'));
  if ((await stat(out).catch(() => undefined)) === undefined) return out;
  throw new AppError('registry/conflict', `${out} is there already; name another --out or delete it first.`, { out });
}
