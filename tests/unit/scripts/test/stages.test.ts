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

it('runs several at a time, keeps what each says together and the outcomes in order', async () => {
  const lines: string[] = [];
  const open = new Map<string, () => void>();
  const stage = (name: string) => ({
    name,
    run: async (print: (line: string) => void) => {
      print(`${name} begins`);
      await new Promise<void>((resolve) => open.set(name, resolve));
      print(`${name} ends`);
      return true;
    },
  });
  const running = runStages([stage('a'), stage('b'), stage('c')], (line: string) => lines.push(line), 2);
  expect([...open.keys()]).toEqual(['a', 'b']);
  open.get('b')?.();
  await expect.poll(() => [...open.keys()]).toEqual(['a', 'b', 'c']);
  expect(lines.map((line) => line.trim().replace(/in .*/, ''))).toEqual(['== b', 'b begins', 'b ends', '== b: ok ']);
  open.get('a')?.();
  open.get('c')?.();
  expect((await running).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
});
