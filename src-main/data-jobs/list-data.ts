import { readdir, stat, statfs, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { toAppError } from '../../src-shared/app-error.ts';
import { SUPERGLUE_TASK_NAMES } from '../../src-shared/config/superglue-tasks.ts';
import type {
  CorpusView,
  DataKind,
  DataList,
  DataUse,
  SuperGlueView,
  TokenizerView,
} from '../../src-shared/ipc/contract/data.ts';
import { STATUS_TABLE } from '../../src-shared/run/run-status.ts';
import { readCorpusInfo } from '../engine/data/corpus/open-corpus.ts';
import { dataFolders } from '../engine/data/data-folders.ts';
import { cacheSize } from '../engine/data/superglue-set/cache-files.ts';
import { TEMPORARY_SUFFIX } from '../engine/train/write-atomically.ts';
import { readSuperGlueInfo } from '../engine/data/superglue-set/read-superglue.ts';
import { readTokenizerAbout } from '../engine/data/tokenizer-about.ts';
import { dataUsers, type DataUser } from '../registry/data-use.ts';
import type { Registry } from '../registry/open-registry.ts';
import { folderBytes } from '../runs/disk-use.ts';
import { FOLDER_OF_KIND } from './check-wish.ts';
import type { TokenizerDigests, TokenizerFacts } from './tokenizer-digests.ts';

export interface DataShelf {
  readonly db: Registry;
  readonly dataDirectory: string;
  readonly digests: TokenizerDigests;
}

/** Runs shown of those that read a set. */
const MOST_SHOWN = 8;

/** What every kind of set says. */
interface Stored {
  readonly name: string;
  readonly folder: string;
  readonly bytes: number;
  readonly use: DataUse;
}

/** All data sets of a home, and its cache, as they lie there now. @throws AppError file/io */
export async function listData({ db, dataDirectory, digests }: DataShelf): Promise<DataList> {
  await mkdir(dataDirectory, { recursive: true });
  const damaged: DataList['damaged'] = [];
  const read = async <View>(kind: DataKind, viewOf: (stored: Stored) => Promise<View>): Promise<View[]> => {
    const parent = dataFolders(dataDirectory)[FOLDER_OF_KIND[kind]];
    const users = dataUsers(db, kind);
    const views: View[] = [];
    for (const name of await setNames(parent)) {
      const folder = join(parent, name);
      const bytes = await folderBytes(folder);
      try {
        views.push(await viewOf({ name, folder, bytes, use: useOf(users.get(name) ?? []) }));
      } catch (error) {
        damaged.push({ kind, name, folder, bytes, reason: toAppError(error).message });
      }
    }
    return views;
  };

  const byDigest = new Map<string, string>();
  const facts = new Map<string, TokenizerFacts>();
  const tokenizers = await read('tokenizer', async (stored): Promise<TokenizerView> => {
    const found = await digests.read(stored.folder);
    const about = await readTokenizerAbout(stored.folder);
    facts.set(stored.name, found);
    if (!byDigest.has(found.digest)) byDigest.set(found.digest, stored.name);
    return {
      ...stored,
      madeAtMs: about?.atMs ?? found.madeAtMs,
      source: about?.sources.join(', ') ?? null,
      entries: found.entries,
      merges: found.merges,
      corpora: [],
    };
  });
  const corpora = await read('corpus', async (stored): Promise<CorpusView> => {
    const info = readCorpusInfo(stored.folder);
    const own = tokenizers.find(({ folder }) => folder === info.tokenizerFolder)?.name;
    const isOwn = own !== undefined && facts.get(own)?.digest === info.tokenizer;
    const name = isOwn ? own : (byDigest.get(info.tokenizer) ?? null);
    const isThere = own !== undefined || (await isFolder(info.tokenizerFolder));
    if (name !== null) tokenizers.find((one) => one.name === name)?.corpora.push(stored.name);
    return {
      ...stored,
      madeAtMs: info.importedAtMs,
      source: info.source,
      articles: info.articles,
      tokens: info.tokens,
      characters: info.characters,
      leftOut: { 'articles whose title had come before': info.duplicateTitles, 'empty articles': info.emptyArticles },
      tokenizer: {
        state: name !== null ? 'same' : isThere ? await stateOf(digests, info) : 'missing',
        name,
        folder: info.tokenizerFolder,
        entries: info.vocabularySize,
      },
    };
  });
  const superglue = await read('superglue', (stored) => Promise.resolve(superGlueView(stored)));
  const folder = dataFolders(dataDirectory).cache;
  const cache = { folder, ...(await cacheSize(folder)) };
  const { bavail, bsize } = await statfs(dataDirectory);
  return { directory: dataDirectory, freeBytes: bavail * bsize, corpora, superglue, tokenizers, cache, damaged };
}

/** Of a tokenizer that lies elsewhere, or has changed. */
async function stateOf(
  digests: TokenizerDigests,
  info: { readonly tokenizer: string; readonly tokenizerFolder: string },
): Promise<CorpusView['tokenizer']['state']> {
  const found = await digests.read(info.tokenizerFolder).catch(() => undefined);
  if (found === undefined) return 'missing';
  return found.digest === info.tokenizer ? 'same' : 'changed';
}

function superGlueView(stored: Stored): SuperGlueView {
  const info = readSuperGlueInfo(stored.folder);
  const places = new Map<string, number>(SUPERGLUE_TASK_NAMES.map((name, at) => [name, at]));
  const place = (task: string): number => places.get(task) ?? places.size;
  const tasks = Object.entries(info.tasks)
    .sort(([a], [b]) => place(a) - place(b) || a.localeCompare(b))
    .map(([task, { splits, notes }]) => {
      const of = (split: 'train' | 'val' | 'test') => {
        const found = splits[split];
        return found === undefined ? null : { examples: found.examples, official: found.official };
      };
      return { task, train: of('train'), validation: of('val'), test: of('test'), notes: [...notes] };
    });
  return { ...stored, madeAtMs: info.importedAtMs, source: info.source, tasks, notes: [...info.notes] };
}

function useOf(users: readonly DataUser[]): DataUse {
  const active = users.filter(({ status }) => !STATUS_TABLE[status].isEnd);
  const ended = users.filter(({ status }) => STATUS_TABLE[status].isEnd);
  return { runs: users.length, active: active.length, shown: [...active, ...ended].slice(0, MOST_SHOWN) };
}

/** In the order of their names. */
async function setNames(parent: string): Promise<string[]> {
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !entry.name.endsWith(TEMPORARY_SUFFIX))
    .map(({ name }) => name)
    .sort((a, b) => a.localeCompare(b));
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}
