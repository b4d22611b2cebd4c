import { AppError } from '../../../../src-shared/app-error.ts';
import { buildPairObjective } from '../../objectives/pair.ts';
import { studentLayout } from '../../model/parameter-layout.ts';
import { compare, TOLERANCES } from '../comparison.ts';
import { fixtureConfig, recordedNumber, recordedSteps } from '../fixture-config.ts';
import { ScalarLog } from '../scalar-log.ts';
import { labeledLengthsIn, mostTargetsOfARow, recordedMeta, TrainingSession } from '../training-session.ts';
import type { ParityCase } from './parity-case.ts';

/** MLM with the feedback h measured at every optimizer step. */
export const mlmFeedbackCase: ParityCase = async (fixture, executor, compileOptions) => {
  const steps = recordedSteps(fixture);
  const batches = steps.map((_step, i) => recordedMeta(fixture, i));
  const first = batches[0];
  if (first === undefined) throw new AppError('file/invalid', `${fixture.folder}: no steps are recorded`);
  const config = fixtureConfig(fixture, 'mlm', first.xM.rows);
  const layout = studentLayout(config.model);
  const objective = buildPairObjective(config, {
    labelTokens: [],
    shapes: {
      rows: first.xM.rows,
      unlabeledLength: first.xM.length,
      labeledLength: first.xS.length,
      evaluationRows: 1,
    },
    microBatchesPerCall: 1,
    targetsPerSequence: mostTargetsOfARow(batches.map((batch) => batch.yM)),
    labeledLengths: labeledLengthsIn(batches),
  });
  const session = await TrainingSession.start(
    executor,
    objective,
    { 'student.parameters': fixture.tensors.flat('init.', layout) },
    compileOptions,
  );
  const log = new ScalarLog();
  for (const [i, step] of steps.entries()) {
    const { metrics } = await session.call(batches.slice(i, i + 1), i, {}, true);
    const { scalar, feedback } = TOLERANCES;
    const norms = step['norms_before_clip'];
    const norm = (index: number): number | undefined =>
      Array.isArray(norms) && typeof norms[index] === 'number' ? norms[index] : undefined;
    log.add('loss', metrics['student.loss'], recordedNumber(step, 'info', 'student.loss0'), scalar);
    log.add('support loss', metrics['student.lossSupport'], recordedNumber(step, 'info', 'student.loss1'), scalar);
    log.add('query loss', metrics['student.lossQuery'], recordedNumber(step, 'info', 'student.loss2'), scalar);
    log.add('h', metrics['feedback.h'], recordedNumber(step, 'info', 'h'), feedback);
    log.add('unscaled h', metrics['feedback.unscaled'], recordedNumber(step, 'info', 'unscaled_h'), feedback);
    log.add('gradient norm', metrics['student.gradNorm'], norm(0), scalar);
    log.add('support gradient norm', metrics['student.gradNormSupport'], norm(1), scalar);
    log.add('query gradient norm', metrics['student.gradNormQuery'], norm(2), scalar);
  }
  const where = { case: fixture.caseName, variant: fixture.variant };
  const got = await session.read('student.parameters');
  session.dispose();
  return [
    ...log.comparisons(where),
    compare(where, 'final weights', got, fixture.tensors.flat('final.', layout), TOLERANCES.weights),
  ];
};
