import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError } from '../../src-shared/app-error.ts';
import { importCorpus, tokenizerDigest } from '../engine/data/corpus/import-corpus.ts';
import { openCorpus, readCorpusInfo } from '../engine/data/corpus/open-corpus.ts';
import { Tokenizer } from '../engine/data/tokenizer.ts';
import { oneOf, positiveInteger, required, type Command, type CommandArguments } from './command.ts';
import { EXIT_DONE } from './exit-code.ts';
import type { Output } from './output.ts';
import { duration } from './progress-line.ts';

const STANDARD_LENGTH = 128;
/** Articles the report holds out. */
const HELD_OUT = 1000;

export const dataCommand: Command = {
  name: 'data',
  usage: 'import corpus PATH | list',
  summary: 'Imports text corpora for pretraining, and lists what was imported.',
  positionals: [1, 3],
  options: {
    tokenizer: { type: 'string', value: 'DIR', help: 'import: the folder of the tokenizer' },
    name: { type: 'string', value: 'NAME', help: 'import: what the corpus is called from then on' },
    check: { type: 'boolean', help: 'list: open each, cut its windows and read one' },
    length: { type: 'string', value: 'N', help: `list --check: tokens of a window (default ${STANDARD_LENGTH})` },
  },
  details: () =>
    'PATH is plain text (articles apart by blank lines), WikiText form, or jsonl with "text" and "title"; a file or a\n' +
    'folder. Of articles with one title only the first is taken. Corpora live in the home folder, below data/corpora.',
  async run(args, context) {
    const action = oneOf(args.positionals[0] ?? '', ['import', 'list'], 'The first argument');
    const corpora = join(context.home, 'data', 'corpora');
    if (action === 'list') await list(corpora, args, context.output);
    else await importOne(corpora, args, context.output);
    return EXIT_DONE;
  },
};

async function importOne(corpora: string, args: CommandArguments, output: Output): Promise<void> {
  oneOf(args.positionals[1] ?? '', ['corpus'], 'What to import');
  const source = args.positionals[2];
  if (source === undefined) throw new AppError('input/invalid', 'metalmo data import corpus needs a PATH.');
  const name = required(args, 'name', 'data import');
  if (!/^[\w.-]{1,64}$/.test(name) || name.startsWith('.')) {
    throw new AppError('input/invalid', `--name takes up to 64 letters, digits, "-", "_" and "."; got '${name}'.`);
  }
  const tokenizerFolder = resolve(required(args, 'tokenizer', 'data import'));
  const tokenizer = await Tokenizer.load(tokenizerFolder);
  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort();
  process.once('SIGINT', onInterrupt);
  const startedMs = performance.now();
  try {
    const info = await importCorpus({
      source: resolve(source),
      tokenizer,
      tokenizerFolder,
      folder: join(corpora, name),
      nowMs: Date.now(),
      signal: stop.signal,
      onProgress({ bytesRead, bytesTotal, articles, tokens }) {
        const share = bytesTotal === 0 ? 1 : bytesRead / bytesTotal;
        const seconds = (performance.now() - startedMs) / 1000;
        const left = share > 0 ? duration(seconds / share - seconds) : '?';
        output.status(`${Math.floor(100 * share)} %  ${articles} articles  ${tokens} tokens  ${left} left`);
      },
    });
    const seconds = (performance.now() - startedMs) / 1000;
    output.status('');
    output.result(
      { ...info, longTokens: info.longTokens.length, folder: join(corpora, name), seconds },
      `${info.articles} articles, ${info.tokens} tokens, ${info.characters} characters` +
        `${info.duplicateTitles > 0 ? `, ${info.duplicateTitles} left out for their titles` : ''}, in ${duration(seconds)}.`,
    );
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}

async function list(corpora: string, args: CommandArguments, output: Output): Promise<void> {
  const length = positiveInteger(args, 'length', STANDARD_LENGTH);
  const names = await readdir(corpora).catch(() => []);
  const imported = names.filter((name) => !name.endsWith('.tmp')).sort();
  if (imported.length === 0) output.log(`Nothing was imported below ${corpora}.`);
  for (const name of imported) {
    const folder = join(corpora, name);
    const info = readCorpusInfo(folder);
    const sizes = await Promise.all((await readdir(folder)).map(async (file) => (await stat(join(folder, file))).size));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    const checked = args.flag('check') ? await check(folder, info.tokenizerFolder, length) : {};
    output.result(
      { ...info, longTokens: info.longTokens.length, folder, bytes, ...checked },
      `${name}  ${info.articles} articles  ${info.tokens} tokens  ${(bytes / 1e6).toFixed(1)} MB` +
        Object.entries(checked)
          .map(([what, value]) => `  ${what} ${value}`)
          .join(''),
    );
  }
}

/** Opens a corpus as a run does. */
async function check(folder: string, tokenizerFolder: string, length: number): Promise<Record<string, number>> {
  const tokenizer = tokenizerDigest(await Tokenizer.load(tokenizerFolder));
  const startedMs = performance.now();
  const corpus = openCorpus(folder, { length, heldOut: HELD_OUT, seed: 0, tokenizer });
  try {
    corpus.train.read(corpus.train.windowAt(Math.floor(corpus.train.characters / 2)));
    const openMs = Math.round(performance.now() - startedMs);
    return { openMs, trainWindows: corpus.train.count, validationWindows: corpus.validation.count };
  } finally {
    corpus.close();
  }
}
