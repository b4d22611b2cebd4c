import { resolve } from 'node:path';
import { findRun } from '../registry/runs.ts';
import { forkEngine } from '../runs/engine-process.ts';
import { exportRun } from '../runs/export-run.ts';
import { oneOf, type Command } from './command.ts';
import { EXIT_DONE } from './exit-code.ts';
import { openExistingRegistry } from './open-home.ts';
import { table } from './table.ts';

const FORMATS = ['safetensors'] as const;

export const exportCommand: Command = {
  name: 'export',
  usage: 'RUN',
  summary: 'Writes a checkpoint as a folder that PyTorch and other tools read; also while the run goes on.',
  positionals: 1,
  options: {
    checkpoint: { type: 'string', value: 'C', help: 'latest, best:METRIC or a kept STEP (default: latest)' },
    format: { type: 'string', value: 'F', help: `${FORMATS.join(', ')} (default)` },
    out: {
      type: 'string',
      value: 'DIR',
      help: 'the folder to make; it must not exist yet (default: exports/NAME-CHECKPOINT in the home folder)',
    },
  },
  details: () =>
    [
      'The folder holds:',
      "  model.safetensors    the student under the reference's PyTorch names, Linear weights [out, in]",
      '  teacher.safetensors  the teacher, where the run has one',
      '  config.json          arguments of the model, the checkpoint, the whole configuration',
      '  vocab.json merges.txt  the tokenizer, where the data are text',
      '  README.md            a model card: configuration, data, scores, SHA-256 sums',
      '  SHA256SUMS           for `sha256sum --check`',
    ].join('\n'),
  async run(args, { output, home }) {
    oneOf(args.string('format') ?? 'safetensors', FORMATS, '--format');
    const out = args.string('out');
    const db = openExistingRegistry(home);
    try {
      const { runId } = findRun(db, args.positionals[0] ?? '');
      const { kind, step, folder, files } = await exportRun(
        { db, home, launch: forkEngine() },
        {
          runId,
          checkpoint: args.string('checkpoint') ?? 'latest',
          folder: out === undefined || out === '' ? undefined : resolve(out),
        },
      );
      output.result(
        { runId, checkpoint: kind, step, folder, files },
        [
          `Checkpoint ${kind} of run ${runId}, step ${step}, in ${folder}`,
          table([
            ['file', 'bytes', 'SHA-256'],
            ...files.map(({ name, bytes, sha256 }) => [name, String(bytes), sha256]),
          ]),
        ].join('\n'),
      );
      return EXIT_DONE;
    } finally {
      db.close();
    }
  },
};
