import { textFinetuning, textSmokeSize } from '../../../src-shared/config/presets/text.ts';
import type { FieldValue } from '../../../src-shared/config/field-documentation.ts';
import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import {
  isSuperGlueTask,
  SUPERGLUE_TASK_NAMES,
  type SuperGlueTaskName,
} from '../../../src-shared/config/superglue-tasks.ts';
import type { AnswerBody, RequestInput } from '../../../src-shared/ipc/contract.ts';
import { fieldsOf, readText } from '../new-run/apply-changes.ts';
import { axisValues } from '../new-run/axis.ts';

/** What the form of a new pipeline holds, every value as the text that was typed. */
export interface Draft {
  /** "run": a checkpoint of `from`; "fresh": no pretraining. */
  readonly start: 'run' | 'fresh';
  readonly from: string | undefined;
  readonly checkpoint: string;
  /** "" until one is chosen: the form proposes one. */
  readonly set: string;
  readonly tokenizer: string;
  /** Undefined until one is checked or unchecked: all the set has. */
  readonly tasks: readonly SuperGlueTaskName[] | undefined;
  readonly learningRates: string;
  readonly seeds: string;
  readonly isSmoke: boolean;
  readonly name: string;
  /** Changed fields of the runs, by path. */
  readonly changes: Readonly<Record<string, string>>;
}

export const STANDARD_RATES = '0.04, 0.01, 0.005';
const STANDARD_SEEDS = '0';
const MOST_VALUES = 20;
const LARGEST_RATE = 10;
/** An emptied field: the address keeps no empty values. */
const EMPTY = '""';

export function draftFromQuery(query: ReadonlyMap<string, string>): Draft {
  const read = (key: string, standard: string): string => {
    const text = query.get(key) ?? standard;
    return text === EMPTY ? '' : text;
  };
  const tasks = query.get('tasks');
  const changes = [...query].filter(([key]) => isPath(key));
  return {
    start: query.get('start') === 'fresh' ? 'fresh' : 'run',
    from: query.get('from'),
    checkpoint: read('checkpoint', 'latest'),
    set: read('set', ''),
    tokenizer: read('tokenizer', ''),
    tasks: tasks === undefined ? undefined : tasks.split(',').filter(isSuperGlueTask),
    learningRates: read('rates', STANDARD_RATES),
    seeds: read('seeds', STANDARD_SEEDS),
    isSmoke: query.has('smoke'),
    name: read('name', ''),
    changes: Object.fromEntries(changes.map(([path, text]) => [path, text === EMPTY ? '' : text])),
  };
}

/** What to change in the address for these changes of the draft; "" takes a key out. */
export function queryOfChanges(changes: Partial<Omit<Draft, 'changes'>>): Record<string, string> {
  const typed = (text: string, standard: string): string => (text === standard ? '' : text === '' ? EMPTY : text);
  const writers: { readonly [Key in keyof Omit<Draft, 'changes'>]: (value: Draft[Key]) => [string, string] } = {
    start: (value) => ['start', value === 'fresh' ? 'fresh' : ''],
    from: (value) => ['from', value ?? ''],
    checkpoint: (value) => ['checkpoint', value === 'latest' ? '' : value],
    set: (value) => ['set', value],
    tokenizer: (value) => ['tokenizer', value],
    tasks: (value) => ['tasks', value === undefined ? '' : value.length === 0 ? EMPTY : value.join(',')],
    learningRates: (value) => ['rates', typed(value, STANDARD_RATES)],
    seeds: (value) => ['seeds', typed(value, STANDARD_SEEDS)],
    isSmoke: (value) => ['smoke', value ? '1' : ''],
    name: (value) => ['name', value],
  };
  const entries = (Object.keys(changes) as (keyof typeof writers)[]).map((key) =>
    (writers[key] as (value: unknown) => [string, string])(changes[key]),
  );
  return Object.fromEntries(entries);
}

/** The address' part for one changed field of the runs; null takes the change back. */
export function queryOfField(path: string, text: string | null): Record<string, string> {
  return { [path]: text === null ? '' : text === '' ? EMPTY : text };
}

/** What the group says itself; the main process refuses it as a changed field. */
const SAID_BY_THE_GROUP = ['seed', 'objective', 'optimizer.learningRate', 'data.kind', 'data.tasks', 'data.superglue'];

