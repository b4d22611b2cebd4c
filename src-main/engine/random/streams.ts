/**
 * The named streams of random numbers. A number's meaning never changes: a run's draws are a function of
 * (seed, stream, step, index), so reusing or renumbering a stream would change runs that can still be resumed.
 */
export const RANDOM_STREAMS = {
  init: 1,
  dropout: 2,
  teacherSample: 3,
  /** order of a train split in one epoch (step = epoch) */
  batchOrder: 4,
  /** unlabeled draws of a micro-batch (step = micro-batch) */
  unlabeled: 5,
  /** labeled task of a group of draws (step = group) */
  task: 6,
  /** support and query examples (step = micro-batch) */
  labeledExample: 7,
  /** which window of a long example (step = micro-batch) */
  window: 8,
  mlmMask: 9,
  mlmMaskLabeled: 10,
  mlmMaskEvaluation: 11,
  /** fixed shuffle of a validation split */
  validationOrder: 12,
  randomText: 13,
  // 14 was drawn anew at every step; a number is never used again.
  /** samples shown of what a teacher writes for the probe texts (seed and step always the same; step = part of the probe) */
  teacherProbe: 15,
  /** articles of a corpus that are held out (seed = the corpus's, step always the same) */
  heldOut: 16,
  twoMoonsTrain: 20,
  twoMoonsValidation: 21,
  twoMoonsTest: 22,
  twoMoonsLabeledTrain: 23,
  twoMoonsLabeledValidation: 24,
} as const;

export type RandomStream = keyof typeof RANDOM_STREAMS;
