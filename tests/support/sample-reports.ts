import { join } from 'node:path';
import type { TrainReport } from '../../src-shared/ipc/engine-protocol.ts';

/** Reports of a run of 40 steps of 16 examples, as an engine would send them. */

/** At `step`, with the losses of the last steps up to it. */
export function progressReport(
  step: number,
  losses: readonly number[] = [],
): Extract<TrainReport, { type: 'progress' }> {
  const steps = Float64Array.from(losses, (_loss, i) => step - losses.length + 1 + i);
  return {
    type: 'progress',
    progress: { step, totalSteps: 40, examplesSeen: step * 16, totalExamples: 640, samplesPerSecond: 10 },
    series: losses.length === 0 ? [] : [{ name: 'student.loss', steps, values: Float64Array.from(losses) }],
  };
}

/** Of a checkpoint at `step`; the file below `folder` is not made. */
export function checkpointReport(folder: string, step: number, kind = 'latest'): TrainReport {
  const file = join(folder, kind);
  return { type: 'checkpoint', kind, step, examplesSeen: step * 16, file, bytes: 1, sha256: 'f', scores: {} };
}
