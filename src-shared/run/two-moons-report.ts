/** What a student can be pretrained with before it is fine-tuned; `none` is the untrained student. */
export const STUDY_OBJECTIVES = ['none', 'mlm', 'hard', 'soft', 'soft-denoising', 'hard-denoising'] as const;
export type StudyObjective = (typeof STUDY_OBJECTIVES)[number];

/** A row of the report's table: which checkpoint of which pretraining is fine-tuned. */
export interface StudyRow {
  readonly label: string;
  readonly objective: StudyObjective;
  /** Kind of the pretraining's checkpoint; undefined without pretraining. */
  readonly checkpoint: string | undefined;
}

/** In the order of the report; the rows it has no values for come first and last. */
export const STUDY_ROWS: readonly StudyRow[] = [
  { label: 'no pretraining', objective: 'none', checkpoint: undefined },
  { label: 'MLM (latest)', objective: 'mlm', checkpoint: 'latest' },
  { label: 'MLM (best loss)', objective: 'mlm', checkpoint: 'best-loss' },
  { label: 'hard', objective: 'hard', checkpoint: 'latest' },
  { label: 'soft', objective: 'soft', checkpoint: 'latest' },
  { label: 'soft, fixed y', objective: 'soft-denoising', checkpoint: 'latest' },
  { label: 'hard, fixed y', objective: 'hard-denoising', checkpoint: 'latest' },
];

/** Test accuracy of the report (section 7 of the method), one seed, by row and number of labels. */
const REPORT: Readonly<Record<string, Readonly<Record<number, number>>>> = {
  'MLM (latest)': { 10: 61.4, 20: 76.6, 40: 82.4, 80: 85.3, 160: 92.3 },
  'MLM (best loss)': { 10: 73.4, 20: 81.2, 40: 82.8, 80: 83.5, 160: 88.9 },
  hard: { 10: 60.6, 20: 62.9, 40: 74.8, 80: 86.0, 160: 90.5 },
  soft: { 10: 56.3, 20: 74.6, 40: 71.0, 80: 86.2, 160: 93.2 },
  'soft, fixed y': { 10: 75.1, 160: 94.0 },
};

/** The report's test accuracy x100; null where it has none. */
export function reportAccuracy(row: string, labels: number): number | null {
  return REPORT[row]?.[labels] ?? null;
}

/** Mean and sample standard deviation over seeds; no deviation of a single one. */
export function meanAndStd(values: readonly number[]): { readonly mean: number; readonly std: number | null } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, std: values.length < 2 ? null : Math.sqrt(squares / (values.length - 1)) };
}
