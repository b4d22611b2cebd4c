import { problem, type ConfigProblem } from '../../src-shared/config/config-problem.ts';
import { textFinetuning, textSmokeSize } from '../../src-shared/config/presets/text.ts';
import { RunConfig } from '../../src-shared/config/run-config.ts';
import { SUPERGLUE_TASK_NAMES, type SuperGlueTaskName } from '../../src-shared/config/superglue-tasks.ts';
import { withOverrides } from '../../src-shared/config/with-overrides.ts';
import type { NewPipeline } from '../../src-shared/ipc/contract/superglue.ts';
import { unlikeModel } from '../runs/weights-of.ts';

/** The student to fine-tune. */
export interface PipelineSource {
  /** Null for a file of no known run. */
  readonly runId: string | null;
  /** The run's name, or the file. */
  readonly name: string;
  /** Kind of the checkpoint. */
  readonly checkpoint: string;
  readonly file: string;
  readonly config: RunConfig;
}

/** Examples of a task in the imported set. */
export interface TaskSizes {
  readonly train: number;
  readonly validation: number;
}

export interface PlannedRun {
  readonly task: SuperGlueTaskName;
  readonly learningRate: number;
  readonly seed: number;
  readonly name: string;
  readonly config: RunConfig;
}

/** What a group says itself, and the body's field that says it. */
const SAID_BY_THE_GROUP: Readonly<Record<string, string>> = {
  seed: 'seeds',
  objective: 'tasks',
  'data.kind': 'tasks',
  'data.tasks': 'tasks',
  'data.superglue': 'superglue',
  'optimizer.learningRate': 'learningRates',
};

/**
 * Every fine-tuning of a pipeline at the report's settings (or small ones), with the model, tokenizer and windows of what is
 * fine-tuned: task by task, learning rates within a task, seeds within a learning rate.
 * @param set the imported set's name
 * @param sizes of the tasks that can be trained on
 */
export function planPipeline(
  wanted: Pick<NewPipeline, 'tasks' | 'learningRates' | 'seeds' | 'overrides' | 'isSmoke'>,
  {
    name,
    source,
    set,
    sizes,
  }: {
    readonly name: string;
    readonly source: PipelineSource | null;
    readonly set: string;
    readonly sizes: ReadonlyMap<SuperGlueTaskName, TaskSizes>;
  },
): { readonly runs: PlannedRun[]; readonly problems: ConfigProblem[] } {
  const problems = shapeProblems(wanted, source, sizes);
  if (problems.length > 0) return { runs: [], problems };
  const seen = new Map<string, ConfigProblem>();
  const runs: PlannedRun[] = [];
  for (const task of SUPERGLUE_TASK_NAMES.filter((one) => wanted.tasks.includes(one))) {
    for (const learningRate of wanted.learningRates) {
      for (const seed of wanted.seeds) {
        const base = baseConfig(task, source, set, sizes.get(task)?.train ?? 1, wanted.isSmoke);
        const own = { 'optimizer.learningRate': learningRate, seed };
        const checked = withOverrides(base, { ...wanted.overrides, ...own });
        for (const one of [...checked.problems, ...modelProblems(source, checked.config)]) {
          seen.set(`${one.path} ${one.message}`, one);
        }
        runs.push({
          task,
          learningRate,
          seed,
          name: runName(name, task, learningRate, wanted, seed),
          config: checked.config,
        });
      }
    }
  }
  return { runs, problems: [...seen.values()] };
}

function baseConfig(
  task: SuperGlueTaskName,
  source: PipelineSource | null,
  set: string,
  trainExamples: number,
  isSmoke: boolean,
): RunConfig {
  const report = textFinetuning(task);
  const base = isSmoke ? textSmokeSize(report) : report;
  // The sample's splits may be larger than what a few small steps want of them.
  const epochSize = isSmoke ? Math.min(trainExamples, base.training.epochSize) : trainExamples;
  const from = source?.config.data;
  return RunConfig.parse({
    ...base,
    model: source?.config.model ?? base.model,
    training: {
      ...base.training,
      epochSize,
      evaluateEveryExamples: epochSize,
      checkpointEveryExamples: epochSize,
    },
    data: {
      ...base.data,
      superglue: set,
      corpus: '',
      ...(from?.kind === 'text' ? { tokenizer: from.tokenizer, windowStride: from.windowStride } : {}),
    },
  });
}

/** What is wrong with the group itself, whatever its values. */
function shapeProblems(
  { tasks, learningRates, seeds, overrides }: Pick<NewPipeline, 'tasks' | 'learningRates' | 'seeds' | 'overrides'>,
  source: PipelineSource | null,
  sizes: ReadonlyMap<SuperGlueTaskName, TaskSizes>,
): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (source !== null && source.config.data.kind !== 'text') {
    problems.push(problem('from', 'a run that was trained on text', source.config.data.kind));
  }
  for (const [path, values] of Object.entries({ tasks, learningRates, seeds })) {
    const twice = values.find((value, at) => (values as readonly unknown[]).indexOf(value) < at);
    if (twice !== undefined) problems.push(problem(path, 'each value once', twice));
  }
  for (const path of Object.keys(overrides)) {
    const field = SAID_BY_THE_GROUP[path];
    if (field !== undefined) problems.push(problem(path, `to be left to the group's ${field}`, overrides[path]));
  }
  for (const task of tasks) {
    if (sizes.has(task)) continue;
    const expected = `tasks that the set has to train on and to validate with (${[...sizes.keys()].join(', ') || 'it has none'})`;
    problems.push(problem('tasks', expected, task));
  }
  return problems;
}

/** Changed fields may not make another model of it. */
function modelProblems(source: PipelineSource | null, config: RunConfig): ConfigProblem[] {
  const unlike = source === null ? undefined : unlikeModel(source.config, config);
  if (unlike === undefined) return [];
  return [problem(unlike.path, `${String(unlike.a)}, as the weights to begin with have it`, unlike.b)];
}

/** E.g. "SuperGLUE of mine · CB · lr 0.01 · seed 1". */
function runName(
  name: string,
  task: SuperGlueTaskName,
  learningRate: number,
  { learningRates, seeds }: Pick<NewPipeline, 'learningRates' | 'seeds'>,
  seed: number,
): string {
  const parts: string[] = [task];
  if (learningRates.length > 1) parts.push(`lr ${learningRate}`);
  if (seeds.length > 1) parts.push(`seed ${seed}`);
  const tail = ` · ${parts.join(' · ')}`;
  return `${name.slice(0, 200 - tail.length)}${tail}`;
}
