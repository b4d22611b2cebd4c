import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The user's folder: `--home`, else METALMO_HOME, else ~/.metalmo. */
export function resolveHome(option: string | undefined, env: NodeJS.ProcessEnv = process.env): string {
  const named = option ?? env['METALMO_HOME'];
  return named === undefined || named === '' ? join(homedir(), '.metalmo') : resolve(named);
}
