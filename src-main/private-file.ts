import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Replaces a small file as a whole; only its owner may read it. @throws the system's error */
export function writePrivateFile(file: string, text: string): void {
  const temporary = `${file}.tmp`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(temporary, text, { mode: 0o600, flush: true });
  // `mode` is for new files alone.
  chmodSync(temporary, 0o600);
  renameSync(temporary, file);
}

/** The text, or undefined where there is no such file. @throws the system's error */
export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
