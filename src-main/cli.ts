#!/usr/bin/env node
import { AppError, toAppError } from '../src-shared/app-error.ts';
import { nearestName } from '../src-shared/config/nearest-name.ts';
import { parseCommandArguments, type Command } from './cli/command.ts';
import { COMMANDS } from './cli/commands.ts';
import { EXIT_DONE, exitCodeOf } from './cli/exit-code.ts';
import { commandHelp, overviewHelp } from './cli/help.ts';
import { resolveHome } from './cli/home.ts';
import { createOutput } from './cli/output.ts';

/** Composition root of the terminal: `metalmo COMMAND ...`. */
async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  const output = createOutput(argv.includes('--json'), process.stdout, process.stderr);
  try {
    if (name === undefined || name === '--help' || name === 'help') {
      const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()));
      process.stdout.write(`${overviewHelp(commands)}\n`);
      return name === undefined ? exitCodeOf('input/invalid') : EXIT_DONE;
    }
    const command = await findCommand(name);
    const args = parseCommandArguments(command, rest);
    if (args.flag('help')) {
      process.stdout.write(`${commandHelp(command)}\n`);
      return EXIT_DONE;
    }
    return await command.run(args, { output, home: resolveHome(args.string('home')) });
  } catch (error) {
    const { code, message, cause } = toAppError(error);
    output.status('');
    output.log(`metalmo: ${message}`);
    // What nobody foresaw is worth its stack.
    if (code === 'internal' && cause instanceof Error) output.log(cause.stack ?? '');
    return exitCodeOf(code);
  }
}

async function findCommand(name: string): Promise<Command> {
  const names = Object.keys(COMMANDS);
  const load = names.includes(name) ? COMMANDS[name] : undefined;
  if (load !== undefined) return load();
  const near = nearestName(name, names);
  const hint = near === undefined ? '.' : `; did you mean '${near}'?`;
  throw new AppError('input/invalid', `There is no command '${name}'${hint} Commands: ${names.join(', ')}.`);
}

// Native threads of an executor (bench, parity) would keep the process alive.
process.exit(await main(process.argv.slice(2)));
