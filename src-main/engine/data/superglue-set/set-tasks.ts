import type { z } from 'zod';
import { SUPERGLUE_TRAIN_EXAMPLES } from '../../../../src-shared/config/superglue-tasks.ts';
import type { MultiRcRow } from '../tasks/superglue/multirc.ts';
import { RECORD, RecordRow } from '../tasks/superglue/record.ts';
import { DIAGNOSTICS, PAIR_TASKS } from '../tasks/superglue/tasks.ts';
import type { PairTask } from '../tasks/superglue/text-example.ts';
import type { WicRow } from '../tasks/superglue/wic.ts';
import type { WscRow } from '../tasks/superglue/wsc.ts';
import { multiRcFacts, recordFacts, simpleFacts, wicFacts, wscFacts, type RowFacts } from './row-facts.ts';
import type { DiskSplit } from './superglue-files.ts';

/** A task as a set holds it. */
export interface SetTask {
  /** Also its folder. */
  readonly name: string;
  /** One line. */
  readonly row: z.ZodType;
  /** The pair task; absent for ReCoRD, whose answers are spans. */
  readonly pair?: PairTask;
  /** A diagnostic has a test split alone, which may have labels. */
  readonly isDiagnostic: boolean;
  /** Examples of the official splits. */
  readonly official: Readonly<Partial<Record<DiskSplit, number>>>;
  /** Of a row that `row` accepts. */
  facts(row: unknown): RowFacts;
}

const OFFICIAL: Readonly<Record<string, readonly [val: number, test: number]>> = {
  BoolQ: [3270, 3245],
  CB: [56, 250],
  COPA: [100, 500],
  MultiRC: [4848, 9693],
  ReCoRD: [10_000, 10_000],
  RTE: [277, 3000],
  WiC: [638, 1400],
  WSC: [104, 146],
};
const OFFICIAL_TRAIN: Readonly<Record<string, number>> = SUPERGLUE_TRAIN_EXAMPLES;
const OFFICIAL_DIAGNOSTICS: Readonly<Record<string, number>> = { 'AX-b': 1104, 'AX-g': 356 };

const FACTS: Readonly<Record<string, (row: unknown) => RowFacts>> = {
  MultiRC: (row) => multiRcFacts(row as MultiRcRow),
  ReCoRD: (row) => recordFacts(row as RecordRow),
  WiC: (row) => wicFacts(row as WicRow),
  WSC: (row) => wscFacts(row as WscRow),
};

function setTask(name: string, row: z.ZodType, pair?: PairTask): SetTask {
  const [train, [val, test] = []] = [OFFICIAL_TRAIN[name], OFFICIAL[name]];
  const diagnostic = OFFICIAL_DIAGNOSTICS[name];
  return {
    name,
    row,
    ...(pair && { pair }),
    isDiagnostic: diagnostic !== undefined,
    official: {
      ...(train !== undefined && { train }),
      ...(val !== undefined && { val }),
      ...((test ?? diagnostic) !== undefined && { test: test ?? diagnostic }),
    },
    facts: FACTS[name] ?? ((value) => simpleFacts(value as { idx: number })),
  };
}

/** Every task that a set may hold, in the benchmark's order; the diagnostics last. */
export const SET_TASKS: readonly SetTask[] = [...PAIR_TASKS, ...DIAGNOSTICS]
  .map((pair) => setTask(pair.folder, pair.row, pair))
  .concat(setTask(RECORD.folder, RecordRow))
  .sort((a, b) => place(a) - place(b));

function place({ name }: SetTask): number {
  const at = Object.keys(OFFICIAL).indexOf(name);
  return at < 0 ? Number.MAX_SAFE_INTEGER : at;
}

export function findSetTask(name: string): SetTask | undefined {
  return SET_TASKS.find((task) => task.name === name);
}
