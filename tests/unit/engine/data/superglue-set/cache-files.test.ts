import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheFileName, cacheSize, clearCache } from '../../../../../src-main/engine/data/superglue-set/cache-files.ts';
import type { PackedExamples } from '../../../../../src-main/engine/data/superglue-set/packed-examples.ts';
import { readCached, writeCached } from '../../../../../src-main/engine/data/superglue-set/task-cache.ts';

const KEY = '0123456789abcdef'.repeat(4);
const NOTHING = { files: 0, bytes: 0 };
const PACKED: PackedExamples = {
  idx: Int32Array.of(7),
  label: Int8Array.of(0),
  group: Int32Array.of(-1),
  fill: Int32Array.of(11),
  rowStart: Uint32Array.of(0, 1),
  idStart: Uint32Array.of(0, 3),
  ids: Uint16Array.of(2, 300, 3),
  marks: new Uint8Array(0),
  answers: [],
};

let directory: string;
let folder: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'metalmo-cache-'));
  folder = join(directory, 'cache');
  file = join(folder, cacheFileName('AX-b', 'test', KEY));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('the files of the cache', () => {
  it('are none where there is no folder, an empty one, or a file in its place', async () => {
    mkdirSync(folder);
    writeFileSync(join(directory, 'file'), 'abc');
    for (const path of [join(directory, 'absent'), folder, join(directory, 'file')]) {
      expect(await cacheSize(path)).toEqual(NOTHING);
      expect(await clearCache(path)).toEqual(NOTHING);
    }
    expect(readdirSync(directory)).toEqual(['cache', 'file']);
  });

  it('are counted and removed, those that a killed process left among them', async () => {
    await writeCached(file, KEY, PACKED);
    const { size } = lstatSync(file);
    expect(size).toBeGreaterThan(0);
    writeFileSync(`${file}.6f6c7a4e-0000-4000-8000-0123456789ab.tmp`, 'half');
    expect(await cacheSize(folder)).toEqual({ files: 2, bytes: size + 4 });
    expect(await clearCache(folder)).toEqual({ files: 2, bytes: size + 4 });
    expect(readdirSync(folder)).toEqual([]);
    expect(await cacheSize(folder)).toEqual(NOTHING);
    expect(await clearCache(folder)).toEqual(NOTHING);
  });

  it('alone are removed: no other files, no folders, no links and nothing behind them', async () => {
    const outside = join(directory, 'outside');
    mkdirSync(outside);
    mkdirSync(join(folder, 'CB-test-0123456789abcdef.bin'), { recursive: true });
    const kept = [join(outside, 'CB-train-0123456789abcdef.bin'), join(folder, 'CB-train-0123456789abcdef.bin.old')];
    for (const path of kept) writeFileSync(path, 'kept');
    writeFileSync(join(folder, 'CB-test-0123456789abcdef.bin', 'RTE-train-0123456789abcdef.bin'), 'kept');
    symlinkSync(kept[0] ?? '', join(folder, 'WiC-train-0123456789abcdef.bin'));
    symlinkSync(outside, join(folder, 'linked'));
    const before = readdirSync(folder, { recursive: true }).sort();
    await writeCached(file, KEY, PACKED);
    expect(await cacheSize(folder)).toEqual({ files: 1, bytes: lstatSync(file).size });
    expect(await clearCache(folder)).toMatchObject({ files: 1 });
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(before);
    for (const path of kept) expect(readFileSync(path, 'utf8')).toBe('kept');
  });

  it('are found where the folder itself was put elsewhere', async () => {
    const elsewhere = join(directory, 'elsewhere');
    mkdirSync(elsewhere);
    symlinkSync(elsewhere, folder);
    await writeCached(file, KEY, PACKED);
    writeFileSync(join(elsewhere, 'mine.bin'), '');
    expect(await clearCache(folder)).toMatchObject({ files: 1 });
    expect(readdirSync(elsewhere)).toEqual(['mine.bin']);
  });

  it('may be removed while one is read', async () => {
    await writeCached(file, KEY, PACKED);
    const whole = readFileSync(file);
    const reader = await open(file);
    try {
      const start = Buffer.alloc(8);
      await reader.read(start);
      await clearCache(folder);
      expect(existsSync(file)).toBe(false);
      expect(Buffer.concat([start, await reader.readFile()]).equals(whole)).toBe(true);
    } finally {
      await reader.close();
    }
    expect(await readCached(file, KEY)).toBeUndefined();
  });

  it('may be removed while one is written, which then is not kept, and can be written again', async () => {
    const writing = writeCached(file, KEY, PACKED);
    let removed = NOTHING;
    while (removed.files === 0) {
      await setImmediate();
      removed = await clearCache(folder);
    }
    await writing;
    await clearCache(folder);
    expect(readdirSync(folder)).toEqual([]);
    await writeCached(file, KEY, PACKED);
    expect(await readCached(file, KEY)).toEqual(PACKED);
  });
});
