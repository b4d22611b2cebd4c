import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../../src-shared/app-error.ts';
import { SAMPLE_NAME } from '../../../src-shared/config/presets/text.ts';
import { syncFolder, systemCode, TEMPORARY_SUFFIX, writeDurably, writeError } from '../train/write-atomically.ts';
import { importCorpus } from './corpus/import-corpus.ts';
import { dataFolder, type DataFolder } from './data-folders.ts';
import { importSuperGlue } from './superglue-set/import-superglue.ts';
import { saveTokenizer } from './tokenizer-files.ts';
import { Tokenizer } from './tokenizer.ts';

/** The texts the app ships, made by scripts/make-text-sample.mjs. */
const SHIPPED = fileURLToPath(new URL('../../../resources/text-sample', import.meta.url));
/** SHA-256 of what is shipped; a copy in each imported folder says what that was made of. */
const STAMP = 'sample.sha256';
/** Temporary folders of this age were left behind by a process that is gone. */
const STALE_MS = 10 * 60 * 1000;

/** How each kind is made, in the order in which one needs the other. */
const MAKERS: readonly (readonly [DataFolder, (folder: string, dataDirectory: string) => Promise<unknown>])[] = [
  ['tokenizers', makeTokenizer],
  ['corpora', makeCorpus],
  ['superglue', makeSuperGlue],
];

/**
 * Imports the shipped tokenizer, corpus and SuperGLUE tasks as 'sample' where a home lacks them or has those of another
 * version of the app. Every folder appears whole or not at all; several processes may do it at once.
 * @param dataDirectory the folder `data` of a home; made if need be
 * @throws AppError file/not-found where the installation lacks its sample, file/io (a full disk, no rights)
 */
export async function ensureSample(dataDirectory: string): Promise<void> {
  const stamp = await readStamp(SHIPPED);
  if (stamp === undefined) {
    throw new AppError('file/not-found', `${SHIPPED} lacks the sample data; install the app again.`, { path: SHIPPED });
  }
  for (const [kind, make] of MAKERS) {
    const folder = dataFolder(dataDirectory, kind, SAMPLE_NAME);
    if ((await readStamp(folder)) === stamp) continue;
    const parent = join(folder, '..');
    await mkdir(parent, { recursive: true }).catch((error: unknown) => {
      throw writeError(parent, error);
    });
    await removeStale(parent);
    // a folder of one's own, so that two processes never write to the same files
    const temporary = join(parent, `${SAMPLE_NAME}-${randomUUID()}${TEMPORARY_SUFFIX}`);
    const made = join(temporary, SAMPLE_NAME);
    try {
      await mkdir(temporary);
      await make(made, dataDirectory);
      await writeDurably(join(made, STAMP), [new TextEncoder().encode(`${stamp}\n`)]);
      await syncFolder(made);
      await putInPlace(made, folder, stamp, join(temporary, 'old'));
    } catch (error) {
      throw error instanceof AppError ? error : writeError(folder, error);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
    await syncFolder(parent);
  }
}

async function makeTokenizer(folder: string): Promise<void> {
  await saveTokenizer(folder, (await Tokenizer.load(join(SHIPPED, 'tokenizer'))).parts);
}

async function makeCorpus(folder: string, dataDirectory: string): Promise<void> {
  const tokenizerFolder = dataFolder(dataDirectory, 'tokenizers', SAMPLE_NAME);
  const tokenizer = await Tokenizer.load(tokenizerFolder);
  const source = join(SHIPPED, 'corpus.jsonl');
  await importCorpus({ source, tokenizer, tokenizerFolder, folder, nowMs: Date.now() });
}

async function makeSuperGlue(folder: string): Promise<void> {
  await importSuperGlue({ source: join(SHIPPED, 'superglue'), folder, nowMs: Date.now() });
}

/** What a folder was made of; undefined where it is not there or says nothing. */
async function readStamp(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, STAMP), 'utf8').catch(() => '');
  return text.trim() || undefined;
}

/**
 * Renames `made` to `folder`, what was there being moved to `old`. Where another process has been faster with the same
 * sample, its folder stays.
 */
async function putInPlace(made: string, folder: string, stamp: string, old: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await rename(made, folder);
      return;
    } catch (error) {
      const isTaken = ['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(systemCode(error));
      if (!isTaken || tries > 2) throw error;
    }
    if ((await readStamp(folder)) === stamp) return;
    await rename(folder, `${old}${tries}`).catch((error: unknown) => {
      // moved away by the other process a moment ago
      if (systemCode(error) !== 'ENOENT') throw error;
    });
  }
}

async function removeStale(parent: string): Promise<void> {
  const names = (await readdir(parent)).filter((name) => /^sample-.*\.tmp$/.test(name));
  for (const name of names) {
    const path = join(parent, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > STALE_MS) await rm(path, { recursive: true, force: true });
  }
}
