import { AppError } from '../../src-shared/app-error.ts';
import { REPORT_FINETUNE_RATES } from '../../src-shared/config/presets/text.ts';
import {
  selectedTasks,
  SUPERGLUE_TASK_NAMES,
  type SuperGlueTaskName,
} from '../../src-shared/config/superglue-tasks.ts';
import { EXECUTOR_NAMES } from '../engine/executors/executor.ts';
import type { PipelineRequest } from '../superglue/check.ts';
import { oneOf, positiveInteger, required, type CommandArguments, type OptionSpecs } from './command.ts';
import { resolveSource } from './resolve-weights.ts';

/** `--from` for a model that was never trained. */
const FRESH = 'fresh';

export const SUPERGLUE_OPTIONS: OptionSpecs = {
  from: {
    type: 'string',
    value: 'RUN|CHECKPOINT_FILE',
    help: `the student to fine-tune, of a run's latest checkpoint or of a file; "${FRESH}": an untrained one`,
  },
  tasks: { type: 'string', value: 'A,B', help: `of ${SUPERGLUE_TASK_NAMES.join(', ')}, or all` },
  lr: {
    type: 'string',
    value: 'R,S',
    help: `learning rates that are tried on every task (default: the report's ${REPORT_FINETUNE_RATES.join(',')})`,
  },
  seeds: { type: 'string', value: 'N', help: 'seeds 0 to N-1 of every one (default: 1)' },
  epochs: { type: 'string', value: 'N', help: "epochs of every fine-tuning (default: the report's 20)" },
  set: { type: 'string', value: 'path.to.field=value', multiple: true, help: 'changes a field of every run' },
  superglue: { type: 'string', value: 'NAME', help: "imported set to train on (default: the source run's)" },
  smoke: { type: 'boolean', help: 'a few small steps per run, to see that it works' },
  executor: { type: 'string', value: 'E', help: `${EXECUTOR_NAMES.join(', ')} or auto` },
  name: { type: 'string', value: 'NAME', help: 'how the group is listed' },
};

/** @throws AppError input/invalid, and what a checkpoint that can't be used gives */
export async function pipelineRequest(args: CommandArguments, home: string): Promise<PipelineRequest> {
  const from = required(args, 'from', 'superglue');
  const tasks = tasksOf(required(args, 'tasks', 'superglue'));
  const name = args.string('name')?.trim();
  if (name === '') throw new AppError('input/invalid', '--name is empty; give the group a name or leave it out.');
  const executor = args.string('executor');
  const epochs = args.string('epochs') === undefined ? undefined : positiveInteger(args, 'epochs', 1);
  const seeds = positiveInteger(args, 'seeds', 1);
  return {
    tasks,
    learningRates: learningRates(args.string('lr')),
    seeds: Array.from({ length: seeds }, (_, seed) => seed),
    superglue: args.string('superglue'),
    overrides: {
      ...Object.fromEntries(args.strings('set').map(setting)),
      ...(epochs === undefined ? {} : { 'training.epochs': epochs }),
      ...(executor === undefined
        ? {}
        : { 'engine.executor': oneOf(executor, ['auto', ...EXECUTOR_NAMES], '--executor') }),
    },
    isSmoke: args.flag('smoke'),
    name: name?.slice(0, 200),
    source: from === FRESH ? null : await resolveSource(from, home),
  };
}

function tasksOf(text: string): SuperGlueTaskName[] {
  const tasks = selectedTasks(text);
  if (tasks !== undefined) return [...tasks];
  throw new AppError(
    'input/invalid',
    `--tasks takes all, or tasks with commas between them (${SUPERGLUE_TASK_NAMES.join(', ')}); got '${text}'.`,
  );
}

function learningRates(text: string | undefined): number[] {
  if (text === undefined) return [...REPORT_FINETUNE_RATES];
  const rates = text.split(',').map((word) => (word.trim() === '' ? NaN : Number(word)));
  const isRight = rates.every((rate) => rate > 0 && rate <= 10) && new Set(rates).size === rates.length;
  if (isRight) return rates;
  throw new AppError('input/invalid', `--lr takes different numbers above 0 with commas between them, got '${text}'.`);
}

function setting(text: string): [path: string, value: string] {
  const equals = text.indexOf('=');
  if (equals >= 1) return [text.slice(0, equals).trim(), text.slice(equals + 1)];
  throw new AppError('input/invalid', `--set takes path.to.field=value, got '${text}'.`);
}
