import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockHome } from '../../../src-main/shells/home-lock.ts';

const MODULE = new URL('../../../src-main/shells/home-lock.ts', import.meta.url).href;
let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'metalmo-lock-'))));
afterEach(() => rmSync(home, { recursive: true }));

/** Another process that takes the lock and holds it until it is killed. */
async function holdElsewhere() {
  const script = `import { lockHome } from ${JSON.stringify(MODULE)};
    lockHome(process.argv[1], 'browser').announce('http://127.0.0.1:4517');
    console.log('locked');
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script, home], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve);
    child.once('exit', reject);
  });
  return {
    pid: child.pid,
    kill: () =>
      new Promise((resolve) => {
        child.once('exit', resolve);
        child.kill('SIGKILL');
      }),
  };
}

describe('the lock on a home', () => {
  it('keeps a second shell out, and says who has it and where', async () => {
    const other = await holdElsewhere();
    const message = new RegExp(`open already, served to browsers at http://127.0.0.1:4517 \\(process ${other.pid} `);
    expect(() => lockHome(home, 'window')).toThrow(message);
    expect(() => lockHome(home, 'window')).toThrow(expect.objectContaining({ code: 'registry/conflict' }));
    await other.kill();
  });

  it('ends with its process, even one that was killed', async () => {
    const other = await holdElsewhere();
    await other.kill();
    lockHome(home, 'window').release();
  });

  it('can be taken again after it was given back', () => {
    lockHome(home, 'window').release();
    const lock = lockHome(home, 'browser');
    expect(() => lockHome(home, 'window')).toThrow(/name another --home/);
    lock.release();
  });
});
