import { z } from 'zod';
import { field } from './field.ts';

/** How much is trained on, in which portions, and how often progress is measured and saved. */
export const trainingFields = {
  batchSize: field(z.int().min(1).max(65_536), 4, { unit: 'examples', help: 'Examples N of one micro-batch.' }),
  samplesPerTask: field(z.int().min(1).max(65_536), 4, {
    unit: 'examples',
    help: 'Consecutive draws that share one labeled task.',
  }),
  accumulation: field(z.int().min(1).max(4096), 4, {
    unit: 'micro-batches',
    help: 'Micro-batches G whose gradients are added up for one optimizer step.',
  }),
  epochSize: field(z.int().min(1), 32_000, {
    unit: 'examples',
    help: 'Examples drawn per epoch; for fine-tuning the size of the training split.',
  }),
  epochs: field(z.int().min(1), 20, {
    unit: 'epochs',
    help: 'Epochs; training ends after epochs x epochSize examples.',
  }),
  shuffle: field(z.boolean(), true, {
    unit: '',
    help: 'Fine-tuning draws its training split in a new order each epoch; false reproduces the reference.',
  }),
  maskProbability: field(z.number().gt(0).lt(1), 0.15, {
    unit: 'probability',
    help: 'Share of a text chosen for masked language modeling; at least one position per text.',
  }),
  logEverySteps: field(z.int().min(1), 10, {
    unit: 'steps',
    help: 'Optimizer steps from one logged point to the next.',
  }),
  evaluateEveryExamples: field(z.int().min(1), 32_000, {
    unit: 'examples',
    help: 'Examples trained on from one evaluation on the validation split to the next.',
  }),
  checkpointEveryExamples: field(z.int().min(1), 32_000, {
    unit: 'examples',
    help: 'Examples trained on from one saving of the latest checkpoint to the next.',
  }),
  keepCheckpointEveryExamples: field(z.int().min(0), 0, {
    unit: 'examples',
    help: 'A checkpoint that stays is saved this often, beside the latest and the best ones; 0 never.',
  }),
  feedbackEveryExamples: field(z.int().min(0), 3200, {
    unit: 'examples',
    help: 'MLM measures the feedback h, for information only, this often; 0 never.',
  }),
  teacherExamplesEveryExamples: field(z.int().min(0), 3200, {
    unit: 'examples',
    help: 'What the teacher writes is kept for viewing this often; 0 never.',
  }),
  validationSize: field(z.int().min(1), 1000, {
    unit: 'examples',
    help: 'At most this many examples of the validation split are evaluated (a fixed choice).',
  }),
};
