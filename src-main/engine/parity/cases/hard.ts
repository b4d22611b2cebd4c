import { AppError } from '../../../../src-shared/app-error.ts';
import type { TensorData } from '../../executors/executor.ts';
import { buildHardObjective, givenSampleFeeds } from '../../objectives/hard.ts';
import { studentLayout, teacherLayout } from '../../model/parameter-layout.ts';
import { compare, TOLERANCES, type Comparison } from '../comparison.ts';
import { fixtureConfig, recordedNumber, recordedSteps } from '../fixture-config.ts';
import type { Fixture } from '../fixture-files.ts';
import { ScalarLog } from '../scalar-log.ts';
import { labeledLengthsIn, mostTargets, recordedMeta, TrainingSession } from '../training-session.ts';
import type { ParityCase } from './parity-case.ts';

const joined = (parts: readonly Int32Array[]): Int32Array => {
  const all = new Int32Array(parts.reduce((size, part) => size + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
};

/** Recorded samples of micro-batches `begin` … `begin + count - 1`. */
function samples(fixture: Fixture, begin: number, count: number): Record<string, TensorData> {
  const of = (name: string): Int32Array =>
    joined(Array.from({ length: count }, (_unused, k) => fixture.tensors.ids(`batch${begin + k}.${name}`).ids));
  return givenSampleFeeds({ ids: of('x_hat') }, { ids: of('y_hat') });
}

/** The hard objective with the recorded samples: per micro-step as recorded, then once more with merged calls. */
export const hardCase: ParityCase = async (fixture, executor, compileOptions) => {
  const steps = recordedSteps(fixture);
  const batches = steps.map((_step, i) => recordedMeta(fixture, i));
  const first = batches[0];
  if (first === undefined) throw new AppError('file/invalid', `${fixture.folder}: no steps are recorded`);
  const config = fixtureConfig(fixture, 'hard', first.xU.rows);
  const layouts = { student: studentLayout(config.model), teacher: teacherLayout(config.model) };
  const where = { case: fixture.caseName, variant: fixture.variant };
  const log = new ScalarLog();
  const comparisons: Comparison[] = [];
  const { scalar, feedback, gradient, weights } = TOLERANCES;

  for (const perCall of new Set([1, config.training.accumulation])) {
    const objective = buildHardObjective(config, {
      labelTokens: [],
      shapes: {
        rows: first.xU.rows,
        unlabeledLength: first.xU.length,
        labeledLength: first.xS.length,
        evaluationRows: 1,
      },
      microBatchesPerCall: perCall,
      targetCapacity: mostTargets(batches.map((batch) => batch.yM)),
      labeledLengths: labeledLengthsIn(batches),
      givenSamples: true,
      inspect: perCall === 1,
    });
    const session = await TrainingSession.start(
      executor,
      objective,
      {
        'student.parameters': fixture.tensors.flat('init.student.', layouts.student),
        'teacher.parameters': fixture.tensors.flat('init.teacher.', layouts.teacher),
      },
      compileOptions,
    );
    const checkWeights = async (model: 'student' | 'teacher', quantity: string, prefix: string): Promise<void> => {
      const got = await session.read(`${model}.parameters`);
      comparisons.push(compare(where, quantity, got, fixture.tensors.flat(prefix, layouts[model]), weights));
    };
    for (let i = 0; i + perCall <= steps.length; i += perCall) {
      const { metrics, fetched } = await session.call(batches.slice(i, i + perCall), i, samples(fixture, i, perCall));
      const step = steps[i];
      if (perCall > 1 || step === undefined) continue;
      log.add('teacher loss_u', metrics['teacher.lossU'], recordedNumber(step, 'info', 'teacher.loss_u'), scalar);
      log.add('teacher loss_x_m', metrics['teacher.lossXm'], recordedNumber(step, 'info', 'teacher.loss_x_m'), scalar);
      log.add('teacher loss_y_m', metrics['teacher.lossYm'], recordedNumber(step, 'info', 'teacher.loss_y_m'), scalar);
      log.add('pseudo loss', metrics['student.lossPseudo'], recordedNumber(step, 'info', 'student.loss0'), scalar);
      log.add('support loss', metrics['student.lossSupport'], recordedNumber(step, 'info', 'student.loss1'), scalar);
      log.add('query loss', metrics['student.lossQuery'], recordedNumber(step, 'info', 'student.loss2'), scalar);
      log.add('h', metrics['feedback.h'], recordedNumber(step, 'info', 'h'), feedback);
      log.add('unscaled h', metrics['feedback.unscaled'], recordedNumber(step, 'info', 'unscaled_h'), feedback);
      log.add(
        'student learning rate',
        metrics['student.learningRate'],
        recordedNumber(step, 'student_lr_used'),
        scalar,
      );
      log.add(
        'teacher learning rate',
        metrics['teacher.learningRate'],
        recordedNumber(step, 'teacher_lr_used'),
        scalar,
      );
      const norm = (name: string): number | undefined => recordedNumber(step, 'norms_before_clip', name);
      log.add('pseudo gradient norm', metrics['student.gradNorm'], norm('student_pseudo'), scalar);
      log.add('support gradient norm', metrics['student.gradNormSupport'], norm('student_support'), scalar);
      log.add('query gradient norm', metrics['student.gradNormQuery'], norm('student_query'), scalar);
      log.add('teacher gradient norm', metrics['teacher.gradNorm'], norm('teacher'), scalar);
      if (i === 0) {
        for (const [fetch, recorded] of [
          ['teacher.gradientU', 'batch0.teacher_grad_u.'],
          ['teacher.gradientTotal', 'batch0.teacher_grad_total.'],
        ] as const) {
          const expected = fixture.tensors.flat(recorded, layouts.teacher);
          comparisons.push(compare(where, fetch, fetched[fetch] ?? [], expected, gradient));
        }
        await checkWeights('student', 'student after batch 0', 'after_batch0.student.');
      }
      if (i === 1) await checkWeights('teacher', 'teacher after batch 1', 'after_batch1.teacher.');
    }
    const merged = perCall === 1 ? '' : `, ${perCall} micro-batches per call`;
    await checkWeights('student', `final student${merged}`, 'final.student.');
    await checkWeights('teacher', `final teacher${merged}`, 'final.teacher.');
    session.dispose();
  }
  return [...log.comparisons(where), ...comparisons];
};
