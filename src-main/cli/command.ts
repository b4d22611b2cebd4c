import { parseArgs, type ParseArgsConfig } from 'node:util';
import { AppError } from '../../src-shared/app-error.ts';
import { nearestName } from '../../src-shared/config/nearest-name.ts';
import type { Output } from './output.ts';

export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  /** What stands for the value in the help, e.g. "NAME". */
  readonly value?: string;
  readonly help: string;
  readonly multiple?: boolean;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** What every command may use. */
export interface CommandContext {
  readonly output: Output;
  /** The user's folder: registry and runs. May not exist yet. */
  readonly home: string;
}

export interface CommandArguments {
  readonly positionals: readonly string[];
  string(name: string): string | undefined;
  strings(name: string): readonly string[];
  flag(name: string): boolean;
  /** Whether the option was given at all. */
  isGiven(name: string): boolean;
}

export interface Command {
  readonly name: string;
  /** Arguments after the name, e.g. "RUN". */
  readonly usage: string;
  readonly summary: string;
  /** How many positional arguments it takes, or the fewest and the most. */
  readonly positionals: number | readonly [least: number, most: number];
  readonly options: OptionSpecs;
  /** More for `--help`, below the options. */
  readonly details?: () => string;
  /** @returns the exit code */
  run(args: CommandArguments, context: CommandContext): Promise<number>;
}

export const COMMON_OPTIONS: OptionSpecs = {
  json: { type: 'boolean', help: 'one JSON object per line on standard output; logs on standard error' },
  home: { type: 'string', value: 'DIR', help: 'where registry and runs live (default: $METALMO_HOME or ~/.metalmo)' },
  help: { type: 'boolean', help: 'this text' },
};

/** @throws AppError input/invalid for an unknown option, a missing value or a wrong number of arguments */
export function parseCommandArguments(command: Command, argv: readonly string[]): CommandArguments {
  const specs: OptionSpecs = { ...command.options, ...COMMON_OPTIONS };
  const { values, positionals } = parsed(command, specs, argv);
  const [least, most] =
    typeof command.positionals === 'number' ? [command.positionals, command.positionals] : command.positionals;
  if (values['help'] !== true && (positionals.length < least || positionals.length > most)) {
    const count = least === most ? String(least) : `${least} to ${most}`;
    const wanted = most === 0 ? 'no argument' : `${count} argument${most === 1 ? '' : 's'} (${command.usage})`;
    const got = positionals.length === 0 ? 'none' : positionals.map((one) => `'${one}'`).join(', ');
    throw new AppError('input/invalid', `metalmo ${command.name} takes ${wanted}, got ${got}.`);
  }
  return {
    positionals,
    string(name) {
      const value = values[name];
      return typeof value === 'string' ? value : undefined;
    },
    strings(name) {
      const value = values[name];
      return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
    },
    flag: (name) => values[name] === true,
    isGiven: (name) => values[name] !== undefined,
  };
}

function parsed(command: Command, specs: OptionSpecs, argv: readonly string[]) {
  const options: NonNullable<ParseArgsConfig['options']> = {};
  for (const [name, { type, multiple }] of Object.entries(specs)) options[name] = { type, multiple: multiple ?? false };
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    const name = unknownOption(argv, specs);
    const near = name === undefined ? undefined : nearestName(name, Object.keys(specs));
    const message =
      name !== undefined
        ? `metalmo ${command.name} has no option --${name}${near === undefined ? '.' : `; did you mean --${near}?`}`
        : firstSentence(error);
    throw new AppError('input/invalid', `${message} See \`metalmo ${command.name} --help\`.`, {}, error);
  }
}

function unknownOption(argv: readonly string[], specs: OptionSpecs): string | undefined {
  for (const word of argv) {
    if (word === '--') return undefined;
    const name = /^--([^=]+)/.exec(word)?.[1];
    if (name !== undefined && !Object.hasOwn(specs, name)) return name;
  }
  return undefined;
}

function firstSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `${message.split(/\. |\n/)[0] ?? message}.`;
}

/** @throws AppError input/invalid */
export function positiveInteger(args: CommandArguments, name: string, standard: number): number {
  const text = args.string(name);
  if (text === undefined) return standard;
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= 1) return value;
  throw new AppError('input/invalid', `--${name} takes a whole number from 1 on, got '${text}'.`);
}

/** @throws AppError input/invalid */
export function oneOf<const Name extends string>(text: string, names: readonly Name[], what: string): Name {
  const found = names.find((name) => name === text);
  if (found !== undefined) return found;
  const near = nearestName(text, names);
  const hint = near === undefined ? '' : ` Did you mean '${near}'?`;
  throw new AppError('input/invalid', `${what} is one of ${names.join(', ')}; got '${text}'.${hint}`);
}

/** @throws AppError input/invalid */
export function required(args: CommandArguments, name: string, command: string): string {
  const value = args.string(name);
  if (value !== undefined && value !== '') return value;
  throw new AppError('input/invalid', `metalmo ${command} needs --${name}. See \`metalmo ${command} --help\`.`);
}
