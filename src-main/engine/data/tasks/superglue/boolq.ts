import { z } from 'zod';
import { SEP_ID, taskTokenId } from '../../special-tokens.ts';
import { pairTask, withLabel } from './text-example.ts';

export const BOOLQ = pairTask({
  name: 'BoolQ',
  folder: 'BoolQ',
  taskToken: taskTokenId(2),
  labels: [
    { label: false, token: SEP_ID },
    { label: true, token: taskTokenId(2) },
  ],
  row: z.object({ idx: z.int().min(0), question: z.string(), passage: z.string(), label: z.boolean().optional() }),
  examples: ({ idx, question, passage, label }) => [{ idx, a: question, b: passage, ...withLabel(label) }],
});
