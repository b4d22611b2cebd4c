#!/usr/bin/env node
import { AppError, toAppError } from '../src-shared/app-error.ts';
import { nearestName } from '../src-shared/config/nearest-name.ts';
import { benchCommand } from './cli/bench.ts';
import { parseCommandArguments, type Command } from './cli/command.ts';
import { dataCommand } from './cli/data.ts';
import { doctorCommand } from './cli/doctor.ts';
import { EXIT_DONE, exitCodeOf } from './cli/exit-code.ts';
import { exportCommand } from './cli/export.ts';
import { commandHelp, overviewHelp } from './cli/help.ts';
import { resolveHome } from './cli/home.ts';
import { importCommand } from './cli/import.ts';
import { createOutput } from './cli/output.ts';
import { parityCommand } from './cli/parity.ts';
import { predictCommand } from './cli/predict.ts';
import { resumeCommand } from './cli/resume.ts';
import { runCommand } from './cli/run.ts';
import { runsCommand } from './cli/runs.ts';
import { showCommand } from './cli/show.ts';
import { superGlueCommand } from './cli/superglue.ts';
import { superGlueZipCommand } from './cli/superglue-zip.ts';
import { tokenizerCommand } from './cli/tokenizer.ts';
import { twoMoonsStudyCommand } from './cli/two-moons-study.ts';

/** Composition root of the terminal: `metalmo COMMAND ...`. */
const COMMANDS: readonly Command[] = [
  doctorCommand,
  runCommand,
  resumeCommand,
  runsCommand,
  showCommand,
  predictCommand,
  exportCommand,
  importCommand,
  dataCommand,
  tokenizerCommand,
  superGlueCommand,
  superGlueZipCommand,
  twoMoonsStudyCommand,
  parityCommand,
  benchCommand,
];

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  const output = createOutput(argv.includes('--json'), process.stdout, process.stderr);
  try {
    if (name === undefined || name === '--help' || name === 'help') {
      process.stdout.write(`${overviewHelp(COMMANDS)}\n`);
      return name === undefined ? exitCodeOf('input/invalid') : EXIT_DONE;
    }
    const command = findCommand(name);
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

function findCommand(name: string): Command {
  const found = COMMANDS.find((command) => command.name === name);
  if (found !== undefined) return found;
  const names = COMMANDS.map((command) => command.name);
  const near = nearestName(name, names);
  const hint = near === undefined ? '' : `; did you mean '${near}'?`;
  throw new AppError('input/invalid', `There is no command '${name}'${hint} Commands: ${names.join(', ')}.`);
}

// Native threads of an executor (bench, parity) would keep the process alive.
process.exit(await main(process.argv.slice(2)));
