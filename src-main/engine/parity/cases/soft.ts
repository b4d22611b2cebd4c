import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../../src-shared/app-error.ts';
import type { TensorData } from '../../executors/executor.ts';
import { studentLayout, teacherLayout, type ParameterLayout } from '../../model/parameter-layout.ts';
import { buildSoftObjective } from '../../objectives/soft.ts';
import { compare, TOLERANCES, type Comparison } from '../comparison.ts';
import { fixtureConfig, recordedNumber, recordedSteps } from '../fixture-config.ts';
import { readFixtureTensors, type Fixture, type FixtureTensors } from '../fixture-files.ts';
import { ScalarLog } from '../scalar-log.ts';
import { labeledLengthsIn, mostTargets, recordedMeta, TrainingSession } from '../training-session.ts';
import type { ParityCase } from './parity-case.ts';

interface Layouts {
  readonly student: ParameterLayout;
  readonly teacher: ParameterLayout;
}

/** The same run in float64 where it was recorded; the float32 meta gradient is too noisy to compare with. */
function float64Tensors(fixture: Fixture): FixtureTensors | undefined {
  const path = join(fixture.folder, 'data_f64.safetensors');
  return existsSync(path) ? readFixtureTensors(path) : undefined;
}

/** Gradients and fast weights recorded for micro-batch `i`. */
function compareInspected(
  fixture: Fixture,
  float64: FixtureTensors | undefined,
  i: number,
  fetched: Readonly<Record<string, TensorData>>,
  layouts: Layouts,
): Comparison[] {
  const where = { case: fixture.caseName, variant: fixture.variant };
  const metaTolerance = i === 0 ? TOLERANCES.softMetaGradientFirst : TOLERANCES.softMetaGradient;
  // From batch 2 on the teacher has stepped along a noisy meta gradient, and what it writes carries that error.
  const pseudoTolerance = i === 0 ? TOLERANCES.gradient : TOLERANCES.softMetaGradient;
  const comparisons: Comparison[] = [];
  const check = (
    quantity: string,
    fetch: string,
    source: FixtureTensors | undefined,
    recorded: string,
    layout: ParameterLayout,
    tolerance: Comparison['tolerance'],
  ): void => {
    const prefix = `batch${i}.${recorded}.`;
    if (source?.hasPrefix(prefix) !== true) return;
    const expected = source.flat(prefix, layout, true);
    comparisons.push(compare(where, `${quantity}, batch ${i}`, fetched[fetch] ?? [], expected, tolerance));
  };
  const { student, teacher } = layouts;
  check(
    'meta gradient',
    'teacher.gradientMeta',
    float64 ?? fixture.tensors,
    'teacher_meta_grad',
    teacher,
    metaTolerance,
  );
  check('teacher gradient', 'teacher.gradientTotal', fixture.tensors, 'teacher_total_grad', teacher, metaTolerance);
  check('pseudo gradient', 'student.pseudoGradient', fixture.tensors, 'student_pseudo_grad', student, pseudoTolerance);
  check('after AdamW', 'student.afterAdamW', fixture.tensors, 'student_fast_after_adamw', student, TOLERANCES.weights);
  check('after SGD', 'student.afterSupport', fixture.tensors, 'student_fast_after_sgd', student, TOLERANCES.weights);
  return comparisons;
}

/** The soft objective (and its denoising form): second-order gradients, losses, norms and weights. */
export const softCase: ParityCase = async (fixture, executor, compileOptions) => {
  const steps = recordedSteps(fixture);
  const batches = steps.map((_step, i) => recordedMeta(fixture, i));
  const first = batches[0];
  if (first === undefined) throw new AppError('file/invalid', `${fixture.folder}: no steps are recorded`);
  const config = fixtureConfig(fixture, 'soft', first.xU.rows);
  const layouts: Layouts = { student: studentLayout(config.model), teacher: teacherLayout(config.model) };
  const float64 = float64Tensors(fixture);
  const where = { case: fixture.caseName, variant: fixture.variant };
  const log = new ScalarLog();
  const comparisons: Comparison[] = [];
  const { softScalar } = TOLERANCES;

  for (const perCall of new Set([1, config.training.accumulation])) {
    const objective = buildSoftObjective(config, {
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
    const merged = perCall === 1 ? '' : `, ${perCall} micro-batches per call`;
    const checkWeights = async (model: 'student' | 'teacher', quantity: string, prefix: string): Promise<void> => {
      const tolerance = model === 'student' ? TOLERANCES.softStudent : TOLERANCES.softTeacher;
      const got = await session.read(`${model}.parameters`);
      comparisons.push(compare(where, quantity, got, fixture.tensors.flat(prefix, layouts[model]), tolerance));
    };
    for (let i = 0; i + perCall <= steps.length; i += perCall) {
      const { metrics, fetched } = await session.call(batches.slice(i, i + perCall), i);
      const step = steps[i];
      if (perCall > 1 || step === undefined) continue;
      log.add('pseudo loss', metrics['student.lossPseudo'], recordedNumber(step, 'info', 'student.loss0'), softScalar);
      log.add(
        'support loss',
        metrics['student.lossSupport'],
        recordedNumber(step, 'info', 'student.loss1'),
        softScalar,
      );
      log.add('query loss', metrics['student.lossQuery'], recordedNumber(step, 'info', 'student.loss2'), softScalar);
      log.add(
        'teacher loss_x_m',
        metrics['teacher.lossXm'],
        recordedNumber(step, 'info', 'teacher.loss_x_m'),
        softScalar,
      );
      log.add(
        'teacher loss_y_m',
        metrics['teacher.lossYm'],
        recordedNumber(step, 'info', 'teacher.loss_y_m'),
        softScalar,
      );
      const norm = (name: string): number | undefined => recordedNumber(step, 'norms_before_clip', name);
      log.add('teacher gradient norm', metrics['teacher.gradNorm'], norm('teacher'), softScalar);
      log.add('student gradient norm', metrics['student.gradNorm'], norm('student'), softScalar);
      log.add(
        'learning rate',
        metrics['student.learningRate'],
        recordedNumber(step, 'student_lr_used'),
        TOLERANCES.scalar,
      );
      comparisons.push(...compareInspected(fixture, float64, i, fetched, layouts));
      if (i === 1) {
        await checkWeights('student', 'student after batch 1', 'after_batch1.student.');
        await checkWeights('teacher', 'teacher after batch 1', 'after_batch1.teacher.');
      }
    }
    await checkWeights('student', `final student${merged}`, 'final.student.');
    await checkWeights('teacher', `final teacher${merged}`, 'final.teacher.');
    session.dispose();
  }
  return [...log.comparisons(where), ...comparisons];
};
