import { z } from 'zod';
import { insertAt } from '../../code-points.ts';
import { SEP_ID, taskTokenId } from '../../special-tokens.ts';
import { pairTask, withLabel } from './text-example.ts';

const Offset = z.int().min(0);

export const WicRow = z.object({
  idx: z.int().min(0),
  word: z.string(),
  sentence1: z.string(),
  sentence2: z.string(),
  start1: Offset,
  end1: Offset,
  start2: Offset,
  end2: Offset,
  label: z.boolean().optional(),
});
export type WicRow = z.infer<typeof WicRow>;

/** The word's occurrence in each sentence, [start, end) in code points, is wrapped in `*`. */
export const WIC = pairTask({
  name: 'WiC',
  folder: 'WiC',
  taskToken: taskTokenId(8),
  labels: [
    { label: false, token: SEP_ID },
    { label: true, token: taskTokenId(8) },
  ],
  row: WicRow,
  examples: ({ idx, sentence1, sentence2, start1, end1, start2, end2, label }) => [
    {
      idx,
      a: insertAt(sentence1, [start1, end1], '*'),
      b: insertAt(sentence2, [start2, end2], '*'),
      ...withLabel(label),
    },
  ],
});
