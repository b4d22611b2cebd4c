import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUILDS, ensureBuilt } from '../../scripts/build/builds.mjs';
import { PROJECT_DIR } from '../../scripts/setup/project.mjs';

const MAIN = fileURLToPath(new URL('../../src-main/shells/web/main.ts', import.meta.url));

/** The real web shell over the real engine, in a process and a home of its own. */
export interface WebShellProcess {
  /** Works once. */
  readonly address: string;
  readonly home: string;
  /** Ends it as Ctrl-C does; resolves with its exit code. The home is left. */
  stop(): Promise<number | null>;
  removeHome(): void;
}

export async function startWebShell(
  home = mkdtempSync(join(tmpdir(), 'metalmo-browser-')),
  port = 0,
): Promise<WebShellProcess> {
  if (!(await ensureBuilt(PROJECT_DIR, BUILDS.page, console.log))) throw new Error('The page could not be built.');
  const child = spawn(process.execPath, [MAIN, '--port', String(port), '--home', home, '--no-open', '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString('utf8')));
    void ended.then(() => reject(new Error(`The web shell ended at once: ${stderr}`)));
  });
  const { address } = JSON.parse(line) as { address: string };
  return {
    address,
    home,
    stop() {
      child.kill('SIGINT');
      return ended;
    },
    removeHome() {
      rmSync(home, { recursive: true, force: true });
    },
  };
}
