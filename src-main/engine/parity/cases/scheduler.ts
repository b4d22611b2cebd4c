import { z } from 'zod';
import { AppError } from '../../../../src-shared/app-error.ts';
import { learningRateAt } from '../../optim/schedule.ts';
import { compare, TOLERANCES, type Comparison } from '../comparison.ts';

const RecordedSchedules = z.object({
  cases: z.array(
    z.object({
      lr: z.number(),
      warmup_steps: z.number(),
      power_decay: z.number(),
      decay_forever: z.boolean(),
      total_steps: z.number(),
      lrs: z.array(z.number()),
    }),
  ),
});

/** Learning rates of recorded schedules; no executor takes part. */
export function schedulerCase(json: Record<string, unknown>): Comparison[] {
  const parsed = RecordedSchedules.safeParse(json);
  if (!parsed.success) {
    throw new AppError('file/invalid', `scheduler/data.json is not usable: ${z.prettifyError(parsed.error)}`);
  }
  return parsed.data.cases.map((recorded) => {
    const settings = {
      learningRate: recorded.lr,
      warmupSteps: recorded.warmup_steps,
      decayPower: recorded.power_decay,
      decayForever: recorded.decay_forever,
    };
    const variant = recorded.decay_forever ? 'forever' : `to 0 at ${recorded.total_steps}`;
    return compare(
      {
        case: 'scheduler',
        variant: `lr ${recorded.lr}, warm-up ${recorded.warmup_steps}, p ${recorded.power_decay}, ${variant}`,
      },
      'learning rates',
      recorded.lrs.map((_lr, k) => learningRateAt(settings, k + 1, recorded.total_steps)),
      recorded.lrs,
      TOLERANCES.scalar,
    );
  });
}
