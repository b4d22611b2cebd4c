import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { AppError } from '../../../src-shared/app-error.ts';
import { getRun } from '../../registry/runs.ts';
import { engineLogFile } from '../../runs/run-files.ts';
import type { Handler } from '../handler.ts';
import type { Host } from '../host.ts';

/** The end of what the run's engines wrote to standard output and error; empty where they wrote nothing. */
export function readLog({ db, home }: Pick<Host, 'db' | 'home'>): Handler<'runs.log'> {
  return ({ runId, maxBytes }) => {
    getRun(db, runId);
    const file = engineLogFile(home, runId);
    const { bytes, size } = readEnd(file, maxBytes);
    const text = new TextDecoder().decode(bytes);
    // A part begins within a line, maybe within a character: it is shown from its first whole line on.
    return { text: bytes.length < size ? text.slice(text.indexOf('\n') + 1) : text, file, totalBytes: size };
  };
}

function readEnd(file: string, maxBytes: number): { bytes: Buffer; size: number } {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    const { size } = fstatSync(descriptor);
    const bytes = Buffer.alloc(Math.min(size, maxBytes));
    const read = readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
    return { bytes: bytes.subarray(0, read), size };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { bytes: Buffer.alloc(0), size: 0 };
    const why = error instanceof Error ? error.message : String(error);
    throw new AppError('file/io', `The engine's log ${file} can't be read: ${why}.`, { file }, error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
