import { parseRunConfig } from '../../../src-shared/config/parse-run-config.ts';
import { preset as presetConfig } from '../../../src-shared/config/presets/preset.ts';
import { setByPath } from '../../../src-shared/config/set-by-path.ts';
import type { Handler } from '../handler.ts';
import type { Host } from '../host.ts';
import { runSummary } from '../run-summary.ts';

/** Everything a person may have got wrong is checked before the first byte is written. */
export function startRun({ supervisor }: Host): Handler<'runs.start'> {
  return ({ preset, overrides, name }) => {
    const changed = Object.entries(overrides).reduce(
      (config, [path, value]) => setByPath(config, path, String(value)),
      presetConfig(preset),
    );
    const run = supervisor.create({ config: parseRunConfig(changed), name: name ?? preset, preset });
    return runSummary(run, supervisor);
  };
}
