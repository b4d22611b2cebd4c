// @ts-check
/** Goes on as another process: same arguments, terminal, signals and exit code. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { echoDetector, END_SIGNALS } from './signals.mjs';

const TIE_TO_PARENT = new URL('tie-to-parent.mjs', import.meta.url).href;

/** The exit code a shell reports for a process that a signal ended. @param {NodeJS.Signals} signal */
export function exitCodeOfSignal(signal) {
  return 128 + (constants.signals[signal] ?? 0);
}

/**
 * Runs `node script ...args` to its end; resolves with its exit code. It is killed when we are killed.
 * @param {string} node
 * @param {string} script
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
export function handOver(node, script, args) {
  return passOn(
    spawn(node, ['--import', TIE_TO_PARENT, script, ...args], {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      detached: process.platform !== 'win32',
    }),
  );
}

/**
 * Runs any program to its end; resolves with its exit code.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd: string }} options
 * @returns {Promise<number>}
 */
export function handOverToProgram(program, args, { cwd }) {
  return passOn(spawn(program, args, { cwd, stdio: 'inherit', detached: process.platform !== 'win32' }));
}

/**
 * The child has a process group of its own (`detached`), so that each signal reaches it once, through us.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>} 127 when it could not be started
 */
function passOn(child) {
  const isEcho = echoDetector();
  for (const signal of END_SIGNALS) {
    process.on(signal, () => {
      if (!isEcho(signal)) child.kill(signal);
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
      process.stderr.write(`${child.spawnfile} could not be started: ${error.message}\n`);
      resolve(127);
    });
    child.on('exit', (code, signal) => resolve(signal === null ? (code ?? 1) : exitCodeOfSignal(signal)));
  });
}
