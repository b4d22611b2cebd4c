export interface Setting {
  readonly path: string;
  readonly value: string;
}

/** Every leaf of a configuration by its path, in the configuration's order. */
export function listSettings(config: object, prefix = ''): Setting[] {
  return Object.entries(config).flatMap(([name, value]: [string, unknown]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    return typeof value === 'object' && value !== null ? listSettings(value, path) : [{ path, value: String(value) }];
  });
}
