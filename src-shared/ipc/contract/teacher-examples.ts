import { z } from 'zod';
import { COLLAPSE_SIGNS } from '../../run/teacher-collapse.ts';
import { TEACHER_HEADS } from '../../run/teacher-statistics.ts';
import { RunId, TeacherExampleView } from '../run-views.ts';
import { WireNumber } from '../wire-number.ts';
import { OfRun } from './values.ts';

const Shares = z.array(z.number());

/** Statistics of one head (x\u0302 or y\u0302) as columns, one entry per kept step; see `HeadStatistics`. */
const HeadColumns = z.strictObject({
  kept: Shares,
  masked: Shares,
  replaced: Shares,
  special: Shares,
  distinct: z.array(z.int()),
  topToken: z.array(z.string()),
  topShare: Shares,
  /** nats */
  tokenEntropy: z.array(z.number()),
  /** nats per position; NaN where it was not measured. */
  teacherEntropy: z.array(WireNumber),
});
export type HeadColumns = z.infer<typeof HeadColumns>;

const Collapse = z.strictObject({
  head: z.enum(TEACHER_HEADS),
  sign: z.enum(COLLAPSE_SIGNS),
  since: z.int().min(0),
  /** Share of positions now, 0..1. */
  share: z.number(),
  token: z.string(),
  /** What a person is told. */
  message: z.string(),
});

const TeacherSteps = z.strictObject({
  /** Runs with the same key wrote for the same texts; null where nothing is kept. */
  textsKey: z.string().nullable(),
  /** The target stays the text itself: y\u0302 is not written. */
  denoising: z.boolean(),
  /** Kept steps, ascending; the columns below have as many entries. */
  steps: z.array(z.int().min(0)),
  examplesSeen: z.array(z.int().min(0)),
  /** h of the step; null where it was not measured. */
  feedback: z.array(WireNumber.nullable()),
  x: HeadColumns,
  y: HeadColumns,
  /** Whether the teacher has collapsed by its newest kept step. */
  collapse: Collapse.nullable(),
  storedBytes: z.number().min(0),
  budgetBytes: z.number().min(0),
});
export type TeacherSteps = z.infer<typeof TeacherSteps>;

const Tokens = z.array(z.string());

/** One text at one step. Aligned token by token; padding is left out. */
const WrittenText = z.strictObject({
  textIndex: z.int().min(0),
  xU: Tokens,
  xHat: Tokens,
  yHat: Tokens,
  /** The same text at the kept step before; null at the first. */
  before: z.strictObject({ xHat: Tokens, yHat: Tokens }).nullable(),
});
export type WrittenText = z.infer<typeof WrittenText>;

const StepOfRun = z.strictObject({
  runId: RunId,
  /** The kept step at the one asked for or the nearest before it, else the first. */
  step: z.int().min(0),
  previousStep: z.int().min(0).nullable(),
  textsKey: z.string(),
  feedback: WireNumber.nullable(),
  texts: z.array(WrittenText),
});
export type StepOfRun = z.infer<typeof StepOfRun>;

/** Runs side by side. */
const FewRuns = z.array(RunId).min(1).max(6);

export const TEACHER_EXAMPLE_REQUESTS = {
  'teacherExamples.list': {
    /** The newest `limit` examples, newest first. */
    body: z.strictObject({ runId: RunId, limit: z.int().min(1).max(200) }),
    answer: z.array(TeacherExampleView),
  },
  'teacherExamples.steps': { body: OfRun, answer: TeacherSteps },
  /** Runs without examples are left out. */
  'teacherExamples.atStep': {
    body: z.strictObject({ runIds: FewRuns, step: z.int().min(0) }),
    answer: z.array(StepOfRun),
  },
  /** Kept steps at which a text occurs in what was written, or in the unlabeled text itself (see `findInTokens`). */
  'teacherExamples.search': {
    body: z.strictObject({ runIds: FewRuns, text: z.string().min(1).max(200) }),
    answer: z.array(
      z.strictObject({
        runId: RunId,
        /** Kept steps at which it was written, ascending, and in how many texts. */
        steps: z.array(z.int().min(0)),
        texts: z.array(z.int().min(1)),
        /** Indexes of the unlabeled texts that hold it themselves. */
        inUnlabeled: z.array(z.int().min(0)),
      }),
    ),
  },
} as const;

export const TEACHER_EXAMPLE_EVENTS = {
  'teacherExamples.added': z.strictObject({ runId: RunId, step: z.int().min(0) }),
} as const;
