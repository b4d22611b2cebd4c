/** Child processes of the set-up: output captured, never a hang on a prompt. */
import { spawn } from 'node:child_process';

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number }} [options]
 * @returns {Promise<{ code: number | null, output: string }>} code null: it could not be started or was killed
 */
export function runCommand(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // Not spawn's own `timeout`: its timer outlives a command that could not be started.
    const timer =
      options.timeoutMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), options.timeoutMs);
    let output = '';
    const collect = (chunk) => {
      output = (output + chunk).slice(-2_000_000);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ code: null, output: error.message });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, output });
    });
  });
}

/** The first of `candidates` ([command, ...leading arguments]) that answers to `--version`; undefined if none does. */
export async function firstWorking(candidates) {
  for (const candidate of candidates) {
    const [command, ...leading] = candidate;
    if ((await runCommand(command, [...leading, '--version'], { timeoutMs: 30_000 })).code === 0) return candidate;
  }
  return undefined;
}
