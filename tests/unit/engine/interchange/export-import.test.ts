import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { preset } from '../../../../src-shared/config/presets/preset.ts';
import type { ExportRequest } from '../../../../src-shared/ipc/interchange-protocol.ts';
import { exportCheckpoint } from '../../../../src-main/engine/interchange/export-checkpoint.ts';
import { importExport } from '../../../../src-main/engine/interchange/import-export.ts';
import { readExport } from '../../../../src-main/engine/interchange/read-export.ts';
import { studentLayout, teacherLayout } from '../../../../src-main/engine/model/parameter-layout.ts';
import { readCheckpoint, writeCheckpoint } from '../../../../src-main/engine/train/checkpoint.ts';
import { checkpointFiles } from '../../../../src-main/engine/train/checkpoint-files.ts';
import { decodeSafetensors } from '../../../../src-main/engine/train/safetensors.ts';
import { contentAt, inFolder, values } from '../train/sample-checkpoint.ts';

const config = preset('two-moons-soft');
const student = values(studentLayout(config.model).size, 1);
const teacher = values(teacherLayout(config.model).size, 2);

const ABOUT: ExportRequest['run'] = {
  runId: 'run-1',
  name: 'Soft *one*',
  preset: 'two-moons-soft',
  status: 'finished',
  notes: 'Looks fine.',
  createdAtMs: Date.UTC(2026, 0, 2, 3, 4, 5),
  executor: 'tensorflow on CPU',
  parentRunId: null,
  results: { 'test.latest.accuracy': 87.5, 'test.best-loss.accuracy': 80 },
};

/** A checkpoint with a teacher, exported into `<folder>/out`. */
async function exported(folder: string): Promise<string> {
  const content = { ...contentAt(40), config };
  const { file } = await writeCheckpoint(join(folder, 'checkpoints'), content, {
    'student.parameters': student,
    'teacher.parameters': teacher,
    'student.firstMoment': values(3, 3),
  });
  const out = join(folder, 'out');
  await exportCheckpoint({ checkpoint: file, out: { folder: out }, run: ABOUT }, Date.UTC(2026, 1, 3));
  return out;
}

const importInto = (folder: string, out: string) =>
  importExport({ folder: out, runId: 'run-2', checkpointDirectory: join(folder, 'imported') });

describe('exportCheckpoint', () => {
  it('writes the whole folder: weights, configuration, tokenizer, card and sums', async () => {
    await inFolder(async (folder) => {
      const out = await exported(folder);
      expect(readdirSync(out).sort()).toEqual([
        'README.md',
        'SHA256SUMS',
        'config.json',
        'merges.txt',
        'model.safetensors',
        'teacher.safetensors',
        'vocab.json',
      ]);
      const model = decodeSafetensors(readFileSync(join(out, 'model.safetensors')), 'model.safetensors');
      expect(model.metadata).toEqual({ format: 'pt' });
      expect(model.tensors.get('embed.embed_tokens.embed.weight')?.data).toEqual(student.subarray(0, 407 * 8));
      const card = readFileSync(join(out, 'README.md'), 'utf8');
      expect(card).toContain('# Soft \\*one\\*, latest');
      expect(card).toContain('| test: accuracy | 87.5 | % |');
      expect(card).not.toContain('| 80 |');
      expect(card).toContain('| validation: accuracy | NaN | % |');
      expect(card).toContain('| `learningRate` | 0.08 |');
      expect(card).toContain('Looks fine.');
      for (const line of readFileSync(join(out, 'SHA256SUMS'), 'utf8').trim().split('\n')) {
        const [sha256 = '', name = ''] = line.split('  ');
        if (name !== 'README.md') expect(card).toContain(`| \`${name}\` |`);
        if (name !== 'README.md') expect(card).toContain(sha256);
      }
      // The arguments of the reference's class.
      expect(JSON.parse(readFileSync(join(out, 'config.json'), 'utf8'))).toMatchObject({
        model: { dim: 8, n_heads: 2, ff_dim: 32, n_layers: 2, max_tokens: 407, prenorm: true, soft_embedding: true },
        checkpoint: { runId: 'run-1', kind: 'latest', step: 40, examplesSeen: 640 },
      });
    });
  });

  it('never writes over a folder, and leaves nothing where it fails', async () => {
    await inFolder(async (folder) => {
      const out = await exported(folder);
      const before = readFileSync(join(out, 'README.md'), 'utf8');
      const again = { checkpoint: join(folder, 'checkpoints/latest'), out: { folder: out }, run: ABOUT };
      await expect(exportCheckpoint(again)).rejects.toMatchObject({ code: 'input/invalid' });
      expect(readFileSync(join(out, 'README.md'), 'utf8')).toBe(before);
      await expect(exportCheckpoint({ ...again, out: { folder: join(folder, 'no/such/out') } })).rejects.toMatchObject({
        code: 'input/invalid',
      });
      const nothing = { ...again, checkpoint: join(folder, 'gone.json'), out: { folder: join(folder, 'new') } };
      await expect(exportCheckpoint(nothing)).rejects.toMatchObject({ code: 'file/not-found' });
      expect(readdirSync(folder).sort()).toEqual(['checkpoints', 'out']);
    });
  });

  it('names a folder after the run and the checkpoint that it read', async () => {
    await inFolder(async (folder) => {
      await exported(folder);
      const request = { checkpoint: join(folder, 'checkpoints/latest'), out: { inside: folder }, run: ABOUT };
      expect(await exportCheckpoint(request)).toMatchObject({
        folder: join(folder, 'Soft-one-latest-step-40'),
        step: 40,
      });
      await expect(exportCheckpoint(request)).rejects.toMatchObject({ code: 'input/invalid' });
    });
  });
});

