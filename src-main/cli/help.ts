import { COMMON_OPTIONS, type Command, type OptionSpecs } from './command.ts';

/** What `metalmo COMMAND --help` prints. */
export function commandHelp(command: Command): string {
  const usage = command.usage === '' ? '' : ` ${command.usage}`;
  const parts = [
    `metalmo ${command.name}${usage} [options]\n${command.summary}`,
    `Options:\n${optionLines({ ...command.options, ...COMMON_OPTIONS })}`,
  ];
  const details = command.details?.();
  if (details !== undefined) parts.push(details);
  return parts.join('\n\n');
}

/** What `metalmo --help` prints. */
export function overviewHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    'metalmo COMMAND [options] — train models that learn their own language-modeling objective',
    `Commands:\n${lines.join('\n')}`,
    'Exit codes: 0 done, 1 failed, 2 bad input (nothing was written), 130 stopped by Ctrl-C (the run is saved).\n' +
      '`metalmo COMMAND --help` explains one.',
  ].join('\n\n');
}

function optionLines(options: OptionSpecs): string {
  const rows = Object.entries(options).map(([name, { value, help, multiple }]) => {
    const left = `--${name}${value === undefined ? '' : ` ${value}`}${multiple === true ? ' ...' : ''}`;
    return [left, help] as const;
  });
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, help]) => `  ${left.padEnd(width)}  ${help}`).join('\n');
}
