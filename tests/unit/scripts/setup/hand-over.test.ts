import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const HAND_OVER = pathToFileURL(path.resolve('scripts/setup/hand-over.mjs')).href;

let folder = '';
let outer = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'metalmo-hand-over-'));
  outer = path.join(folder, 'outer.mjs');
  writeFileSync(
    outer,
    `import { handOver } from ${JSON.stringify(HAND_OVER)};
     process.exit(await handOver(process.execPath, process.argv[2], process.argv.slice(3)));`,
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function script(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** Starts the wrapper around `inner` and resolves once `inner` has said "ready". */
async function start(inner: string, ...args: string[]) {
  const child: ChildProcess = spawn(process.execPath, [outer, inner, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  await new Promise<void>((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('ready')) resolve();
    });
    void ended.then(() => resolve());
  });
  return { child, ended, output: () => output };
}

it('passes arguments on and the exit code back', async () => {
  const inner = script('exits.mjs', `console.log('ready', process.argv.slice(2).join('|')); process.exitCode = 5;`);
  const run = await start(inner, 'a b', '--c');
  expect(await run.ended).toBe(5);
  expect(run.output()).toBe('ready a b|--c\n');
});

it('lets a Ctrl-C that comes twice reach the child once', async () => {
  const inner = script(
    'counts.mjs',
    `let count = 0;
     process.on('SIGINT', () => { count += 1; setTimeout(() => process.exit(10 + count), 300); });
     setInterval(() => undefined, 1000);
     console.log('ready');`,
  );
  const run = await start(inner);
  run.child.kill('SIGINT');
  await new Promise((resolve) => setTimeout(resolve, 30));
  run.child.kill('SIGINT');
  expect(await run.ended).toBe(11);
});

it('reports a child ended by a signal as a shell does', async () => {
  const inner = script('dies.mjs', `console.log('ready'); setInterval(() => undefined, 1000);`);
  const run = await start(inner);
  run.child.kill('SIGTERM');
  expect(await run.ended).toBe(143);
});

it('takes the child along when it is killed itself', async () => {
  const inner = script('stays.mjs', `console.log('ready', process.pid); setInterval(() => undefined, 1000);`);
  const run = await start(inner);
  const pid = Number(/ready (\d+)/.exec(run.output())?.[1]);
  run.child.kill('SIGKILL');
  // Standard output closes when the last process that holds it is gone (its id may live on, unreaped).
  const late = new Promise((resolve) => setTimeout(() => resolve('still there'), 5000));
  const outcome = await Promise.race([run.ended.then(() => 'gone'), late]);
  if (outcome !== 'gone') process.kill(pid, 'SIGKILL');
  expect(outcome).toBe('gone');
});
