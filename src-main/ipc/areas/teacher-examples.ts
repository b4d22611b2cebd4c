import type { TEACHER_EXAMPLE_REQUESTS } from '../../../src-shared/ipc/contract/teacher-examples.ts';
import type { HandlersOf } from '../handler.ts';
import { searchTeacherExamples } from '../handlers/search-teacher-examples.ts';
import { listTeacherExamples, readTeacherExamplesAtStep, readTeacherSteps } from '../handlers/teacher-examples.ts';
import type { Host } from '../host.ts';

export function teacherExampleHandlers(host: Host): HandlersOf<typeof TEACHER_EXAMPLE_REQUESTS> {
  return {
    'teacherExamples.list': listTeacherExamples(host),
    'teacherExamples.steps': readTeacherSteps(host),
    'teacherExamples.atStep': readTeacherExamplesAtStep(host),
    'teacherExamples.search': searchTeacherExamples(host),
  };
}
