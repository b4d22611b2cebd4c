import { z } from 'zod';
import { SEP_ID, taskTokenId } from '../../special-tokens.ts';
import { pairTask, withLabel } from './text-example.ts';

export const MultiRcRow = z.object({
  idx: z.int().min(0),
  passage: z.object({
    text: z.string(),
    questions: z
      .array(
        z.object({
          idx: z.int().min(0),
          question: z.string(),
          answers: z
            .array(z.object({ idx: z.int().min(0), text: z.string(), label: z.literal([0, 1]).optional() }))
            .min(1),
        }),
      )
      .min(1),
  }),
});
export type MultiRcRow = z.infer<typeof MultiRcRow>;

/** Passage > questions > answers. Every answer is an example; its idx runs over the whole split, as its question's does. */
export const MULTIRC = pairTask({
  name: 'MultiRC',
  folder: 'MultiRC',
  taskToken: taskTokenId(5),
  labels: [
    { label: 0, token: SEP_ID },
    { label: 1, token: taskTokenId(5) },
  ],
  row: MultiRcRow,
  examples: ({ idx: passageIdx, passage }) =>
    passage.questions.flatMap(({ idx: group, question, answers }) =>
      answers.map(({ idx, text, label }) => ({
        idx,
        a: `Question: ${question} Answer: ${text}`,
        b: passage.text,
        group,
        passage: passageIdx,
        ...withLabel(label),
      })),
    ),
});
