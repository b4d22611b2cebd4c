import { spawn, type ChildProcess } from 'node:child_process';
import { findOldElectron, findXvfb } from '../../scripts/setup/old-electron.mjs';

const binary = findOldElectron();
const xvfb = findXvfb();

/** Whether Electron 9.4.1 and a screen for it are here; its tests are skipped by name where they are not. */
export const hasOldElectron = binary !== undefined && xvfb !== undefined;

/** A window of the old Electron on a screen of its own, driven by messages to its main process. */
export interface OldElectron {
  /** Does one of the things main.cjs knows, e.g. `evaluate` code in the page. */
  drive(what: string, value?: unknown): Promise<unknown>;
  close(): Promise<void>;
}

export async function startOldElectron(main: string, env: Readonly<Record<string, string>>): Promise<OldElectron> {
  if (binary === undefined || xvfb === undefined) throw new Error('There is no Electron 9.4.1 here.');
  const [screen, display] = await startScreen(xvfb);
  const args = [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--disable-gpu',
    '--disable-dev-shm-usage',
    main,
  ];
  const child = spawn(binary, args, {
    env: { ...process.env, ...env, DISPLAY: display },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, (message: { result?: unknown; error?: string }) => void>();
  const ready = new Promise<void>((resolve, reject) => {
    waiting.set(0, () => resolve());
    child.once('exit', (code) => reject(new Error(`Electron ended with ${String(code)}.`)));
  });
  child.on('message', (message: { id: number; result?: unknown; error?: string }) => {
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  });
  try {
    await ready;
  } catch (error) {
    screen.kill();
    throw error;
  }
  let nextId = 1;
  return {
    drive(what, value) {
      return new Promise((resolve, reject) => {
        const id = nextId++;
        waiting.set(id, ({ result, error }) => (error === undefined ? resolve(result) : reject(new Error(error))));
        child.send({ id, what, value });
      });
    },
    async close() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.disconnect();
      await ended;
      screen.kill();
    },
  };
}

/** An X server without a monitor; it chooses a free display itself and says which. */
async function startScreen(program: string): Promise<[ChildProcess, string]> {
  const screen = spawn(program, ['-displayfd', '3', '-screen', '0', '1400x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const pipe = screen.stdio[3];
  const display = await new Promise<string>((resolve, reject) => {
    pipe?.once('data', (chunk: Buffer) => resolve(chunk.toString('utf8').trim()));
    screen.once('exit', () => reject(new Error('Xvfb ended at once.')));
    screen.once('error', reject);
  });
  return [screen, `:${display}`];
}
