/** Goes on as another Node: same arguments, terminal, signals and exit code. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { pathToFileURL } from 'node:url';
import path from 'node:path';

/** A Ctrl-C may come twice: from the terminal and from the npm above us. Two within this time are one. */
const SAME_SIGNAL_MS = 400;

/** The exit code a shell reports for a process that a signal ended. @param {NodeJS.Signals} signal */
export function exitCodeOfSignal(signal) {
  return 128 + (constants.signals[signal] ?? 0);
}

/**
 * Runs `node script ...args` to its end and resolves with its exit code.
 * The child gets a process group of its own, so that each signal reaches it once, through us; it is killed when we are
 * killed (tie-to-parent.mjs).
 *
 * @param {string} node
 * @param {string} script
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
export function handOver(node, script, args) {
  const tie = pathToFileURL(
    path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), 'tie-to-parent.mjs'),
  );
  const child = spawn(node, ['--import', tie.href, script, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    detached: process.platform !== 'win32',
  });
  const lastAt = new Map();
  /** @type {NodeJS.Signals[]} */
  const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];
  for (const signal of forwarded) {
    process.on(signal, () => {
      const now = performance.now();
      if (now - (lastAt.get(signal) ?? -Infinity) > SAME_SIGNAL_MS) child.kill(signal);
      lastAt.set(signal, now);
    });
  }
  if (process.platform !== 'win32') {
    process.on('SIGTSTP', () => {
      child.kill('SIGSTOP');
      process.kill(process.pid, 'SIGSTOP');
    });
    process.on('SIGCONT', () => child.kill('SIGCONT'));
  }
  return new Promise((resolve) => {
    child.on('error', (error) => {
      process.stderr.write(`${node} could not be started: ${error.message}\n`);
      resolve(3);
    });
    child.on('exit', (code, signal) => resolve(signal === null ? (code ?? 1) : exitCodeOfSignal(signal)));
  });
}
