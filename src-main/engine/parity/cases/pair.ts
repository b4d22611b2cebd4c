import type { ObjectiveName } from '../../../../src-shared/config/run-config.ts';
import { AppError } from '../../../../src-shared/app-error.ts';
import type { PairMicroBatch } from '../../data/micro-batch.ts';
import { buildPairObjective } from '../../objectives/pair.ts';
import { studentLayout } from '../../model/parameter-layout.ts';
import { compare, TOLERANCES, type Comparison } from '../comparison.ts';
import { fixtureConfig, recordedNumber, recordedSteps } from '../fixture-config.ts';
import { ScalarLog } from '../scalar-log.ts';
import { mostTargetsOfARow, TrainingSession } from '../training-session.ts';
import type { ParityCase } from './parity-case.ts';

/** MLM and fine-tuning: losses, norms and learning rates of every step, weights after the first and the last. */
export function pairCase(objectiveName: ObjectiveName): ParityCase {
  return async (fixture, executor, compileOptions) => {
    const steps = recordedSteps(fixture);
    const batches = steps.map((_step, i): PairMicroBatch => ({
      kind: 'pair',
      x: fixture.tensors.ids(`batch${i}.x`),
      y: fixture.tensors.ids(`batch${i}.y`),
    }));
    const first = batches[0];
    if (first === undefined) throw new AppError('file/invalid', `${fixture.folder}: no steps are recorded`);
    const config = fixtureConfig(fixture, objectiveName, first.x.rows);
    const layout = studentLayout(config.model);
    const accumulation = config.training.accumulation;
    const log = new ScalarLog();
    const comparisons: Comparison[] = [];
    const where = { case: fixture.caseName, variant: fixture.variant };

    for (const perCall of new Set([1, accumulation])) {
      const objective = buildPairObjective(config, {
        labelTokens: [],
        shapes: {
          rows: first.x.rows,
          unlabeledLength: first.x.length,
          labeledLength: first.x.length,
          evaluationRows: 1,
        },
        microBatchesPerCall: perCall,
        targetsPerSequence: mostTargetsOfARow(batches.map((batch) => batch.y)),
      });
      const session = await TrainingSession.start(
        executor,
        objective,
        { 'student.parameters': fixture.tensors.flat('init.', layout) },
        compileOptions,
      );
      for (let i = 0; i + perCall <= steps.length; i += perCall) {
        const { metrics } = await session.call(batches.slice(i, i + perCall), i);
        const step = steps[i];
        if (perCall === 1 && step !== undefined) {
          log.add('loss', metrics['student.loss'], recordedNumber(step, 'loss'), TOLERANCES.scalar);
          log.add(
            'gradient norm',
            metrics['student.gradNorm'],
            recordedNumber(step, 'grad_norm_before_clip'),
            TOLERANCES.scalar,
          );
          if (metrics['student.learningRate'] !== undefined) {
            log.add(
              'learning rate',
              metrics['student.learningRate'],
              recordedNumber(step, 'lr_used'),
              TOLERANCES.scalar,
            );
          }
          if (i === 0) {
            const expected = fixture.tensors.flat('after_batch0.', layout);
            const got = await session.read('student.parameters');
            comparisons.push(compare(where, 'weights after batch 0', got, expected, TOLERANCES.weights));
          }
        }
      }
      const merged = perCall === 1 ? '' : `, ${perCall} micro-batches per call`;
      const final = fixture.tensors.flat('final.', layout);
      const got = await session.read('student.parameters');
      comparisons.push(compare(where, `final weights${merged}`, got, final, TOLERANCES.weights));
      session.dispose();
    }
    return [...log.comparisons(where), ...comparisons];
  };
}
