import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readDynamic } from '../../../../scripts/setup/elf-needed.mjs';
import {
  publish,
  publishJson,
  readJson,
  stagingFolder,
  withLock,
} from '../../../../scripts/setup/tensorflow-cache.mjs';
import { cudaRequirements } from '../../../../scripts/setup/tensorflow-cuda.mjs';
import { runCommand } from '../../../../scripts/setup/run-command.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'metalmo-setup-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('the native cache', () => {
  it('lets one set-up work at a time', async () => {
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inside++;
      most = Math.max(most, inside);
      await pause(20);
      inside--;
    };
    const log = vi.fn();
    await Promise.all([1, 2, 3].map(() => withLock(folder, 'thing', log, work)));
    expect(most).toBe(1);
    expect(log).toHaveBeenCalledWith(expect.stringContaining('waiting for another set-up'));
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes over the lock of a set-up that died, and frees its own when the work fails', async () => {
    const lock = path.join(folder, 'thing.lock');
    await mkdir(lock);
    // No process has this id: it is above the largest that Linux gives.
    writeFileSync(path.join(lock, 'pid'), '4194305');
    await expect(withLock(folder, 'thing', vi.fn(), () => Promise.reject(new Error('no space')))).rejects.toThrow(
      'no space',
    );
    expect(existsSync(lock)).toBe(false);
  });

  it('shows finished things only, and clears what was left unfinished', async () => {
    await mkdir(path.join(folder, '.thing.4194305.1.partial'));
    const staging = await stagingFolder(folder, 'thing');
    expect(readdirSync(folder)).toEqual([path.basename(staging)]);
    writeFileSync(path.join(staging, 'first'), '');
    await publish(staging, path.join(folder, 'thing'));
    const late = await stagingFolder(folder, 'thing');
    writeFileSync(path.join(late, 'second'), '');
    await publish(late, path.join(folder, 'thing'));
    expect(readdirSync(folder)).toEqual(['thing']);
    expect(readdirSync(path.join(folder, 'thing'))).toEqual(['first']);
  });

  it('reads no manifest where it is absent or damaged', async () => {
    const file = path.join(folder, 'manifest.json');
    expect(await readJson(file)).toBeUndefined();
    writeFileSync(file, '{"kind":');
    expect(await readJson(file)).toBeUndefined();
    await publishJson(file, { kind: 'cpu' });
    expect(await readJson(file)).toEqual({ kind: 'cpu' });
  });
});

it('reads the CUDA libraries from the wheel’s own requirements', async () => {
  const metadata = path.join(folder, 'METADATA');
  writeFileSync(
    metadata,
    [
      'Requires-Dist: numpy>=1.26.0',
      'Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"',
      "Requires-Dist: nvidia-nccl-cu12 (==2.27.7) ; extra == 'and-cuda'",
      'Requires-Dist: nvidia-other-cu12==1; extra == "test"',
    ].join('\n'),
  );
  expect(await cudaRequirements(metadata)).toEqual(['nvidia-cublas-cu12<13.0,>=12.5.3.2', 'nvidia-nccl-cu12==2.27.7']);
});

it.skipIf(process.platform !== 'linux')('reads what a library needs from its dynamic section', async () => {
  const { needed } = await readDynamic(process.execPath);
  expect(needed).toContain('libc.so.6');
  const text = path.join(folder, 'text.so');
  writeFileSync(text, 'no library');
  await expect(readDynamic(text)).rejects.toThrow('no 64-bit ELF');
});

it('ends a command that takes too long, and says when there is none', async () => {
  expect(await runCommand('sleep', ['30'], { timeoutMs: 50 })).toMatchObject({ code: null });
  expect((await runCommand('metalmo-no-such-command', [])).output).toContain('ENOENT');
});
