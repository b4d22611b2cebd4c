import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../../src-shared/app-error.ts';
import { REPORT_LABELS } from '../../src-shared/config/presets/two-moons.ts';
import type { RunRecord } from '../../src-shared/run/records.ts';
import { isResumable } from '../../src-shared/run/run-status.ts';
import { STUDY_OBJECTIVES } from '../../src-shared/run/two-moons-report.ts';
import { EXECUTOR_NAMES } from '../engine/executors/executor.ts';
import { getCheckpoint } from '../registry/checkpoints.ts';
import type { Registry } from '../registry/open-registry.ts';
import { listRuns } from '../registry/runs.ts';
import { forkEngine } from '../runs/engine-process.ts';
import { Supervisor, type NewRunRequest } from '../runs/supervisor.ts';
import { oneOf, positiveInteger, type Command, type CommandArguments } from './command.ts';
import { EXIT_DONE, EXIT_FAILED, EXIT_STOPPED } from './exit-code.ts';
import { fieldHelp } from './field-help.ts';
import { followRun } from './follow-run.ts';
import { openOrCreateRegistry } from './open-home.ts';
import type { Output } from './output.ts';
import { studyPlan, studyRows, type StudyOptions } from './study-plan.ts';
import { studyTable, studyTableText, type StudyCell } from './study-table.ts';

const DEFAULT_TAG = 'two-moons-study';
/** Checkpoints of a fine-tuning that are tested; the first is the table's unless `--tested` says otherwise. */
const TESTED = ['best-accuracy', 'best-loss', 'latest'] as const;

export const twoMoonsStudyCommand: Command = {
  name: 'two-moons-study',
  usage: '',
  summary: "Pretrains, fine-tunes and tests on Two Moons, and prints the accuracies beside the report's.",
  positionals: 0,
  options: {
    objectives: {
      type: 'string',
      value: 'A,B',
      help: `of ${STUDY_OBJECTIVES.join(', ')} (default: all but hard-denoising)`,
    },
    labels: {
      type: 'string',
      value: 'N,M',
      help: `labeled points to fine-tune with (default: ${REPORT_LABELS.join(',')})`,
    },
    seeds: { type: 'string', value: 'N', help: 'seeds 0 to N-1 (default: 1)' },
    epochs: { type: 'string', value: 'N', help: "epochs of pretraining (default: the report's 20)" },
    set: { type: 'string', value: 'field=value', multiple: true, help: 'changes a field of every run' },
    'pretrain-set': {
      type: 'string',
      value: 'field=value',
      multiple: true,
      help: 'changes a field of the pretraining runs',
    },
    'finetune-set': {
      type: 'string',
      value: 'field=value',
      multiple: true,
      help: 'changes a field of the fine-tuning runs',
    },
    'vary-data': { type: 'boolean', help: 'draw other points for each seed (default: the same points for all)' },
    tested: {
      type: 'string',
      value: 'KIND',
      help: `whose accuracy the table shows: ${TESTED.join(', ')} (default: the first)`,
    },
    executor: { type: 'string', value: 'E', help: `${EXECUTOR_NAMES.join(', ')} or auto` },
    tag: { type: 'string', value: 'TAG', help: `groups the runs (default: ${DEFAULT_TAG})` },
  },
  details: () =>
    'Every part is an ordinary run of the registry. A study that was stopped goes on when it is started again: runs of\n' +
    'the same tag, configuration and weights are used again, interrupted ones are resumed.\n' +
    `--json has the test accuracy of ${TESTED.join(', ')}.\n\n${fieldHelp()}`,
  async run(args, { output, home }) {
    const options = studyOptions(args);
    const plan = studyPlan(options);
    const tag = args.string('tag') ?? DEFAULT_TAG;
    const tested = oneOf(args.string('tested') ?? TESTED[0], TESTED, '--tested');
    const db = openOrCreateRegistry(home);
    const supervisor = new Supervisor({ db, home, launch: forkEngine() });
    const study = new Study(db, supervisor, output, tag);
    const cells = new Map<string, { row: string; labels: number; accuracies: number[] }>();
    const total = plan.reduce((sum, group) => sum + group.finetunings.length + (group.pretraining ? 1 : 0), 0);
    try {
      supervisor.recover();
      let done = 0;
      for (const { seed, pretraining, finetunings, objective } of plan) {
        let parent: RunRecord | undefined;
        if (pretraining !== undefined) {
          output.log(`[${++done}/${total}] ${pretraining.name}`);
          parent = await study.finished(pretraining);
        }
        for (const { row, labels, name, config } of finetunings) {
          output.log(`[${++done}/${total}] ${name}`);
          const from = parent && {
            runId: parent.runId,
            file: checkpointOf(db, parent.runId, row.checkpoint ?? 'latest'),
          };
          const run = await study.finished({ name, config, from });
          const accuracy = Object.fromEntries(TESTED.map((kind) => [kind, run.scores[`test.${kind}.accuracy`] ?? NaN]));
          const cell = cells.get(`${row.label} ${labels}`) ?? { row: row.label, labels, accuracies: [] };
          cells.set(`${row.label} ${labels}`, cell);
          cell.accuracies.push(accuracy[tested] ?? NaN);
          const result = { runId: run.runId, row: row.label, objective, labels, seed, accuracy };
          output.result(result, `${name}: ${(accuracy[tested] ?? NaN).toFixed(1)} % right on the test points`);
        }
      }
      finish(options, [...cells.values()], output);
      return EXIT_DONE;
    } catch (error) {
      if (!(error instanceof StudyEnded)) throw error;
      if (cells.size > 0) finish(options, [...cells.values()], output);
      output.log(error.message);
      return error.exitCode;
    } finally {
      await supervisor.close();
      db.close();
    }
  },
};

