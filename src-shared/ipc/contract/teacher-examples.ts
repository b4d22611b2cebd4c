import { z } from 'zod';
import { RunId, TeacherExampleView } from '../run-views.ts';

export const TEACHER_EXAMPLE_REQUESTS = {
  'teacherExamples.list': {
    /** The newest `limit` examples, newest first. */
    body: z.strictObject({ runId: RunId, limit: z.int().min(1).max(200) }),
    answer: z.array(TeacherExampleView),
  },
} as const;

export const TEACHER_EXAMPLE_EVENTS = {
  'teacherExamples.added': z.strictObject({ runId: RunId, step: z.int().min(0) }),
} as const;
