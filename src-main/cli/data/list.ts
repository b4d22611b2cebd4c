import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isDataName } from '../../../src-shared/config/data-name.ts';
import { toAppError } from '../../../src-shared/app-error.ts';
import { tokenizerDigest } from '../../engine/data/corpus/import-corpus.ts';
import { openCorpus, readCorpusInfo } from '../../engine/data/corpus/open-corpus.ts';
import { dataFolders, type DataFolder } from '../../engine/data/data-folders.ts';
import { cacheSize } from '../../engine/data/superglue-set/cache-files.ts';
import { readSuperGlueInfo } from '../../engine/data/superglue-set/read-superglue.ts';
import { Tokenizer } from '../../engine/data/tokenizer.ts';
import { positiveInteger, type CommandArguments, type CommandContext } from '../command.ts';
import { describeCache } from './clear-cache.ts';
import { setSummary } from './describe-set.ts';
import { megabytes } from './megabytes.ts';

/** Articles the report holds out. */
const HELD_OUT = 1000;

/** What a set says of itself: for programs, for people. */
type About = readonly [values: Record<string, unknown>, text: string];

const KINDS: readonly {
  readonly kind: string;
  readonly where: DataFolder;
  readonly about: (folder: string) => About | Promise<About>;
}[] = [
  { kind: 'tokenizer', where: 'tokenizers', about: aboutTokenizer },
  { kind: 'corpus', where: 'corpora', about: aboutCorpus },
  { kind: 'superglue', where: 'superglue', about: aboutSet },
];

/** One line for each set, and one for the cache; what is damaged says so in its line. @throws AppError file/io */
export async function listData({ home, output }: CommandContext): Promise<void> {
  const folders = dataFolders(join(home, 'data'));
  let count = 0;
  for (const { kind, where, about } of KINDS) {
    for (const name of await importedNames(folders[where])) {
      const folder = join(folders[where], name);
      const bytes = await bytesBelow(folder);
      const [values, text] = await Promise.resolve(folder).then(about).catch(damaged);
      output.result(
        { kind, name, ...values, folder, bytes },
        `${kind.padEnd(10)}${name}  ${text}  ${megabytes(bytes)}`,
      );
      count++;
    }
  }
  if (count === 0) output.log(`Nothing was imported below ${join(home, 'data')}.`);
  const cached = await cacheSize(folders.cache);
  output.result({ kind: 'cache', folder: folders.cache, ...cached }, `${'cache'.padEnd(10)}${describeCache(cached)}`);
}

/** Opens every corpus as a run does. @throws AppError where one cannot be opened */
export async function checkCorpora(
  args: CommandArguments,
  { home, output }: CommandContext,
  standardLength: number,
): Promise<void> {
  const length = positiveInteger(args, 'length', standardLength);
  const { corpora } = dataFolders(join(home, 'data'));
  const names = await importedNames(corpora);
  if (names.length === 0) output.log(`Nothing was imported below ${corpora}.`);
  for (const name of names) {
    const folder = join(corpora, name);
    const tokenizer = tokenizerDigest(await Tokenizer.load(readCorpusInfo(folder).tokenizerFolder));
    const startedMs = performance.now();
    const corpus = openCorpus(folder, { length, heldOut: HELD_OUT, seed: 0, tokenizer });
    try {
      corpus.train.read(corpus.train.windowAt(Math.floor(corpus.train.characters / 2)));
      const openMs = Math.round(performance.now() - startedMs);
      const found = { openMs, trainWindows: corpus.train.count, validationWindows: corpus.validation.count };
      const text = Object.entries(found).map(([what, value]) => `  ${what} ${value}`);
      output.result({ kind: 'corpus', name, folder, ...found }, `${name}${text.join('')}`);
    } finally {
      corpus.close();
    }
  }
}

/** Unfinished imports and what else lies about are no sets. */
async function importedNames(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && isDataName(entry.name))
    .map(({ name }) => name)
    .sort();
}

async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function aboutTokenizer(folder: string): Promise<About> {
  const { size } = await Tokenizer.load(folder);
  return [{ entries: size }, `${size} entries`];
}

function aboutCorpus(folder: string): About {
  const info = readCorpusInfo(folder);
  return [{ ...info, longTokens: info.longTokens.length }, `${info.articles} articles  ${info.tokens} tokens`];
}

function aboutSet(folder: string): About {
  const info = readSuperGlueInfo(folder);
  return [setSummary(info), Object.keys(info.tasks).join(', ')];
}

function damaged(error: unknown): About {
  const { code, message } = toAppError(error);
  return [{ error: { code, message } }, message];
}
