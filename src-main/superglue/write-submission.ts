import { mkdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../../src-shared/app-error.ts';
import { exportsFolder } from '../runs/run-files.ts';
import type { PipelineState } from './pipeline-state.ts';
import { submissionOf } from './submission.ts';

export interface WrittenSubmission {
  readonly file: string;
  readonly fileName: string;
  readonly bytes: number;
  readonly entries: { readonly name: string; readonly lines: number }[];
  /** Files that the leaderboard wants and that are not predicted. */
  readonly missing: string[];
}

/**
 * Writes the leaderboard's zip of what a pipeline has predicted, replacing what was there.
 * @param out the file; in "exports" of the home folder, named after the pipeline, when left out
 * @throws AppError run/invalid-state with nothing written where nothing is predicted; file/invalid, file/io
 */
export async function writeSubmission(home: string, state: PipelineState, out?: string): Promise<WrittenSubmission> {
  const { name, pipelineId } = state.record;
  const { entries, missing } = await submissionOf(home, state);
  if (entries.length === 0) {
    throw new AppError(
      'run/invalid-state',
      `'${name}' has predicted nothing for the leaderboard yet: test splits are predicted once its runs have ended. ` +
        `Resume it with: metalmo superglue --resume ${pipelineId}`,
      { pipelineId },
    );
  }
  const file = out ?? join(await madeExports(home), `${pipelineId}.zip`);
  // Its library is 45 modules, which the window has no use for before.
  const { writeZip } = await import('../engine/data/zip/write-zip.ts');
  await writeZip(file, entries);
  const { size } = await stat(file);
  return {
    file,
    fileName: basename(file),
    bytes: size,
    entries: entries.map((entry) => ({ name: entry.name, lines: entry.lines })),
    missing: [...missing],
  };
}

/** For a browser on another machine. */
export async function contentOf(file: string): Promise<string> {
  return (await readFile(file)).toString('base64');
}

async function madeExports(home: string): Promise<string> {
  const folder = exportsFolder(home);
  await mkdir(folder, { recursive: true });
  return folder;
}
