import { differences, valueByPath } from '../../../src-shared/config/differences.ts';
import { withOverrides } from '../../../src-shared/config/with-overrides.ts';
import type { Handler } from '../handler.ts';
import type { Host } from '../host.ts';
import { estimate } from './estimate.ts';
import { atField, formBase } from './form-config.ts';

/** What a form holds, checked: problems at their fields, what differs from the base, and what it will need. */
export function checkConfig(host: Host): Handler<'config.check'> {
  return (form) => {
    const base = formBase(host.db, form).config;
    const { config, problems: ofFields } = withOverrides(base, form.overrides);
    const problems = ofFields.length > 0 ? ofFields : host.dataProblems(config);
    const changed = differences(base, config).map(({ path, a, b }) => ({ path, base: a, value: b }));
    // A value that was refused is not in the configuration, but the form shows it as a change.
    const refused = Object.entries(form.overrides)
      .filter(([path]) => problems.some((one) => one.path === path) && !changed.some((one) => one.path === path))
      .map(([path, value]) => ({ path, base: valueByPath(base, path), value }))
      .filter((one) => one.value !== one.base);
    return {
      config: problems.length === 0 ? config : null,
      problems: problems.map(atField),
      differences: [...changed, ...refused],
      estimate: problems.length === 0 ? estimate(host, config) : null,
    };
  };
}
