import { AppError } from '../../src-shared/app-error.ts';
import { getCheckpoint } from '../registry/checkpoints.ts';
import type { Registry } from '../registry/open-registry.ts';
import { getRun } from '../registry/runs.ts';
import type { PipelineSource } from './plan.ts';

/** A run's checkpoint as what a pipeline fine-tunes. @throws AppError registry/not-found, checkpoint/invalid */
export function runSource(
  db: Registry,
  { runId, checkpoint: kind }: { readonly runId: string; readonly checkpoint: string },
): PipelineSource {
  const run = getRun(db, runId);
  const found = getCheckpoint(db, runId, kind);
  if (found === undefined) {
    throw new AppError('checkpoint/invalid', `Run '${run.name}' has no checkpoint '${kind}' to begin with yet.`, {
      runId,
      kind,
    });
  }
  return { runId, name: run.name, checkpoint: kind, file: found.file, config: run.config };
}
