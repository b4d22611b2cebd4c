import { AppError } from '../../../src-shared/app-error.ts';
import { configError } from '../../../src-shared/config/config-problem.ts';
import { differences } from '../../../src-shared/config/differences.ts';
import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { getCheckpoint } from '../../registry/checkpoints.ts';
import type { Registry } from '../../registry/open-registry.ts';
import { getRun } from '../../registry/runs.ts';
import type { Handler } from '../handler.ts';
import type { Host } from '../host.ts';
import { runSummary } from '../run-summary.ts';
import { formBase, withOverrides } from './form-config.ts';

/** Everything a person may have got wrong is checked before the first byte is written. */
export function startRun({ db, supervisor }: Host): Handler<'runs.start'> {
  return ({ base: form, from, name, tags }) => {
    const base = formBase(db, form);
    const { config, problems } = withOverrides(base.config, form.overrides);
    if (problems.length > 0) throw configError(problems);
    const weights = from === undefined ? undefined : weightsOf(db, from, config);
    const { preset, forkOf } = base;
    const run = supervisor.create({ config, name: name ?? base.name, preset, forkOf, from: weights, tags });
    return runSummary(run, supervisor);
  };
}

/** @throws AppError registry/not-found, checkpoint/invalid, checkpoint/incompatible */
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
