export interface Setting {
  readonly path: string;
  readonly value: string;
}

/** A setting and, where it differs from a base, what it is there; "–" where the base has no such field. */
export interface MarkedSetting extends Setting {
  readonly before: string | undefined;
}

/** Every leaf of a configuration by its path, in the configuration's order. */
export function listSettings(config: object, prefix = ''): Setting[] {
  return Object.entries(config).flatMap(([name, value]: [string, unknown]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    return typeof value === 'object' && value !== null ? listSettings(value, path) : [{ path, value: String(value) }];
  });
}

/** Marks what differs from a base; fields that only the base has are left out. */
export function markDifferences(settings: readonly Setting[], base: readonly Setting[] | undefined): MarkedSetting[] {
  const before = new Map(base?.map(({ path, value }) => [path, value]));
  return settings.map(({ path, value }) => {
    const there = before.get(path) ?? '–';
    return { path, value, before: base === undefined || there === value ? undefined : there };
  });
}
