import { resolve } from 'node:path';
import { AppError } from '../../src-shared/app-error.ts';
import type { Registry } from '../registry/open-registry.ts';
import { forkEngine } from '../runs/engine-process.ts';
import { importRun } from '../runs/import-run.ts';
import type { Command } from './command.ts';
import { EXIT_DONE } from './exit-code.ts';
import { openOrCreateRegistry } from './open-home.ts';

export const importCommand: Command = {
  name: 'import',
  usage: 'DIR',
  summary: 'Takes an exported folder in as a run that others start from.',
  positionals: 1,
  options: { name: { type: 'string', value: 'NAME', help: "how it is listed (default: the exported run's name)" } },
  details: () =>
    'Checked before anything is written: SHA256SUMS where the folder has it, config.json, names and shapes of every\n' +
    'tensor, and that the tokenizer is the one this program uses. Start from it: metalmo run --preset P --from RUN',
  async run(args, { output, home }) {
    const name = args.string('name')?.trim();
    if (name === '') throw new AppError('input/invalid', '--name is empty; give the run a name or leave it out.');
    let db: Registry | undefined;
    const openDb = (): Registry => (db ??= openOrCreateRegistry(home));
    try {
      const options = { home, launch: forkEngine(), openDb, nowMs: Date.now() };
      const run = await importRun(options, resolve(args.positionals[0] ?? ''), name);
      output.result(
        { runId: run.runId, name: run.name, objective: run.objective, step: run.progress?.step ?? 0 },
        `Run ${run.runId} (${run.name}), ${run.objective}, stands for these weights. ` +
          `Start from it: metalmo run --preset PRESET --from ${run.runId}`,
      );
      return EXIT_DONE;
    } finally {
      db?.close();
    }
  },
};
