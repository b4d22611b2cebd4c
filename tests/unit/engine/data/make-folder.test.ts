import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder } from '../../../../src-main/engine/data/make-folder.ts';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'metalmo-folder-'));
});
afterEach(() => rmSync(parent, { recursive: true }));

const fillWith =
  (text: string) =>
  async (temporary: string): Promise<string> => {
    writeFileSync(join(temporary, 'file'), text);
    return text;
  };

describe('makeFolder', () => {
  it('makes a folder and those above it', async () => {
    const folder = join(parent, 'a', 'b');
    expect(await makeFolder(folder, 'set', fillWith('x'))).toBe('x');
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('x');
    expect(readdirSync(join(parent, 'a'))).toEqual(['b']);
  });

  it('leaves nothing where filling fails, and what is there alone', async () => {
    const folder = join(parent, 'set');
    const failing = async (temporary: string): Promise<void> => {
      writeFileSync(join(temporary, 'file'), 'half');
      throw new Error('no more');
    };
    await expect(makeFolder(folder, 'set', failing)).rejects.toMatchObject({ code: 'file/io' });
    expect(readdirSync(parent)).toEqual([]);
    await makeFolder(folder, 'set', fillWith('first'));
    const again = makeFolder(folder, 'set', fillWith('second'));
    await expect(again).rejects.toMatchObject({ code: 'registry/conflict', message: /already is a set set/ });
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('first');
  });

  it('gives the name to the first of several that make the same folder', async () => {
    const folder = join(parent, 'set');
    const results = await Promise.allSettled(['a', 'b', 'c'].map((text) => makeFolder(folder, 'set', fillWith(text))));
    const done = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(done).toEqual([readFileSync(join(folder, 'file'), 'utf8')]);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'registry/conflict' });
    }
    expect(readdirSync(parent)).toEqual(['set']);
  });

  it('clears away what a killed process has left, not what another is making', async () => {
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    const [left, living, foreign] = [`set.${gone}-0.tmp`, `set.${process.ppid}-0.tmp`, `other.${gone}-0.tmp`];
    for (const name of [left, living, foreign]) mkdirSync(join(parent, name));
    await makeFolder(join(parent, 'set'), 'set', fillWith('x'));
    expect(readdirSync(parent).sort()).toEqual(['set', living, foreign].sort());
  });

  it('says where it may not write', async () => {
    writeFileSync(join(parent, 'file'), '');
    await expect(makeFolder(join(parent, 'file', 'set'), 'set', fillWith('x'))).rejects.toMatchObject({
      code: 'file/io',
    });
  });
});
