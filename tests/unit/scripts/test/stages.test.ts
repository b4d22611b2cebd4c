import { expect, it } from 'vitest';
import { runStages } from '../../../../scripts/test/stages.mjs';

it('runs every stage, whatever an earlier one says or throws', async () => {
  const lines: string[] = [];
  const ran: string[] = [];
  const stage = (name: string, run: () => boolean) => ({
    name,
    run: async () => {
      ran.push(name);
      return run();
    },
  });
  const broken = () => {
    throw new Error('no such tool');
  };
  const outcomes = await runStages(
    [stage('a', () => false), stage('b', broken), stage('c', () => true)],
    (line: string) => lines.push(line),
  );
  expect(ran).toEqual(['a', 'b', 'c']);
  expect(outcomes.map(({ name, isOk }) => [name, isOk])).toEqual([
    ['a', false],
    ['b', false],
    ['c', true],
  ]);
  expect(lines).toContain('no such tool');
  expect(lines.at(-1)).toMatch(/^== c: ok in \d+\.\d s$/);
});
