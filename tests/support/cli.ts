import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../src-main/cli.ts', import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The objects of `--json`. */
  readonly lines: readonly Record<string, unknown>[];
}

/** A `metalmo` command under way. */
export interface CliProcess {
  readonly process: ChildProcess;
  readonly result: Promise<CliResult>;
}

/** Starts the real command in a process of its own. */
export function startCli(...args: string[]): CliProcess {
  const child = spawn(process.execPath, [CLI, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // What the person who runs the tests has set up for their own runs is not for these.
    env: { ...process.env, METALMO_HOME: '/nonexistent/metalmo-home' },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
  const result = new Promise<CliResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      const json = stdout.split('\n').filter((line) => line.startsWith('{'));
      resolve({ code, stdout, stderr, lines: json.map((line) => JSON.parse(line) as Record<string, unknown>) });
    });
  });
  return { process: child, result };
}

export function runCli(...args: string[]): Promise<CliResult> {
  return startCli(...args).result;
}
