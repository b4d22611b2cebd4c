import { z } from 'zod';
import { MASK_ID, SEP_ID, taskTokenId } from '../../special-tokens.ts';
import { pairTask, withLabel } from './text-example.ts';

/** Its positive label's token is `[CLS4]`, not its own: as the reference has it, for interchange. */
export const CB = pairTask({
  name: 'CB',
  folder: 'CB',
  taskToken: taskTokenId(3),
  labels: [
    { label: 'contradiction', token: SEP_ID },
    { label: 'entailment', token: taskTokenId(4) },
    { label: 'neutral', token: MASK_ID },
  ],
  row: z.object({
    idx: z.int().min(0),
    premise: z.string(),
    hypothesis: z.string(),
    label: z.enum(['contradiction', 'entailment', 'neutral']).optional(),
  }),
  examples: ({ idx, premise, hypothesis, label }) => [{ idx, a: hypothesis, b: premise, ...withLabel(label) }],
});
