import { AppError } from '../../../../src-shared/app-error.ts';
import { SET_TASKS, type SetTask } from './set-tasks.ts';
import type { SourceFile } from './superglue-source.ts';
import { DISK_SPLITS, splitFile, type DiskSplit } from './superglue-files.ts';

/** A task's splits in a source. */
export interface TaskFiles {
  readonly task: SetTask;
  readonly splits: ReadonlyMap<DiskSplit, SourceFile>;
}

export interface FoundTasks {
  /** In the benchmark's order; each has a split at least. */
  readonly tasks: readonly TaskFiles[];
  /** Files that are no split of a task. */
  readonly ignored: readonly SourceFile[];
}

/**
 * Which files are which splits, by folder and name.
 * @throws AppError file/invalid where two files are the same split, or none is any
 */
export function findSplits(files: readonly SourceFile[], source: string): FoundTasks {
  const found = new Map<SetTask, Map<DiskSplit, SourceFile>>();
  const ignored: SourceFile[] = [];
  for (const file of files) {
    const [name = '', folder = ''] = file.path.split('/').reverse();
    const task = SET_TASKS.find((one) => one.name.toLowerCase() === folder.toLowerCase());
    const split = task && splitOf(task, name);
    if (task === undefined || split === undefined) {
      ignored.push(file);
      continue;
    }
    const splits = found.get(task) ?? new Map<DiskSplit, SourceFile>();
    const other = splits.get(split);
    if (other !== undefined) {
      throw new AppError(
        'file/invalid',
        `Both ${other.name} and ${file.name} are ${task.name}'s ${splitFile(split)}; name the folder of one of them.`,
        { source, task: task.name, split },
      );
    }
    found.set(task, splits.set(split, file));
  }
  if (found.size === 0) {
    const names = SET_TASKS.map(({ name }) => name).join(', ');
    throw new AppError(
      'file/invalid',
      `${source} holds no SuperGLUE task: expected folders ${names} with train.jsonl, val.jsonl and test.jsonl, ` +
        `got ${listed(ignored)}.`,
      { source },
    );
  }
  const tasks = SET_TASKS.flatMap((task) => {
    const splits = found.get(task);
    if (splits === undefined) return [];
    return [{ task, splits: new Map([...splits].sort(([a], [b]) => DISK_SPLITS.indexOf(a) - DISK_SPLITS.indexOf(b))) }];
  });
  return { tasks, ignored };
}

/** A diagnostic's only file has the task's name. */
function splitOf(task: SetTask, name: string): DiskSplit | undefined {
  if (task.isDiagnostic) return name === `${task.name}.jsonl` || name === splitFile('test') ? 'test' : undefined;
  return DISK_SPLITS.find((split) => splitFile(split) === name.toLowerCase());
}

/** Splits that a task lacks. */
export function missingSplits({ task, splits }: TaskFiles): DiskSplit[] {
  return DISK_SPLITS.filter((split) => !splits.has(split) && !(task.isDiagnostic && split !== 'test'));
}

/** A task that can neither be trained nor evaluated is most likely not what was meant. */
export function requireWholeTasks({ tasks, ignored }: FoundTasks, source: string): void {
  const missing = tasks.flatMap((files) =>
    missingSplits(files).map((split) => `${files.task.name}/${splitFile(split)}`),
  );
  if (missing.length === 0) return;
  const others = ignored.length === 0 ? '' : ` Not taken for a split: ${listed(ignored)}.`;
  throw new AppError(
    'file/invalid',
    `${source} lacks ${missing.join(', ')}.${others} Add what is missing, or import what is there all the same (--partial).`,
    { source, missing },
  );
}

/** Paths for a message, the first few of many. */
export function listed(files: readonly SourceFile[]): string {
  const shown = files.slice(0, 8).map(({ path }) => path);
  if (files.length > shown.length) shown.push(`${files.length - shown.length} more`);
  return shown.length === 0 ? 'no jsonl file' : shown.join(', ');
}
