import { configError } from '../../../src-shared/config/config-problem.ts';
import { insertSweep, newSweepId } from '../../registry/sweeps.ts';
import { weightsOf } from '../../runs/weights-of.ts';
import type { Handler } from '../handler.ts';
import type { Host } from '../host.ts';
import { runSummary } from '../run-summary.ts';
import { atField, formBase } from './form-config.ts';
import { planSweep } from './sweep-plan.ts';

const PREVIEWED = 50;

export function checkSweep({ db, dataProblems }: Host): Handler<'sweeps.check'> {
  return ({ base: form, axes, seeds }) => {
    const base = formBase(db, form);
    const request = { base: base.config, name: base.name, overrides: form.overrides, axes, seeds };
    const { runs, problems } = planSweep(request, dataProblems);
    return {
      runs: runs.length,
      preview: runs.slice(0, PREVIEWED).map(({ name, overrides }) => ({ name, overrides: { ...overrides } })),
      problems: problems.map(atField),
    };
  };
}

/** All of its runs or none, queued in the order of the axes. */
export function startSweep({ db, supervisor, dataProblems }: Host): Handler<'sweeps.start'> {
  return ({ base: form, from, name, tags, axes, seeds }) => {
    const base = formBase(db, form);
    const title = name ?? base.name;
    const request = { base: base.config, name: title, overrides: form.overrides, axes, seeds };
    const { runs, problems } = planSweep(request, dataProblems);
    if (problems.length > 0) throw configError(problems);
    const requests = runs.map(({ config, name: runName }) => ({
      config,
      name: runName,
      preset: base.preset,
      forkOf: base.forkOf,
      from: from === undefined ? undefined : weightsOf(db, from, config),
      tags,
    }));
    const createdAtMs = Date.now();
    const sweepId = newSweepId(createdAtMs);
    insertSweep(db, { sweepId, name: title, createdAtMs, axes, seeds });
    const created = supervisor.createAll(requests.map((request) => ({ ...request, sweepId })));
    return { sweepId, runs: created.map((run) => runSummary(run, supervisor)) };
  };
}