describe('importExport', () => {
  it('brings weights, teacher and facts back unchanged', async () => {
    await inFolder(async (folder) => {
      const out = await exported(folder);
      const imported = await importInto(folder, out);
      expect(imported).toMatchObject({ name: 'Soft *one*', fromRunId: 'run-1', fromKind: 'latest', config });
      expect(imported.checkpoint).toMatchObject({ step: 40, examplesSeen: 640, scores: { loss: 0.1, accuracy: NaN } });
      const { header, variables } = await readCheckpoint(imported.checkpoint.file);
      expect(header).toMatchObject({ runId: 'run-2', kind: 'latest', step: 40 });
      expect(variables).toEqual({ 'student.parameters': student, 'teacher.parameters': teacher });
      // What a new run does with it.
      expect(await checkpointFiles.loadStudent(imported.checkpoint.file, config)).toEqual(student);
    });
  });

  it('takes a folder that PyTorch saved: no sums, no teacher, no tokenizer', async () => {
    await inFolder(async (folder) => {
      const out = await exported(folder);
      for (const name of ['SHA256SUMS', 'teacher.safetensors', 'vocab.json', 'merges.txt', 'README.md']) {
        rmSync(join(out, name));
      }
      expect(await readExport(out)).toMatchObject({ student, teacher: undefined });
    });
  });

  const edit = (out: string, name: string, change: (text: string) => string): void => {
    writeFileSync(join(out, name), change(readFileSync(join(out, name), 'utf8')));
    rmSync(join(out, 'SHA256SUMS'), { force: true });
  };
  const wrong: [what: string, spoil: (out: string) => void, code: string, message: RegExp][] = [
    ['no folder', (out) => rmSync(out, { recursive: true }), 'file/not-found', /does not exist/],
    ['another folder', (out) => rmSync(join(out, 'config.json')), 'file/not-found', /holds no config\.json/],
    ['no weights', (out) => rmSync(join(out, 'model.safetensors')), 'file/not-found', /holds no model\.safetensors/],
    [
      'a part that its sums list gone',
      (out) => rmSync(join(out, 'teacher.safetensors')),
      'file/not-found',
      /holds no teacher\.safetensors, which its SHA256SUMS lists/,
    ],
    [
      'one changed bit',
      (out) => {
        const file = join(out, 'model.safetensors');
        const bytes = readFileSync(file);
        bytes[bytes.length - 5] = (bytes[bytes.length - 5] ?? 0) ^ 1;
        writeFileSync(file, bytes);
      },
      'file/invalid',
      /SHA256SUMS says SHA-256 \w{64}, the file has \w{64}/,
    ],
    ['a damaged list of sums', (out) => writeFileSync(join(out, 'SHA256SUMS'), 'x\n'), 'file/invalid', /the line "x"/],
    ['what is no JSON', (out) => edit(out, 'config.json', () => '{'), 'file/invalid', /is not JSON/],
    [
      "another program's JSON",
      (out) => edit(out, 'config.json', () => '{"model_type":"bert"}'),
      'file/invalid',
      /"format"/,
    ],
    [
      'a newer version',
      (out) => edit(out, 'config.json', (text) => text.replace('"version": 1', '"version": 2')),
      'file/invalid',
      /version 2, this program reads 1/,
    ],
    [
      'two sizes at once',
      (out) => edit(out, 'config.json', (text) => text.replace('"dim": 8', '"dim": 16')),
      'checkpoint/incompatible',
      /model\.dim is 16, its config makes it 8/,
    ],
    [
      'weights of another size',
      (out) =>
        edit(out, 'config.json', (text) =>
          text.replace('"n_layers": 2', '"n_layers": 3').replace('"layers": 2', '"layers": 3'),
        ),
      'checkpoint/incompatible',
      /expected encoder\.layers\.2\.self_attn\.in_proj_weight \[24, 8\]/,
    ],
    [
      'another tokenizer',
      (out) => edit(out, 'merges.txt', (text) => text.replace('0', '1')),
      'checkpoint/incompatible',
      /another tokenizer/,
    ],
    ['a cut file', (out) => edit(out, 'model.safetensors', () => ''), 'file/invalid', /not a valid safetensors file/],
  ];
  it.each(wrong)('refuses %s in one message and writes nothing', async (_what, spoil, code, message) => {
    await inFolder(async (folder) => {
      const out = await exported(folder);
      spoil(out);
      await expect(importInto(folder, out)).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message) as string,
      });
      expect(readdirSync(folder)).not.toContain('imported');
    });
  });

  it('refuses a file where a folder is expected', async () => {
    await inFolder(async (folder) => {
      mkdirSync(join(folder, 'x'));
      writeFileSync(join(folder, 'x/file'), '');
      await expect(importInto(folder, join(folder, 'x/file'))).rejects.toMatchObject({ code: 'file/not-found' });
    });
  });
});
