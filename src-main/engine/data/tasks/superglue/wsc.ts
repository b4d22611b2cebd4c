import { z } from 'zod';
import { insertAt } from '../../code-points.ts';
import { SEP_ID, taskTokenId } from '../../special-tokens.ts';
import { pairTask, withLabel } from './text-example.ts';
import { wscSpan } from './wsc-span.ts';

export const WscRow = z.object({
  idx: z.int().min(0),
  text: z.string(),
  target: z.object({
    span1_index: z.int().min(0),
    span1_text: z.string(),
    span2_index: z.int().min(0),
    span2_text: z.string(),
  }),
  label: z.boolean().optional(),
});
export type WscRow = z.infer<typeof WscRow>;

/** "span1 = span2" and the text, both spans wrapped in `*`. */
export const WSC = pairTask({
  name: 'WSC',
  folder: 'WSC',
  taskToken: taskTokenId(9),
  labels: [
    { label: false, token: SEP_ID },
    { label: true, token: taskTokenId(9) },
  ],
  row: WscRow,
  examples: ({ idx, text, target, label }) => [
    {
      idx,
      a: `${target.span1_text} = ${target.span2_text}`,
      b: insertAt(
        text,
        [
          ...wscSpan(text, target.span1_text, target.span1_index),
          ...wscSpan(text, target.span2_text, target.span2_index),
        ],
        '*',
      ),
      ...withLabel(label),
    },
  ],
});
