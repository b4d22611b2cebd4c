import { expectation, fieldDocumentation } from '../../src-shared/config/field-documentation.ts';

/** The fields of a run's configuration, for `--help` of the commands that take `--set`. */
export function fieldHelp(): string {
  const fields = fieldDocumentation();
  const width = Math.max(...fields.map(({ path }) => path.length));
  const lines = fields.map((field) => {
    const unit = field.unit === '' ? '' : `, ${field.unit}`;
    return `  ${field.path.padEnd(width)}  ${field.help} (${expectation(field)}${unit}; default ${String(field.default)})`;
  });
  return `Fields for --set (the preset's own values come before the defaults):\n${lines.join('\n')}`;
}
