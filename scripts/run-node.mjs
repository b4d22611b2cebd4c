// @ts-check
/** The project's tools and processes, run by the Node that runs us. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * A file of a package, for Node to run (the links in .bin are shims on Windows).
 * @param {string} projectDir
 * @param {string} file below node_modules
 */
export function tool(projectDir, file) {
  const full = path.join(projectDir, 'node_modules', file);
  if (!existsSync(full)) throw new Error(`${full} is not there: its package is not installed, or has moved it`);
  return full;
}

/**
 * Runs `node file ...args`; resolves with its exit code, 127 when it could not be started.
 * @param {readonly string[]} command file and arguments
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, stdout?: 1 | 2 }} options
 * @returns {Promise<number>}
 */
export function runNode(command, { cwd, env = process.env, stdout = 1 }) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, command, { cwd, env, stdio: ['ignore', stdout, 2] });
    child.on('error', () => resolve(127));
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
