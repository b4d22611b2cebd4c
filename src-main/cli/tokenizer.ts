import { join, resolve } from 'node:path';
import { AppError } from '../../src-shared/app-error.ts';
import { dataFolder } from '../engine/data/data-folders.ts';
import { findTokenizer } from '../engine/data/find-tokenizer.ts';
import { importTokenizer } from '../engine/data/import-tokenizer.ts';
import { Tokenizer } from '../engine/data/tokenizer.ts';
import { STANDARD_FREQUENCY, STANDARD_VOCABULARY, trainTokenizer } from '../engine/data/train-tokenizer.ts';
import {
  oneOf,
  positiveInteger,
  required,
  type Command,
  type CommandArguments,
  type CommandContext,
} from './command.ts';
import { EXIT_DONE } from './exit-code.ts';
import { duration } from './progress-line.ts';
import { untilInterrupted } from './until-interrupted.ts';

const ACTIONS = ['train', 'import', 'encode'] as const;

export const tokenizerCommand: Command = {
  name: 'tokenizer',
  usage: 'train|import|encode PATH',
  summary: 'Trains or imports a byte-level BPE tokenizer, or shows what one makes of a text.',
  positionals: [2, 100],
  options: {
    name: { type: 'string', value: 'NAME', help: 'train, import: what it is called from then on; it goes to the home' },
    out: { type: 'string', value: 'DIR', help: 'train, import: a new folder elsewhere instead' },
    vocabulary: { type: 'string', value: 'N', help: `train: entries in all (default ${STANDARD_VOCABULARY})` },
    'min-frequency': {
      type: 'string',
      value: 'N',
      help: `train: rarer pairs are not merged (default ${STANDARD_FREQUENCY})`,
    },
    text: { type: 'string', value: 'TEXT', help: 'encode: the text' },
  },
  details: () =>
    'train PATH ...  reads plain text, WikiText form or jsonl with a "text" field, files or folders of them\n' +
    'import PATH     takes a folder with vocab.json and merges.txt, or a tokenizer.json\n' +
    'encode NAME     a tokenizer of the home, or the folder of one\n' +
    'A folder holds vocab.json, merges.txt and tokenizer.json, as Hugging Face has them.',
  async run(args, context) {
    const [first = '', ...paths] = args.positionals;
    const action = oneOf(first, ACTIONS, 'The first argument');
    if (action === 'train') await train(paths, args, context);
    else {
      const [path = '', ...rest] = paths;
      if (rest.length > 0) throw new AppError('input/invalid', `metalmo tokenizer ${action} takes one PATH.`);
      if (action === 'import') await take(path, args, context);
      else await encode(path, args, context);
    }
    return EXIT_DONE;
  },
};

async function train(
  paths: readonly string[],
  args: CommandArguments,
  { output, home }: CommandContext,
): Promise<void> {
  const folder = newFolder(args, home);
  const vocabularySize = positiveInteger(args, 'vocabulary', STANDARD_VOCABULARY);
  const minFrequency = positiveInteger(args, 'min-frequency', STANDARD_FREQUENCY);
  const startedMs = performance.now();
  const trained = await untilInterrupted((signal) =>
    trainTokenizer({
      sources: paths.map((path) => resolve(path)),
      vocabularySize,
      minFrequency,
      folder,
      nowMs: Date.now(),
      signal,
      onProgress({ phase, share, counts }) {
        const seconds = (performance.now() - startedMs) / 1000;
        const left = share > 0 ? duration(seconds / share - seconds) : '?';
        const found = Object.entries(counts).map(([what, count]) => `  ${count} ${what}`);
        output.status(`${Math.floor(100 * share)} %  ${phase}${found.join('')}  about ${left} left`);
      },
    }),
  );
  output.status('');
  const seconds = (performance.now() - startedMs) / 1000;
  const { entries, articles, words, droppedWords } = trained;
  output.result(
    { folder, ...trained, seconds },
    `${entries} entries from ${articles} articles (${words} distinct words) in ${seconds.toFixed(1)} s: ${folder}`,
  );
  if (droppedWords > 0) output.log(`${droppedWords} occurrences of the rarest words were left out, to bound memory.`);
}

async function take(path: string, args: CommandArguments, { output, home }: CommandContext): Promise<void> {
  const folder = newFolder(args, home);
  const entries = await importTokenizer({ source: resolve(path), folder, nowMs: Date.now() });
  output.result({ folder, entries }, `${entries} entries: ${folder}`);
}

async function encode(path: string, args: CommandArguments, { output, home }: CommandContext): Promise<void> {
  const text = required(args, 'text', 'tokenizer encode');
  const tokenizer = await Tokenizer.load(findTokenizer(join(home, 'data'), path));
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

/** @throws AppError input/invalid */
function newFolder(args: CommandArguments, home: string): string {
  const [name, out] = [args.string('name'), args.string('out')];
  if (name !== undefined && out === undefined) return dataFolder(join(home, 'data'), 'tokenizers', name);
  if (out !== undefined && name === undefined) return resolve(out);
  throw new AppError(
    'input/invalid',
    'metalmo tokenizer needs --name NAME (it goes to the home) or --out DIR, one of them.',
  );
}
