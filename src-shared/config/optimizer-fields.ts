import { z } from 'zod';
import { field } from './field.ts';

/** AdamW, clipping and the schedule (method section 4); student and teacher use the same settings. */
export const optimizerFields = {
  learningRate: field(z.number().positive().max(100), 0.08, {
    unit: '',
    help: 'Learning rate before the schedule; after a warm-up of W steps the peak is learningRate / sqrt(W).',
  }),
  beta1: field(z.number().min(0).lt(1), 0.9, { unit: '', help: 'Decay of the running mean of gradients (AdamW).' }),
  beta2: field(z.number().min(0).lt(1), 0.98, {
    unit: '',
    help: 'Decay of the running mean of squared gradients (AdamW).',
  }),
  epsilon: field(z.number().positive().max(1), 1e-6, {
    unit: '',
    help: "Added to the root of the squared gradients' mean, so that nothing is divided by zero (AdamW).",
  }),
  weightDecay: field(z.number().min(0).max(10), 0.01, {
    unit: '',
    help: 'Decoupled weight decay of all parameters, multiplied by the learning rate of the step.',
  }),
  maxGradNorm: field(z.number().positive(), 5, {
    unit: '',
    help: 'Gradients with a larger global norm are scaled down to this norm before a step.',
  }),
  warmupSteps: field(z.int().min(0), 1000, {
    unit: 'steps',
    help: 'Optimizer steps W over which the learning rate rises linearly; 0 starts at full rate.',
  }),
  decayPower: field(z.number().min(-10).max(0), -0.5, {
    unit: '',
    help: 'After the warm-up the learning rate is multiplied by step ^ decayPower; 0 keeps it constant.',
  }),
  decayForever: field(z.boolean(), true, {
    unit: '',
    help: 'Leave the power decay as it is (true) or rescale it to reach 0 at the last step (false).',
  }),
};
