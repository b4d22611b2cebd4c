import { AppError } from '../../../src-shared/app-error.ts';
import type { ConfigProblem } from '../../../src-shared/config/config-problem.ts';
import { preset as presetConfig } from '../../../src-shared/config/presets/preset.ts';
import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import type { ConfigBase } from '../../../src-shared/ipc/contract/values.ts';
import type { Registry } from '../../registry/open-registry.ts';
import { getRun } from '../../registry/runs.ts';

/** What a form's configuration begins with. */
export interface FormBase {
  readonly config: RunConfig;
  readonly preset: string | undefined;
  /** The run whose configuration it is. */
  readonly forkOf: string | undefined;
  /** What a run of it is called unless it gets a name. */
  readonly name: string;
}

/** @throws AppError config/invalid, registry/not-found, ipc/invalid unless exactly one of preset and run is named */
export function formBase(db: Registry, { preset, runId }: ConfigBase): FormBase {
  if ((preset === undefined) === (runId === undefined)) {
    throw new AppError('ipc/invalid', 'A configuration begins with a preset or a run: name exactly one of them.');
  }
  if (runId !== undefined) {
    const run = getRun(db, runId);
    return { config: run.config, preset: run.preset ?? undefined, forkOf: runId, name: run.name };
  }
  const name = preset ?? '';
  return { config: presetConfig(name), preset: name, forkOf: undefined, name };
}

/** As a field shows it: without the path, which stands beside it. */
export function atField({ path, message }: ConfigProblem): { path: string; message: string } {
  return { path, message: message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message };
}
