import { configError } from '../../../src-shared/config/config-problem.ts';
import { withOverrides } from '../../../src-shared/config/with-overrides.ts';
import { weightsOf } from '../../runs/weights-of.ts';
import type { Handler } from '../handler.ts';
import type { Host } from '../host.ts';
import { runSummary } from '../run-summary.ts';
import { formBase } from './form-config.ts';

/** Everything a person may have got wrong is checked before the first byte is written. */
export function startRun({ db, supervisor, dataProblems }: Host): Handler<'runs.start'> {
  return ({ base: form, from, name, tags }) => {
    const base = formBase(db, form);
    const { config, problems } = withOverrides(base.config, form.overrides);
    if (problems.length > 0) throw configError(problems);
    const ofData = dataProblems(config);
    if (ofData.length > 0) throw configError(ofData);
    const weights = from === undefined ? undefined : weightsOf(db, from, config);
    const { preset, forkOf } = base;
    const run = supervisor.create({ config, name: name ?? base.name, preset, forkOf, from: weights, tags });
    return runSummary(run, supervisor);
  };
}
