import { AppError } from '../../../src-shared/app-error.ts';
import { differences } from '../../../src-shared/config/differences.ts';
import { parseRunConfig } from '../../../src-shared/config/parse-run-config.ts';
import { preset as presetConfig } from '../../../src-shared/config/presets/preset.ts';
import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { setByPath } from '../../../src-shared/config/set-by-path.ts';
import { getCheckpoint } from '../../registry/checkpoints.ts';
import type { Registry } from '../../registry/open-registry.ts';
import { getRun } from '../../registry/runs.ts';
import type { Handler } from '../handler.ts';
import type { Host } from '../host.ts';
import { runSummary } from '../run-summary.ts';

/** Everything a person may have got wrong is checked before the first byte is written. */
export function startRun({ db, supervisor }: Host): Handler<'runs.start'> {
  return ({ preset, overrides, from, name }) => {
    const changed = Object.entries(overrides).reduce(
      (config, [path, value]) => setByPath(config, path, String(value)),
      presetConfig(preset),
    );
    const config = parseRunConfig(changed);
    const weights = from === undefined ? undefined : latestWeights(db, from, config);
    return runSummary(supervisor.create({ config, name: name ?? preset, preset, from: weights }), supervisor);
  };
}

/** @throws AppError registry/not-found, checkpoint/invalid, checkpoint/incompatible */
function latestWeights(db: Registry, runId: string, config: RunConfig): { file: string; runId: string } {
  const parent = getRun(db, runId);
  const checkpoint = getCheckpoint(db, runId, 'latest');
  if (checkpoint === undefined) {
    throw new AppError('checkpoint/invalid', `Run '${parent.name}' has no checkpoint to begin with yet.`, { runId });
  }
  const [unlike] = differences(parent.config, config).filter(({ path }) => shapesWeights(path));
  if (unlike !== undefined) {
    throw new AppError(
      'checkpoint/incompatible',
      `The weights of run '${parent.name}' fit another model: its ${unlike.path} is ${String(unlike.a)}, not ${String(unlike.b)}.`,
      { runId, ...unlike },
    );
  }
  return { file: checkpoint.file, runId };
}

/** Dropout may differ between pretraining and fine-tuning, the rest of the model not. */
function shapesWeights(path: string): boolean {
  return path.startsWith('model.') && !path.toLowerCase().endsWith('dropout');
}
