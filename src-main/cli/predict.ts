import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AppError } from '../../src-shared/app-error.ts';
import { DIAGNOSTIC_NAMES } from '../../src-shared/config/superglue-tasks.ts';
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
const PREFERRED_KINDS = ['best-Overall', 'best-accuracy', 'best-loss', 'latest'];

export const predictCommand: Command = {
  name: 'predict',
  usage: 'RUN',
  summary:
    'Predicts a split with a fine-tuned run and writes it as the benchmark takes it, {"idx": ..., "label": ...} per line.',
  positionals: 1,
  options: {
    split: { type: 'string', value: 'S', help: SPLITS.join(', ') },
    task: {
      type: 'string',
      value: 'T',
      help: `what to predict: the run's own task (default); of RTE also ${DIAGNOSTIC_NAMES.join(' and ')}`,
    },
    out: { type: 'string', value: 'FILE', help: 'where the lines go; replaced where it exists' },
    details: {
      type: 'string',
      value: 'FILE',
      help: 'also one JSON object per example with its inputs, target, prediction and scores by label',
    },
    checkpoint: {
      type: 'string',
      value: 'KIND',
      help: `latest or best-<metric> (default: the first of ${PREFERRED_KINDS.join(', ')})`,
    },
  },
  async run(args, { output, home }) {
    const split = oneOf(required(args, 'split', 'predict'), SPLITS, '--split');
    const outFile = fileIn('out', required(args, 'out', 'predict'));
    const details = args.string('details');
    const detailsFile = details === undefined ? undefined : fileIn('details', details);
    if (detailsFile === outFile) throw new AppError('input/invalid', '--out and --details name the same file.');
    const task = args.string('task');
    const db = openExistingRegistry(home);
    try {
      const run = findRun(db, args.positionals[0] ?? '');
      if (run.config.objective !== 'finetune') {
        throw new AppError(
          'input/invalid',
          `Run ${run.runId} is a pretraining run (${run.config.objective}); only fine-tuned runs predict labels. ` +
            `Fine-tune it first: metalmo run --preset ${tuningPreset(run)} --from ${run.runId}`,
        );
      }
      const { kind, file } = choose(run, listCheckpoints(db, run.runId), args.string('checkpoint'));
      const result = await predictInEngine(forkEngine(), {
        config: run.config,
        dataDirectory: dataDirectory(home),
        checkpointFile: file,
        ...(task !== undefined && { task }),
        split,
        outFile,
        ...(detailsFile !== undefined && { detailsFile }),
      });
      output.result(
        { runId: run.runId, checkpoint: kind, split, ...result, ...(detailsFile !== undefined && { detailsFile }) },
        `${result.lines} lines of the ${split} split in ${result.file} (checkpoint ${kind}${scoreText(result.scores)})`,
      );
      return EXIT_DONE;
    } finally {
      db.close();
    }
  },
};

/** A preset that a pretrained run's students can be fine-tuned with, as an example. */
function tuningPreset({ config }: RunRecord): string {
  return config.data.kind === 'text' ? 'text-finetune-rte' : 'two-moons-finetune';
}

/** @throws AppError file/not-found where there is no folder for it */
function fileIn(option: string, name: string): string {
  const file = resolve(name);
  if (existsSync(dirname(file))) return file;
  throw new AppError(
    'file/not-found',
    `The folder ${dirname(file)} of --${option} does not exist. Make it, or name another file.`,
  );
}

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
  return Object.entries(scores)
    .map(([name, score]) => `, ${name} ${score.toFixed(2)}`)
    .join('');
}
