import { z } from 'zod';
import { SEP_ID, taskTokenId } from '../../special-tokens.ts';
import { pairTask, withLabel } from './text-example.ts';

const Label = z.enum(['not_entailment', 'entailment']).optional();
/** The diagnostics' files write it as text. */
const LooseIdx = z.union([z.int().min(0), z.string().regex(/^\d+$/)]).transform(Number);

const task = {
  taskToken: taskTokenId(7),
  labels: [
    { label: 'not_entailment', token: SEP_ID },
    { label: 'entailment', token: taskTokenId(7) },
  ],
};

export const RTE = pairTask({
  ...task,
  name: 'RTE',
  folder: 'RTE',
  row: z.object({ idx: z.int().min(0), premise: z.string(), hypothesis: z.string(), label: Label }),
  examples: ({ idx, premise, hypothesis, label }) => [{ idx, a: hypothesis, b: premise, ...withLabel(label) }],
});

/** The broad-coverage diagnostic: predicted with the RTE model. */
export const AX_B = pairTask({
  ...task,
  name: 'AX-b',
  folder: 'AX-b',
  row: z.object({ idx: LooseIdx, sentence1: z.string(), sentence2: z.string(), label: Label }),
  examples: ({ idx, sentence1, sentence2, label }) => [{ idx, a: sentence2, b: sentence1, ...withLabel(label) }],
});

/** The Winogender diagnostic: predicted with the RTE model. */
export const AX_G = pairTask({
  ...task,
  name: 'AX-g',
  folder: 'AX-g',
  row: z.object({ idx: LooseIdx, premise: z.string(), hypothesis: z.string(), label: Label }),
  examples: ({ idx, premise, hypothesis, label }) => [{ idx, a: hypothesis, b: premise, ...withLabel(label) }],
});
