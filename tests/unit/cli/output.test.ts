import { describe, expect, it } from 'vitest';
import { createOutput } from '../../../src-main/cli/output.ts';
import { duration, progressLine } from '../../../src-main/cli/progress-line.ts';
import { exitCodeOf } from '../../../src-main/cli/exit-code.ts';
import { resolveHome } from '../../../src-main/cli/home.ts';

function streams(isTTY: boolean) {
  const written = { out: '', err: '' };
  const stdout = { write: (text: string) => (written.out += text) };
  const stderr = { write: (text: string) => (written.err += text), isTTY, columns: 60 };
  return { written, stdout, stderr };
}

describe('output', () => {
  it('writes results as JSON lines, NaN as a word, and everything else to standard error', () => {
    const { written, stdout, stderr } = streams(false);
    const output = createOutput(true, stdout, stderr);
    output.log('hello');
    output.status('50 %');
    output.result({ loss: NaN, best: 1 }, 'text');
    expect(written.out).toBe('{"loss":"NaN","best":1}\n');
    expect(written.err).toBe('hello\n');
  });

  it('redraws one line on a terminal and keeps it below what is logged', () => {
    const { written, stdout, stderr } = streams(true);
    const output = createOutput(false, stdout, stderr);
    output.status('x'.repeat(200));
    output.log('note');
    output.status('');
    output.result({}, 'text');
    expect(written.out).toBe('text\n');
    expect(written.err).toBe(`${'x'.repeat(59)}\r\u001b[Knote\n${'x'.repeat(59)}\r\u001b[K`);
  });
});

describe('progress line', () => {
  it('shows share, examples, speed, time left and loss', () => {
    const progress = { step: 10, totalSteps: 40, examplesSeen: 160, totalExamples: 640, samplesPerSecond: 8 };
    expect(progressLine(progress, 2.5)).toBe(
      ' 25 %  [######..................]  160/640 examples  8.00 samples/s  1 min 0 s left  loss 2.5000',
    );
    expect(progressLine({ ...progress, samplesPerSecond: 0 }, null)).not.toMatch(/left|loss/);
  });

  it.each([
    [0, '0 s'],
    [59.4, '59 s'],
    [125, '2 min 5 s'],
    [7800, '2 h 10 min'],
  ])('%f seconds are %s', (seconds, text) => expect(duration(seconds)).toBe(text));
});

describe('exit codes and home', () => {
  it('tells bad input from failure', () => {
    expect([
      exitCodeOf('config/invalid'),
      exitCodeOf('checkpoint/incompatible'),
      exitCodeOf('executor/failed'),
    ]).toEqual([2, 2, 1]);
  });

  it('prefers --home to METALMO_HOME to the user’s folder', () => {
    expect(resolveHome('/a', { METALMO_HOME: '/b' })).toBe('/a');
    expect(resolveHome(undefined, { METALMO_HOME: '/b' })).toBe('/b');
    expect(resolveHome(undefined, {})).toMatch(/\.metalmo$/);
  });
});
