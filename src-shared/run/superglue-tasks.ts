/** The eight tasks in the benchmark's order. */
export const SUPERGLUE_TASK_NAMES = ['BoolQ', 'CB', 'COPA', 'MultiRC', 'ReCoRD', 'RTE', 'WiC', 'WSC'] as const;
export type SuperGlueTaskName = (typeof SUPERGLUE_TASK_NAMES)[number];

/** Diagnostics of the benchmark: predicted with the RTE model, never trained on. */
export const DIAGNOSTIC_NAMES = ['AX-b', 'AX-g'] as const;
export type DiagnosticName = (typeof DIAGNOSTIC_NAMES)[number];

/** Learning rates that the report fine-tunes with. */
export const REPORT_LEARNING_RATES = [0.04, 0.01, 0.005] as const;
