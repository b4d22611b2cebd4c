import { describe, expect, it } from 'vitest';
import { parseCommandArguments, positiveInteger, type Command } from '../../../src-main/cli/command.ts';
import { commandHelp } from '../../../src-main/cli/help.ts';
import { runCommand } from '../../../src-main/cli/run.ts';
import { resumeCommand } from '../../../src-main/cli/resume.ts';
import { configuration } from '../../../src-main/cli/run.ts';

function parse(command: Command, ...argv: string[]) {
  return parseCommandArguments(command, argv);
}

describe('arguments of commands', () => {
  it('reads options, repeated ones, flags and positionals', () => {
    const args = parse(runCommand, '--preset', 'p', '--set', 'a=1', '--set=b=2', '--json');
    expect(args.string('preset')).toBe('p');
    expect(args.strings('set')).toEqual(['a=1', 'b=2']);
    expect(args.flag('json')).toBe(true);
    expect(args.flag('help')).toBe(false);
    expect(parse(resumeCommand, 'abc', '--home', '/x').positionals).toEqual(['abc']);
  });

  it.each([
    [['--prest', 'p'], /no option --prest; did you mean --preset\?/],
    [['--seed', '5'], /no option --seed\. See `metalmo run --help`\.$/],
    [['--preset'], /--preset/],
    [['--preset', 'p', 'more'], /takes no argument, got 'more'/],
    [['--json=yes', '--preset', 'p'], /json/],
  ])('%j is refused in one sentence', (argv, message) => {
    expect(() => parse(runCommand, ...argv)).toThrow(message);
    expect(() => parse(runCommand, ...argv)).toThrow(/^[^\n]*$/);
  });

  it('needs what it needs', () => {
    expect(() => parse(resumeCommand)).toThrow(/takes 1 argument \(RUN\), got none/);
    expect(() => positiveInteger(parse(runCommand, '--name', '0'), 'name', 1)).toThrow(
      /whole number from 1 on, got '0'/,
    );
    expect(positiveInteger(parse(runCommand), 'name', 3)).toBe(3);
  });

  it('explains every field of --set in --help', () => {
    const help = commandHelp(runCommand);
    expect(help).toMatch(/optimizer\.learningRate\s+.*default 0\.08/);
    expect(help).toContain('two-moons-soft-denoising-smoke');
    expect(help).toMatch(/--home DIR/);
  });
});

describe('configuration of a run', () => {
  it('applies --set and --executor to the preset', () => {
    const args = parse(runCommand, '--preset', 'x', '--set', 'optimizer.learningRate=0.5', '--executor', 'cpu');
    const config = configuration('two-moons-mlm', args);
    expect(config.optimizer.learningRate).toBe(0.5);
    expect(config.engine.executor).toBe('cpu');
  });

  it.each([
    [['--set', 'optimizer.learningrate=1'], /learningRate/],
    [['--set', 'training.batchSize=0'], /training\.batchSize/],
    [['--set', 'model.heads=3'], /divisor of model\.modelDim/],
    [['--executor', 'tensorfow'], /Did you mean 'tensorflow'/],
  ])('%j is refused', (argv, message) => {
    expect(() => configuration('two-moons-mlm', parse(runCommand, ...argv))).toThrow(message);
  });

  it('names the nearest preset', () => {
    expect(() => configuration('two-moon-mlm', parse(runCommand))).toThrow(/did you mean 'two-moons-mlm'/);
  });
});
