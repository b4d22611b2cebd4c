import type { SuperGlueTaskName } from '../../../../../src-shared/config/superglue-tasks.ts';
import type { ClassificationTask } from '../task.ts';
import { BOOLQ } from './boolq.ts';
import { CB } from './cb.ts';
import { COPA } from './copa.ts';
import { MULTIRC } from './multirc.ts';
import { RECORD } from './record.ts';
import { AX_B, AX_G, RTE } from './rte.ts';
import type { PairTask } from './text-example.ts';
import { WIC } from './wic.ts';
import { WSC } from './wsc.ts';

/** Tasks that put a label on a pair of texts; ReCoRD, which marks spans, is the eighth. */
export const PAIR_TASKS: readonly PairTask[] = [BOOLQ, CB, COPA, MULTIRC, RTE, WIC, WSC];
/** Diagnostics: predicted with the RTE model, never trained on. */
export const DIAGNOSTICS: readonly PairTask[] = [AX_B, AX_G];

const TASKS = new Map<string, ClassificationTask>(
  [...PAIR_TASKS, { ...RECORD, labels: [] }].map((task) => [task.name, task]),
);

/** A task's tokens and labels; none for ReCoRD, whose answers are spans. */
export function superGlueTask(name: SuperGlueTaskName): ClassificationTask {
  const task = TASKS.get(name);
  if (task === undefined) throw new Error(`there is no task ${name}`);
  return task;
}
