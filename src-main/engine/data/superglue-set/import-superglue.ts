import { createHash } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../../../../src-shared/app-error.ts';
import { syncFolder, systemCode, writeDurably, writeError } from '../../train/write-atomically.ts';
import { makeFolder } from '../make-folder.ts';
import { findSplits, listed, missingSplits, requireWholeTasks, type FoundTasks } from './find-splits.ts';
import { rowLines } from './row-lines.ts';
import { SET_TASKS } from './set-tasks.ts';
import { SplitChecker } from './split-checker.ts';
import { openSource, type SourceFile } from './superglue-source.ts';
import {
  DISK_SPLITS,
  splitFile,
  SUPERGLUE_INFO,
  type DiskSplit,
  type SplitInfo,
  type SuperGlueInfo,
  type TaskInfo,
} from './superglue-files.ts';

export interface SuperGlueProgress {
  readonly bytesRead: number;
  readonly bytesTotal: number;
  /** What is read now, e.g. "CB/train.jsonl". */
  readonly file: string;
  /** Rows in all so far. */
  readonly rows: number;
}

export interface SuperGlueRequest {
  /** The official zip, the zip of a task, or a folder of tasks. */
  readonly source: string;
  /** The set's folder; must not be there yet. */
  readonly folder: string;
  readonly nowMs: number;
  /** Takes tasks that lack a split. */
  readonly partial?: boolean;
  readonly onProgress?: (progress: SuperGlueProgress) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Copies a SuperGLUE set into a folder of its own, all or nothing, every row checked; memory does not grow with its size
 * but by some bytes an example.
 * @throws AppError as `openSource` and `findSplits`; file/invalid with file, line and field for a row that is none and
 * for missing splits; registry/conflict where the folder is there; file/io; cancelled
 */
export async function importSuperGlue(request: SuperGlueRequest): Promise<SuperGlueInfo> {
  const { source, folder } = request;
  return makeFolder(folder, 'SuperGLUE set', async (temporary) => {
    const opened = await openSource(source);
    try {
      const found = findSplits(opened.files, source);
      if (request.partial !== true) requireWholeTasks(found, source);
      return await writeSet(request, found, temporary);
    } finally {
      await opened.close();
    }
  });
}

async function writeSet(request: SuperGlueRequest, found: FoundTasks, temporary: string): Promise<SuperGlueInfo> {
  const tasks = await copyTasks(request, found, temporary);
  const info: SuperGlueInfo = {
    version: 1,
    name: basename(request.folder),
    source: request.source,
    importedAtMs: request.nowMs,
    digest: digestOf(tasks),
    tasks,
    notes: setNotes(found),
  };
  const json = new TextEncoder().encode(`${JSON.stringify(info, undefined, 1)}\n`);
  await writeDurably(join(temporary, SUPERGLUE_INFO), [json]);
  return info;
}

async function copyTasks(
  { signal, onProgress }: SuperGlueRequest,
  { tasks }: FoundTasks,
  temporary: string,
): Promise<Record<string, TaskInfo>> {
  const all = tasks.flatMap(({ splits }) => [...splits.values()]);
  const bytesTotal = all.reduce((sum, { bytes }) => sum + bytes, 0);
  let [bytesRead, rowsBefore] = [0, 0];
  const copies: string[] = [];
  const folders: string[] = [];
  const infos: Record<string, TaskInfo> = {};
  for (const files of tasks) {
    const { name } = files.task;
    const target = join(temporary, name);
    await mkdir(target, { recursive: true }).catch((error: unknown) => {
      throw writeError(target, error);
    });
    const splits: Partial<Record<DiskSplit, SplitInfo>> = {};
    const notes = missingSplits(files).map((split) => `${splitFile(split)} is missing.`);
    for (const [split, file] of files.splits) {
      const checker = new SplitChecker(files.task, split, file.name);
      const onBytes = (bytes: number): void => {
        if (signal?.aborted === true) throw new AppError('cancelled', 'The import was cancelled; nothing was kept.');
        bytesRead += bytes;
        onProgress?.({ bytesRead, bytesTotal, file: `${name}/${splitFile(split)}`, rows: rowsBefore + checker.rows });
      };
      const copy = join(target, splitFile(split));
      const { notes: more, ...info } = await copySplit(file, copy, checker, onBytes);
      copies.push(copy);
      splits[split] = info;
      notes.push(...more);
      rowsBefore += info.rows;
    }
    folders.push(target);
    infos[name] = { splits, notes };
  }
  // All at once: disks wait for two dozen files hardly longer than for one.
  await Promise.all([...copies.map(syncFile), ...folders.map(syncFolder)]);
  return infos;
}

/** Copies a file as it is while its rows are checked. */
async function copySplit(
  file: SourceFile,
  target: string,
  checker: SplitChecker,
  onBytes: (bytes: number) => void,
): Promise<SplitInfo & { readonly notes: readonly string[] }> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    await using handle = await open(target, 'w');
    const copied = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of file.chunks()) {
        onBytes(chunk.length);
        hash.update(chunk);
        for (let at = 0; at < chunk.length;) at += (await handle.write(chunk, at)).bytesWritten;
        bytes += chunk.length;
        yield chunk;
      }
    };
    for await (const line of rowLines(copied(), file.name)) checker.add(line);
  } catch (error) {
    // What reads has AppErrors of its own.
    throw error instanceof AppError || systemCode(error) === '' ? error : writeError(target, error);
  }
  return { ...checker.finish(), bytes, sha256: hash.digest('hex') };
}

async function syncFile(path: string): Promise<void> {
  try {
    await using handle = await open(path, 'r+');
    await handle.sync();
  } catch (error) {
    throw writeError(path, error);
  }
}

/** Of equal files equal, wherever they came from. */
function digestOf(tasks: Readonly<Record<string, TaskInfo>>): string {
  const hash = createHash('sha256');
  for (const name of Object.keys(tasks).sort()) {
    for (const split of DISK_SPLITS) {
      const sha256 = tasks[name]?.splits[split]?.sha256;
      if (sha256 !== undefined) hash.update(`${name}/${split} ${sha256}\n`);
    }
  }
  return hash.digest('hex');
}

function setNotes({ tasks, ignored }: FoundTasks): string[] {
  const there = new Set(tasks.map(({ task }) => task));
  const absent = SET_TASKS.filter((task) => !there.has(task)).map(({ name }) => name);
  return [
    ...(absent.length === 0 ? [] : [`Not in it: ${absent.join(', ')}.`]),
    ...(ignored.length === 0 ? [] : [`Passed over: ${listed(ignored)}.`]),
  ];
}
