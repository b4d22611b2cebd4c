import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  cleanCheckpoints,
  readCheckpoint,
  readCheckpointHeader,
  writeCheckpoint,
} from '../../../../src-main/engine/train/checkpoint.ts';
import { contentAt, inFolder, values } from './sample-checkpoint.ts';

const variables = (seed: number) => ({ 'student.parameters': values(100, seed), counter: Int32Array.of(seed) });

/** The one tensors file of a checkpoint's folder. */
function tensorsFile(folder: string): string {
  const names = readdirSync(folder).filter((name) => name.endsWith('.safetensors'));
  expect(names).toHaveLength(1);
  return join(folder, names[0] ?? '');
}

const headers = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort();

describe('checkpoints', () => {
  it('come back bit for bit with what is said of them', () =>
    inFolder(async (home) => {
      const written = await writeCheckpoint(home, contentAt(3), variables(1));
      expect(written.bytes).toBe(statSync(written.file).size + statSync(tensorsFile(dirname(written.file))).size);
      const read = await readCheckpoint(written.file);
      expect(read.variables).toEqual(variables(1));
      expect(read.header).toMatchObject({ ...contentAt(3), format: 1, tensors: { sha256: written.sha256 } });
      expect((await readCheckpointHeader(dirname(written.file))).file).toBe(written.file);
    }));

  it('are followed by newer ones of their kind; the one before is kept, and other kinds', () =>
    inFolder(async (home) => {
      await writeCheckpoint(home, contentAt(1, 'best-loss'), variables(1));
      const files = [];
      for (const step of [1, 20, 300]) files.push((await writeCheckpoint(home, contentAt(step), variables(step))).file);
      const [, before = '', newest = ''] = files;
      expect(headers(join(home, 'latest'))).toEqual(['checkpoint-00000020.json', 'checkpoint-00000300.json']);
      expect((await readCheckpoint(before)).variables).toEqual(variables(20));
      expect((await readCheckpoint(newest)).variables).toEqual(variables(300));
      expect((await readCheckpoint(join(home, 'latest'))).header.step).toBe(300);
      expect(readdirSync(join(home, 'latest'))).toHaveLength(4);
      expect((await readCheckpoint(join(home, 'best-loss'))).header.step).toBe(1);
    }));

  it('of a step that a resume went back behind are forgotten', () =>
    inFolder(async (home) => {
      for (const step of [1, 20, 300, 21]) await writeCheckpoint(home, contentAt(step), variables(step));
      expect(headers(join(home, 'latest'))).toEqual(['checkpoint-00000020.json', 'checkpoint-00000021.json']);
      expect((await readCheckpoint(join(home, 'latest'))).variables).toEqual(variables(21));
    }));

  it('can be written again at the same step', () =>
    inFolder(async (home) => {
      await writeCheckpoint(home, contentAt(1), variables(1));
      const same = await writeCheckpoint(home, { ...contentAt(1), device: 'other' }, variables(1));
      expect((await readCheckpoint(same.file)).header.device).toBe('other');
      const other = await writeCheckpoint(home, contentAt(1), variables(2));
      expect(other.file).toBe(same.file);
      expect((await readCheckpoint(same.file)).variables).toEqual(variables(2));
      expect(readdirSync(join(home, 'latest'))).toHaveLength(2);
    }));

  it('survive a crash between writing the tensors and naming them', () =>
    inFolder(async (home) => {
      const { file } = await writeCheckpoint(home, contentAt(1), variables(1));
      const folder = dirname(file);
      // What a kill leaves: half a tensors file, a whole one that no JSON names, half a JSON.
      writeFileSync(join(folder, 'state.tmp'), 'half');
      copyFileSync(tensorsFile(folder), join(folder, `state-${'0'.repeat(16)}.safetensors`));
      writeFileSync(join(folder, 'checkpoint.tmp'), '{"format":');
      expect((await readCheckpoint(folder)).variables).toEqual(variables(1));
      mkdirSync(join(home, 'best-loss'));
      writeFileSync(join(home, 'best-loss', 'state.tmp'), 'half');
      mkdirSync(join(home, 'damaged'));
      writeFileSync(join(home, 'damaged', 'checkpoint-00000001.json'), '{');
      writeFileSync(join(home, 'damaged', `state-${'0'.repeat(16)}.safetensors`), 'perhaps of use to a person');
      mkdirSync(join(home, 'other'));
      writeFileSync(join(home, 'other', 'notes.txt'), 'of no concern');
      await cleanCheckpoints(home);
      expect(readdirSync(join(home, 'damaged'))).toHaveLength(2);
      expect(readdirSync(join(home, 'other'))).toEqual(['notes.txt']);
      expect(readdirSync(folder)).toHaveLength(2);
      expect(existsSync(join(home, 'best-loss'))).toBe(false);
      expect((await readCheckpoint(file)).variables).toEqual(variables(1));
      await cleanCheckpoints(join(home, 'nothing-here'));
    }));

  it('leave the former one as it was when writing fails', () =>
    inFolder(async (home) => {
      const { file } = await writeCheckpoint(home, contentAt(1), variables(1));
      mkdirSync(join(dirname(file), 'checkpoint.tmp'));
      await expect(writeCheckpoint(home, contentAt(2), variables(2))).rejects.toMatchObject({ code: 'file/io' });
      expect((await readCheckpoint(dirname(file))).variables).toEqual(variables(1));
      writeFileSync(join(home, 'best-loss'), 'a file where a folder should be');
      await expect(writeCheckpoint(home, contentAt(1, 'best-loss'), variables(1))).rejects.toMatchObject({
        code: 'file/io',
      });
    }));

  it('leave no tensors behind when the JSON that would name them cannot be written', () =>
    inFolder(async (home) => {
      await writeCheckpoint(home, contentAt(1), variables(1));
      const before = readdirSync(join(home, 'latest')).sort();
      mkdirSync(join(home, 'latest', 'checkpoint.tmp'));
      await expect(writeCheckpoint(home, contentAt(2), variables(2))).rejects.toMatchObject({ code: 'file/io' });
      expect(readdirSync(join(home, 'latest')).sort()).toEqual(before);
      expect((await readCheckpoint(join(home, 'latest'))).header.step).toBe(1);
    }));

  it('refuse damage, naming it', () =>
    inFolder(async (home) => {
      const { file } = await writeCheckpoint(home, contentAt(1), variables(1));
      const tensors = tensorsFile(dirname(file));
      const good = readFileSync(tensors);
      const flipped = Buffer.from(good);
      flipped.writeUInt8((flipped.readUInt8(good.length - 1) ^ 1) & 255, good.length - 1);
      writeFileSync(tensors, flipped);
      await expect(readCheckpoint(file)).rejects.toThrow(/damaged: expected SHA-256 [0-9a-f]{64}, got [0-9a-f]{64}/);
      truncateSync(tensors, good.length - 4);
      await expect(readCheckpoint(file)).rejects.toThrow(`should have ${good.length} bytes and has ${good.length - 4}`);
      renameSync(tensors, `${tensors}.moved`);
      await expect(readCheckpoint(file)).rejects.toThrow('is missing');
      const header = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
      for (const [text, message] of [
        ['{', 'it is not JSON'],
        [JSON.stringify({ ...header, format: 2 }), 'it has format 2, this program reads 1'],
        [JSON.stringify({ ...header, step: -1 }), 'step'],
        [JSON.stringify({ ...header, tensors: { file: '../../etc/passwd', bytes: 1, sha256: 'x' } }), 'tensors'],
      ] as const) {
        writeFileSync(file, text);
        await expect(readCheckpoint(file)).rejects.toThrow(message);
        await expect(readCheckpoint(file)).rejects.toMatchObject({ code: 'checkpoint/invalid' });
      }
    }));

  it('say when there is none', () =>
    inFolder(async (home) => {
      await expect(readCheckpoint(join(home, 'latest'))).rejects.toMatchObject({ code: 'file/not-found' });
      await expect(readCheckpoint(home)).rejects.toMatchObject({ code: 'file/not-found' });
      await expect(writeCheckpoint(home, contentAt(1, '../x'), {})).rejects.toMatchObject({ code: 'internal' });
    }));
});
