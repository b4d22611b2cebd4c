import { z } from 'zod';
import { field } from './field.ts';

/** Meta-pretraining by hard or soft labels (method sections 4.2 to 4.4). */
export const metaFields = {
  innerLearningRate: field(z.number().positive().max(100), 0.1, {
    unit: '',
    help: 'Learning rate of the plain SGD step on the support batch.',
  }),
  innerSteps: field(z.int().min(1).max(16), 1, {
    unit: 'steps',
    help: 'SGD steps on the support batch before the query loss is taken; the report uses 1.',
  }),
  metaWeight: field(z.number().min(0).max(1e6), 1, {
    unit: '',
    help: "Weight of the meta loss in the teacher's objective; the report: hard 1, soft 100 (Two Moons), 10 (text).",
  }),
  denoising: field(z.boolean(), false, {
    unit: '',
    help: 'The teacher writes the input only; the target stays the unlabeled text ("fixed y"). Hard and soft only.',
  }),
  mlmAsTask: field(z.boolean(), false, {
    unit: '',
    help: 'Masked language modeling is one more labeled task, drawn half of the time; the report: soft yes, hard no.',
  }),
  supportQueryMask: field(z.enum(['input', 'target']), 'target', {
    unit: '',
    help: 'Support and query losses ignore positions where this is padding; "input" reproduces the report.',
  }),
  samplingTemperature: field(z.number().positive().max(100), 1, {
    unit: '',
    help: "Hard labels are drawn from softmax(scores / temperature) of the teacher's scores.",
  }),
};