/** The settings a pipeline's runs begin with, but for what depends on the task. */
export function baseOf(isSmoke: boolean, source: RunConfig | undefined): RunConfig {
  const report = textFinetuning('CB');
  const base = isSmoke ? textSmokeSize(report) : report;
  return source === undefined ? base : { ...base, model: source.model };
}

/** Fields that can be changed for all runs; those of the model only where there are no weights yet. */
export function changeableFields(base: RunConfig, isFresh: boolean): ReturnType<typeof fieldsOf> {
  return fieldsOf(base).filter(
    ({ path }) =>
      !SAID_BY_THE_GROUP.includes(path) &&
      path !== 'data.tokenizer' &&
      path !== 'data.corpus' &&
      (isFresh || !path.startsWith('model.')),
  );
}

export interface FormFacts {
  readonly base: RunConfig;
  /** The set that is trained on; undefined while none is known. */
  readonly set: AnswerBody<'superglue.choices'>['sets'][number] | undefined;
  readonly tokenizers: AnswerBody<'superglue.choices'>['tokenizers'];
}

export interface PreparedRequest {
  /** Undefined while something is wrong. */
  readonly body: RequestInput<'superglue.check'> | undefined;
  /** By field: "from", "tasks", "learningRates", "seeds", "superglue", "data.tokenizer", or the path of a changed field. */
  readonly problems: Readonly<Record<string, string>>;
}

/** The draft as the main process is told of it. */
export function prepareRequest(draft: Draft, { base, set, tokenizers }: FormFacts): PreparedRequest {
  const problems: Record<string, string> = {};
  const tasks = chosenTasks(draft, set);
  if (draft.start === 'run' && draft.from === undefined) problems['from'] = 'Choose a run that was trained on text.';
  if (set === undefined) problems['superglue'] = 'Choose a SuperGLUE set.';
  else if (tasks.length === 0) problems['tasks'] = 'Choose at least one task.';
  const numbers = (path: string, field: string, text: string): number[] => {
    const documented = fieldsOf(base).find((one) => one.path === path);
    const read = documented === undefined ? { values: [] } : axisValues(documented, base, text);
    if ('problem' in read) problems[field] = read.problem;
    else if (read.values.length > MOST_VALUES)
      problems[field] = `Expected at most ${MOST_VALUES}, got ${read.values.length}.`;
    return 'problem' in read ? [] : read.values.map(Number);
  };
  const learningRates = numbers('optimizer.learningRate', 'learningRates', draft.learningRates);
  if (learningRates.some((rate) => rate <= 0 || rate > LARGEST_RATE)) {
    problems['learningRates'] ??= `Expected rates above 0, at most ${LARGEST_RATE}.`;
  }
  const seeds = numbers('seed', 'seeds', draft.seeds);
  const overrides: Record<string, FieldValue> = {};
  for (const [path, text] of Object.entries(draft.changes)) {
    const read = readText(base, path, text);
    if ('problem' in read) problems[path] = read.problem;
    else overrides[path] = read.value;
  }
  if (draft.start === 'fresh' && !draft.isSmoke) {
    const tokenizer = tokenizers.find(({ name }) => name === draft.tokenizer) ?? tokenizers[0];
    if (tokenizer === undefined)
      problems['data.tokenizer'] = 'There is no tokenizer yet: train or import one on the Data page.';
    else {
      overrides['data.tokenizer'] = tokenizer.name;
      overrides['model.vocabularySize'] ??= tokenizer.entries;
    }
  }
  if (Object.keys(problems).length > 0 || set === undefined) return { body: undefined, problems };
  const from =
    draft.start === 'run' && draft.from !== undefined ? { runId: draft.from, checkpoint: draft.checkpoint } : null;
  const name = draft.name.trim();
  return {
    body: {
      from,
      tasks,
      learningRates,
      seeds,
      superglue: set.name,
      overrides,
      isSmoke: draft.isSmoke,
      ...(name === '' ? {} : { name }),
    },
    problems,
  };
}

/** The chosen tasks that the set has, in the benchmark's order. */
export function chosenTasks({ tasks }: Pick<Draft, 'tasks'>, set: FormFacts['set']): SuperGlueTaskName[] {
  const had = set?.tasks.map(({ task }) => task) ?? [];
  return SUPERGLUE_TASK_NAMES.filter((task) => had.includes(task) && (tasks?.includes(task) ?? true));
}

/** Paths of fields have a dot. */
function isPath(key: string): boolean {
  return key.includes('.');
}
