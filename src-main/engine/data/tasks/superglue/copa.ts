import { z } from 'zod';
import { SEP_ID, taskTokenId } from '../../special-tokens.ts';
import { pairTask, withLabel } from './text-example.ts';

export const COPA = pairTask({
  name: 'COPA',
  folder: 'COPA',
  taskToken: taskTokenId(4),
  labels: [
    { label: 0, token: SEP_ID },
    { label: 1, token: taskTokenId(4) },
  ],
  row: z.object({
    idx: z.int().min(0),
    premise: z.string(),
    choice1: z.string(),
    choice2: z.string(),
    question: z.enum(['cause', 'effect']),
    label: z.literal([0, 1]).optional(),
  }),
  examples: ({ idx, premise, question, choice1, choice2, label }) => [
    { idx, a: `${premise} ${question}`, b: `0: ${choice1} 1: ${choice2}`, ...withLabel(label) },
  ],
});
