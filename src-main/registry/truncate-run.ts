import type { CheckpointRecord } from '../../src-shared/run/records.ts';
import { truncateCheckpoints } from './checkpoints.ts';
import { truncateEvaluations } from './evaluations.ts';
import { truncateMetrics } from './metrics.ts';
import type { Registry } from './open-registry.ts';
import { truncateTeacherExamples } from './teacher-examples.ts';

/**
 * Forgets all that a run measured after `step`, in one transaction: what a resume from a checkpoint of that step will
 * measure again. Returns the checkpoints it forgot, whose files the caller may delete.
 */
export function truncateAfterStep(db: Registry, runId: string, step: number): CheckpointRecord[] {
  return db
    .transaction(() => {
      truncateMetrics(db, runId, step);
      truncateEvaluations(db, runId, step);
      truncateTeacherExamples(db, runId, step);
      return truncateCheckpoints(db, runId, step);
    })
    .immediate();
}
