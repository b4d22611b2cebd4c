import { AppError } from '../../src-shared/app-error.ts';
import { differences, type ConfigDifference } from '../../src-shared/config/differences.ts';
import type { RunConfig } from '../../src-shared/config/run-config.ts';
import { getCheckpoint } from '../registry/checkpoints.ts';
import type { Registry } from '../registry/open-registry.ts';
import { getRun } from '../registry/runs.ts';

/**
 * A run's checkpoint to begin a run of `config` with.
 * @throws AppError registry/not-found, checkpoint/invalid, checkpoint/incompatible
 */
export function weightsOf(
  db: Registry,
  { runId, checkpoint: kind }: { readonly runId: string; readonly checkpoint: string },
  config: RunConfig,
): { file: string; runId: string } {
  const parent = getRun(db, runId);
  const checkpoint = getCheckpoint(db, runId, kind);
  if (checkpoint === undefined) {
    throw new AppError('checkpoint/invalid', `Run '${parent.name}' has no checkpoint '${kind}' to begin with yet.`, {
      runId,
      kind,
    });
  }
  const unlike = unlikeModel(parent.config, config);
  if (unlike !== undefined) {
    throw new AppError(
      'checkpoint/incompatible',
      `The weights of run '${parent.name}' fit another model: its ${unlike.path} is ${String(unlike.a)}, not ${String(unlike.b)}.`,
      { runId, ...unlike },
    );
  }
  return { file: checkpoint.file, runId };
}

/** The first field for which the weights of one configuration don't fit the other; undefined where they do. */
export function unlikeModel(parent: RunConfig, config: RunConfig): ConfigDifference | undefined {
  return differences(parent, config).find(({ path }) => shapesWeights(path));
}

/** Dropout may differ between pretraining and fine-tuning, the rest of the model not. */
function shapesWeights(path: string): boolean {
  return path.startsWith('model.') && !path.toLowerCase().endsWith('dropout');
}
