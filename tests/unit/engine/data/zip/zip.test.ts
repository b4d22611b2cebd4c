import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openZip, type ZipFile } from '../../../../../src-main/engine/data/zip/read-zip.ts';
import { writeZip } from '../../../../../src-main/engine/data/zip/write-zip.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'metalmo-zip-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function textOf(file: ZipFile | undefined): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of file?.chunks() ?? []) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** Text that does not compress to nothing. */
const lines = Array.from({ length: 5000 }, (_, i) => `${i} ${(i * 7919) % 10_007} ü\n`).join('');

describe('zip archives', () => {
  it('gives back the texts that were written, and the same bytes for the same texts', async () => {
    const [file, again] = [join(folder, 'a.zip'), join(folder, 'b.zip')];
    const entries = [
      { name: 'BoolQ.jsonl', text: '{"idx": 0}\n' },
      { name: 'sub/lines.txt', text: lines },
      { name: 'empty', text: '' },
    ];
    await writeZip(file, entries);
    await writeZip(again, entries);
    expect(await readFile(again)).toEqual(await readFile(file));
    const zip = await openZip(file);
    expect(zip.files.map(({ name }) => name)).toEqual(['BoolQ.jsonl', 'sub/lines.txt', 'empty']);
    expect(zip.files[1]?.bytes).toBe(Buffer.byteLength(lines));
    expect(await textOf(zip.files[1])).toBe(lines);
    expect(await textOf(zip.files[2])).toBe('');
    await zip.close();
    expect(await readdir(folder)).toEqual(['a.zip', 'b.zip']);
  });

  it('lets a reader stop early', async () => {
    const file = join(folder, 'a.zip');
    await writeZip(file, [{ name: 'lines', text: lines }]);
    const zip = await openZip(file);
    for await (const chunk of zip.files[0]?.chunks() ?? []) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    await zip.close();
  });

  it('says where an archive is cut off', async () => {
    const file = join(folder, 'a.zip');
    await writeZip(file, [{ name: 'lines', text: lines }]);
    await truncate(file, 2000);
    await expect(openZip(file)).rejects.toMatchObject({
      code: 'file/invalid',
      message: expect.stringContaining('Download or copy it again') as string,
    });
  });

  it('says which file of an archive is damaged', async () => {
    const file = join(folder, 'a.zip');
    await writeZip(file, [{ name: 'lines', text: lines }]);
    const bytes = await readFile(file);
    for (let i = 3000; i < 3010; i++) bytes[i] = (bytes[i] ?? 0) ^ 0xff;
    await writeFile(file, bytes);
    const zip = await openZip(file);
    await expect(textOf(zip.files[0])).rejects.toMatchObject({
      code: 'file/invalid',
      message: expect.stringContaining('a.zip, lines is no readable zip archive') as string,
    });
    await zip.close();
  });

  it('compares checksums', async () => {
    const file = join(folder, 'a.zip');
    await writeZip(file, [{ name: 'short', text: 'x' }]);
    const bytes = await readFile(file);
    // Stored or deflated, the checksum stands 14 bytes after the local header begins and 16 after the directory's.
    const directory = bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    bytes[14] = (bytes[14] ?? 0) ^ 1;
    bytes[directory + 16] = (bytes[directory + 16] ?? 0) ^ 1;
    await writeFile(file, bytes);
    const zip = await openZip(file);
    await expect(textOf(zip.files[0])).rejects.toMatchObject({ code: 'file/invalid' });
    await zip.close();
  });

  it('says that a file is not there, or is no archive', async () => {
    await expect(openZip(join(folder, 'none.zip'))).rejects.toMatchObject({ code: 'file/not-found' });
    await writeFile(join(folder, 'text.zip'), 'no archive');
    await expect(openZip(join(folder, 'text.zip'))).rejects.toMatchObject({ code: 'file/invalid' });
  });

  it('leaves nothing behind where it cannot write', async () => {
    await expect(writeZip(join(folder, 'none', 'a.zip'), [{ name: 'a', text: 'a' }])).rejects.toMatchObject({
      code: 'file/io',
    });
    expect(await readdir(folder)).toEqual([]);
  });
});
