import type { HeadColumns } from '../../../src-shared/ipc/contract/teacher-examples.ts';
import { collapseMessage, collapseOf, type StepStatistics } from '../../../src-shared/run/teacher-collapse.ts';
import type { TeacherHead } from '../../../src-shared/run/teacher-statistics.ts';
import { getRun, getRunOverview } from '../../registry/runs.ts';
import { readSettings } from '../../registry/settings.ts';
import {
  listTeacherExamples as listWritten,
  listTeacherSteps,
  readTeacherStep,
  teacherExampleBytes,
} from '../../registry/teacher-examples.ts';
import type { Handler } from '../handler.ts';
import type { Host } from '../host.ts';

export function listTeacherExamples({ db }: Host): Handler<'teacherExamples.list'> {
  return ({ runId, limit }) => {
    getRunOverview(db, runId);
    return listWritten(db, runId, limit).map(({ exampleId, step, feedback, textIndex, xU, xHat, yHat }) => ({
      exampleId,
      step,
      feedback,
      textIndex,
      xU: [...xU],
      xHat: [...xHat],
      yHat: [...yHat],
    }));
  };
}

export function readTeacherSteps({ db }: Host): Handler<'teacherExamples.steps'> {
  return ({ runId }) => {
    const { config, progress } = getRun(db, runId);
    const steps = listTeacherSteps(db, runId);
    const collapse = collapseOf(steps, progress?.totalExamples ?? Infinity);
    return {
      textsKey: steps.at(-1)?.textsKey ?? null,
      denoising: config.meta.denoising,
      steps: steps.map(({ step }) => step),
      examplesSeen: steps.map(({ examplesSeen }) => examplesSeen),
      feedback: steps.map(({ feedback }) => feedback),
      x: columnsOf(steps, 'x'),
      y: columnsOf(steps, 'y'),
      collapse: collapse === undefined ? null : { ...collapse, message: collapseMessage(collapse) },
      storedBytes: teacherExampleBytes(db, runId),
      budgetBytes: readSettings(db).teacherExamplesBytes,
    };
  };
}

function columnsOf(steps: readonly StepStatistics[], head: TeacherHead): HeadColumns {
  const column = <Name extends keyof HeadColumns>(name: Name): StepStatistics['statistics']['x'][Name][] =>
    steps.map(({ statistics }) => statistics[head][name]);
  return {
    kept: column('kept'),
    masked: column('masked'),
    replaced: column('replaced'),
    special: column('special'),
    distinct: column('distinct'),
    topToken: column('topToken'),
    topShare: column('topShare'),
    tokenEntropy: column('tokenEntropy'),
    teacherEntropy: column('teacherEntropy'),
  };
}

export function readTeacherExamplesAtStep({ db }: Host): Handler<'teacherExamples.atStep'> {
  return ({ runIds, step: asked }) =>
    runIds.flatMap((runId) => {
      getRunOverview(db, runId);
      const now = readTeacherStep(db, runId, asked);
      if (now === undefined) return [];
      const nearest = now.step === 0 ? undefined : readTeacherStep(db, runId, now.step - 1);
      const before = nearest !== undefined && nearest.step < now.step ? nearest : undefined;
      const { step, textsKey, feedback } = now;
      const texts = now.examples.map(({ textIndex, xU, xHat, yHat }, place) => {
        const earlier = before?.textsKey === textsKey ? before.examples[place] : undefined;
        return {
          textIndex,
          xU: [...xU],
          xHat: [...xHat],
          yHat: [...yHat],
          before: earlier === undefined ? null : { xHat: [...earlier.xHat], yHat: [...earlier.yHat] },
        };
      });
      return [{ runId, step, previousStep: before?.step ?? null, textsKey, feedback, texts }];
    });
}
