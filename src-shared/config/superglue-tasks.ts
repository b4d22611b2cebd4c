/** The eight tasks of SuperGLUE by name, in the benchmark's order. */
export const SUPERGLUE_TASK_NAMES = ['BoolQ', 'CB', 'COPA', 'MultiRC', 'ReCoRD', 'RTE', 'WiC', 'WSC'] as const;
export type SuperGlueTaskName = (typeof SUPERGLUE_TASK_NAMES)[number];

/** Diagnostics of the benchmark: predicted with the RTE model, never trained on. */
export const DIAGNOSTIC_NAMES = ['AX-b', 'AX-g'] as const;
export type DiagnosticName = (typeof DIAGNOSTIC_NAMES)[number];

/** Examples of the official training splits (MultiRC: answers, ReCoRD: queries). */
export const SUPERGLUE_TRAIN_EXAMPLES: Readonly<Record<SuperGlueTaskName, number>> = {
  BoolQ: 9427,
  CB: 250,
  COPA: 400,
  MultiRC: 27_243,
  ReCoRD: 100_730,
  RTE: 2490,
  WiC: 5428,
  WSC: 554,
};

export function isSuperGlueTask(name: string): name is SuperGlueTaskName {
  return (SUPERGLUE_TASK_NAMES as readonly string[]).includes(name);
}

/** The tasks that a text names ("all", or names with commas between them), each once; undefined where it names none. */
export function selectedTasks(selection: string): readonly SuperGlueTaskName[] | undefined {
  if (selection.trim() === 'all') return SUPERGLUE_TASK_NAMES;
  const names = selection.split(',').map((name) => name.trim());
  if (names.length === 0 || !names.every(isSuperGlueTask)) return undefined;
  return SUPERGLUE_TASK_NAMES.filter((name) => names.includes(name));
}

export function isTaskSelection(selection: string): boolean {
  return selectedTasks(selection) !== undefined;
}