function finish(options: StudyOptions, cells: readonly StudyCell[], output: Output): void {
  const rows = studyRows(options.objectives);
  const summary = studyTable(cells);
  const title = "Test accuracy, mean +/- std over seeds (the report's value)";
  output.result({ table: summary }, `\n${title}\n${studyTableText(rows, options.labels, summary)}`);
}

/** A run of the study did not finish, so neither does the study. */
class StudyEnded extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

class Study {
  readonly #db: Registry;
  readonly #supervisor: Supervisor;
  readonly #output: Output;
  readonly #tag: string;

  constructor(db: Registry, supervisor: Supervisor, output: Output, tag: string) {
    this.#db = db;
    this.#supervisor = supervisor;
    this.#output = output;
    this.#tag = tag;
  }

  /** The finished run of this description: found, resumed or made. */
  async finished(wanted: Omit<NewRunRequest, 'tags'>): Promise<RunRecord> {
    const known = listRuns(this.#db).filter(
      ({ tags, config, parentCheckpoint }) =>
        tags.includes(this.#tag) &&
        parentCheckpoint === (wanted.from?.file ?? null) &&
        isDeepStrictEqual(config, wanted.config),
    );
    const done = known.find(({ status }) => status === 'finished');
    if (done !== undefined) {
      this.#output.log(`  already done: ${done.runId}`);
      return done;
    }
    const broken = known.find(({ status }) => isResumable(status));
    const { runId } =
      broken === undefined
        ? this.#supervisor.create({ ...wanted, tags: [this.#tag] })
        : this.#supervisor.resume(broken.runId);
    const run = await followRun(this.#supervisor, runId, this.#output);
    if (run.status === 'finished') return run;
    const message = `Run ${runId} (${run.name}) is ${run.status}${run.error === null ? '.' : `: ${run.error.message}`}`;
    const stopped = run.status === 'stopped';
    throw new StudyEnded(`${message} Start the study again to go on.`, stopped ? EXIT_STOPPED : EXIT_FAILED);
  }
}

function checkpointOf(db: Registry, runId: string, kind: string): string {
  const found = getCheckpoint(db, runId, kind);
  if (found !== undefined) return found.file;
  throw new AppError('checkpoint/invalid', `Run ${runId} has no checkpoint '${kind}' to fine-tune from.`, {
    runId,
    kind,
  });
}

function studyOptions(args: CommandArguments): StudyOptions {
  const executor = args.string('executor');
  const chosen =
    executor === undefined ? [] : [`engine.executor=${oneOf(executor, ['auto', ...EXECUTOR_NAMES], '--executor')}`];
  const objectives = list(args, 'objectives')?.map((name) => oneOf(name, STUDY_OBJECTIVES, '--objectives'));
  const labels = list(args, 'labels')?.map(Number);
  if (labels?.some((count) => !Number.isSafeInteger(count) || count < 2) === true) {
    throw new AppError(
      'input/invalid',
      `--labels takes whole numbers from 2 on, got '${args.string('labels') ?? ''}'.`,
    );
  }
  return {
    objectives: objectives ?? STUDY_OBJECTIVES.filter((name) => name !== 'hard-denoising'),
    labels: labels ?? REPORT_LABELS,
    seeds: positiveInteger(args, 'seeds', 1),
    epochs: args.string('epochs') === undefined ? undefined : positiveInteger(args, 'epochs', 1),
    settings: [...args.strings('set'), ...chosen],
    pretrainingSettings: args.strings('pretrain-set'),
    finetuningSettings: args.strings('finetune-set'),
    varyData: args.flag('vary-data'),
  };
}

/** Comma-separated words without repetitions. */
function list(args: CommandArguments, name: string): string[] | undefined {
  const text = args.string(name);
  if (text === undefined) return undefined;
  const words = [...new Set(text.split(',').map((word) => word.trim()))].filter((word) => word !== '');
  if (words.length > 0) return words;
  throw new AppError('input/invalid', `--${name} is empty; name at least one.`);
}
