import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AppError } from '../../src-shared/app-error.ts';
import { SPLITS } from '../../src-shared/ipc/engine-protocol.ts';
import type { CheckpointRecord, RunRecord } from '../../src-shared/run/records.ts';
import { listCheckpoints } from '../registry/checkpoints.ts';
import { findRun } from '../registry/runs.ts';
import { forkEngine } from '../runs/engine-process.ts';
import { predictInEngine } from '../runs/predict-in-engine.ts';
import { dataDirectory } from '../runs/run-files.ts';
import { oneOf, required, type Command } from './command.ts';
import { EXIT_DONE } from './exit-code.ts';
import { openExistingRegistry } from './open-home.ts';

/** In this order where no checkpoint is named. */
const PREFERRED_KINDS = ['best-accuracy', 'best-loss', 'latest'];

export const predictCommand: Command = {
  name: 'predict',
  usage: 'RUN',
  summary: 'Predicts a split with a fine-tuned run and writes one {"idx": ..., "label": ...} per line.',
  positionals: 1,
  options: {
    split: { type: 'string', value: 'S', help: SPLITS.join(', ') },
    out: { type: 'string', value: 'FILE', help: 'where the lines go; replaced where it exists' },
    checkpoint: {
      type: 'string',
      value: 'KIND',
      help: `latest or best-<metric> (default: the first of ${PREFERRED_KINDS.join(', ')})`,
    },
  },
  async run(args, { output, home }) {
    const split = oneOf(required(args, 'split', 'predict'), SPLITS, '--split');
    const outFile = resolve(required(args, 'out', 'predict'));
    if (!existsSync(dirname(outFile))) {
      throw new AppError(
        'file/not-found',
        `The folder ${dirname(outFile)} of --out does not exist. Make it, or name another file.`,
      );
    }
    const db = openExistingRegistry(home);
    try {
      const run = findRun(db, args.positionals[0] ?? '');
      if (run.config.objective !== 'finetune') {
        throw new AppError(
          'input/invalid',
          `Run ${run.runId} is a pretraining run (${run.config.objective}); only fine-tuned runs predict labels. ` +
            `Fine-tune it first: metalmo run --preset two-moons-finetune --from ${run.runId}`,
        );
      }
      const { kind, file } = choose(run, listCheckpoints(db, run.runId), args.string('checkpoint'));
      const result = await predictInEngine(forkEngine(), {
        config: run.config,
        dataDirectory: dataDirectory(home),
        checkpointFile: file,
        split,
        outFile,
      });
      output.result(
        { runId: run.runId, checkpoint: kind, split, ...result },
        `${result.lines} predictions of the ${split} split in ${result.file} (checkpoint ${kind}${scoreText(result.scores)})`,
      );
      return EXIT_DONE;
    } finally {
      db.close();
    }
  },
};

function choose(run: RunRecord, checkpoints: readonly CheckpointRecord[], named: string | undefined): CheckpointRecord {
  const wanted = named === undefined ? PREFERRED_KINDS : [named];
  for (const kind of wanted) {
    const found = checkpoints.find((checkpoint) => checkpoint.kind === kind);
    if (found !== undefined) return found;
  }
  const kinds = checkpoints.map(({ kind }) => kind).join(', ');
  const has = kinds === '' ? 'it has none yet' : `it has ${kinds}`;
  throw new AppError('input/invalid', `Run ${run.runId} has no checkpoint ${named ?? ''}: ${has}.`, {
    runId: run.runId,
  });
}

function scoreText(scores: Readonly<Record<string, number>>): string {
  const accuracy = scores['accuracy'];
  return accuracy === undefined ? '' : `, accuracy ${accuracy.toFixed(2)}`;
}
