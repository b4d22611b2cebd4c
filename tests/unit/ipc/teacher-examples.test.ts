import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStudio, type Studio } from '../../../src-main/open-studio.ts';
import type { AnswerBody, RequestInput, RequestName } from '../../../src-shared/ipc/contract.ts';
import type { EventEnvelope } from '../../../src-shared/ipc/envelope.ts';
import { FakeEngine } from '../../support/fake-engine.ts';

let home: string;
let studio: Studio;
let engines: FakeEngine[];
let events: EventEnvelope[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'metalmo-ipc-'));
  engines = [];
  events = [];
  studio = openStudio({
    home,
    launch: FakeEngine.launcher(engines),
    doctor: () => Promise.reject(new Error('unused')),
  });
  studio.events.subscribe((event) => events.push(event));
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

async function ask<Name extends RequestName>(name: Name, body: RequestInput<Name>): Promise<AnswerBody<Name>> {
  const answer = await studio.dispatch({ kind: 'request', id: 1, name, body });
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
  return JSON.parse(JSON.stringify(answer.body)) as AnswerBody<Name>;
}

const TEXT = ['[CLS0]', ' 4', ' 5', ' 6', ' 7', ' 8', ' 9', '[SEP]'];

async function startHard(): Promise<{ runId: string; engine: FakeEngine }> {
  const { runId } = await ask('runs.start', { base: { preset: 'two-moons-hard-smoke', overrides: {} } });
  const engine = engines.at(-1);
  if (engine === undefined) throw new Error('No engine was started.');
  engine.begin();
  return { runId, engine };
}

function write(engine: FakeEngine, step: number, xHat: string[], yHat = TEXT): void {
  const examplesSeen = 16 * step;
  engine.say({
    type: 'progress',
    progress: { step, examplesSeen, totalSteps: 40, totalExamples: 640, samplesPerSecond: 1 },
    series: [],
  });
  const examples = [{ textIndex: 17, xU: TEXT, xHat, yHat }];
  engine.say({ type: 'teacher-examples', step, examplesSeen, feedback: step / 100, entropy: { x: 2, y: 1 }, examples });
}

const MASKED = TEXT.map((token, i) => (i === 2 ? '[MASK]' : token));
const SAME = TEXT.map(() => ' 4');

describe('the handlers of teacher examples', () => {
  it('give every kept step with its statistics', async () => {
    const { runId, engine } = await startHard();
    write(engine, 10, SAME);
    write(engine, 20, MASKED);
    const steps = await ask('teacherExamples.steps', { runId });
    expect(steps).toMatchObject({
      denoising: false,
      steps: [10, 20],
      feedback: [0.1, 0.2],
      collapse: null,
      budgetBytes: 200_000_000,
      x: { kept: [0.125, 0.875], masked: [0, 0.125], topToken: [' 4', '[CLS0]'], teacherEntropy: [2, 2] },
      y: { kept: [1, 1] },
    });
    expect(steps.storedBytes).toBeGreaterThan(0);
    expect(await ask('teacherExamples.list', { runId, limit: 1 })).toMatchObject([{ step: 20, textIndex: 17 }]);
  });

  it('lay runs side by side at a step, each with what it wrote before', async () => {
    const hard = await startHard();
    write(hard.engine, 10, SAME);
    write(hard.engine, 20, MASKED);
    const at = (step: number) => ask('teacherExamples.atStep', { runIds: [hard.runId], step });
    expect(await at(15)).toMatchObject([{ step: 10, previousStep: null, texts: [{ xHat: SAME, before: null }] }]);
    expect(await at(99)).toMatchObject([
      { step: 20, previousStep: 10, feedback: 0.2, texts: [{ xU: TEXT, xHat: MASKED, before: { xHat: SAME } }] },
    ]);
    expect(await at(0)).toMatchObject([{ step: 10 }]);
    await expect(ask('teacherExamples.atStep', { runIds: ['nobody'], step: 1 })).rejects.toThrow('registry/not-found');
  });

  it('find the steps at which something was written', async () => {
    const { runId, engine } = await startHard();
    write(engine, 10, SAME);
    write(engine, 20, MASKED);
    write(engine, 30, SAME);
    const search = (text: string) => ask('teacherExamples.search', { runIds: [runId], text });
    expect(await search('mask')).toEqual([{ runId, steps: [20], texts: [1], inUnlabeled: [] }]);
    expect(await search('4 4')).toEqual([{ runId, steps: [10, 30], texts: [1, 1], inUnlabeled: [] }]);
    expect(await search('8 9')).toMatchObject([{ steps: [10, 20, 30], inUnlabeled: [17] }]);
    expect(await search('77')).toEqual([{ runId, steps: [], texts: [], inUnlabeled: [] }]);
  });

  it('warn once of a teacher that has collapsed, and go on saying so', async () => {
    const { runId, engine } = await startHard();
    for (const [step, xHat] of [
      [10, MASKED],
      [20, SAME],
      [30, SAME],
      [36, SAME],
      [40, SAME],
    ] as const) {
      write(engine, step, xHat);
      const { collapse } = await ask('teacherExamples.steps', { runId });
      expect(collapse === null).toBe(step < 36);
    }
    const warnings = events.filter(
      ({ name, body }) => name === 'event.added' && (body as { event: { kind: string } }).event.kind === 'warning',
    );
    expect(warnings).toHaveLength(1);
    expect(JSON.stringify(warnings)).toMatch(/since step 20 it writes '4' at 100 %/);
    expect((await ask('runs.get', { runId })).events.filter(({ kind }) => kind === 'warning')).toHaveLength(1);
  });

  it('keep a run within the budget that is set', async () => {
    await ask('settings.set', { teacherExamplesBytes: 1_000_000 });
    const { runId, engine } = await startHard();
    let seed = 1;
    const noise = (): string[] =>
      Array.from({ length: 4000 }, () => ` ${(seed = (seed * 48_271) % 2_147_483_647) % 50_000}`);
    for (let step = 1; step <= 40; step += 1) write(engine, step, noise());
    const { steps, storedBytes, budgetBytes } = await ask('teacherExamples.steps', { runId });
    expect(budgetBytes).toBe(1_000_000);
    expect(storedBytes).toBeLessThanOrEqual(1_000_000);
    expect(steps.length).toBeLessThan(40);
    expect([steps[0], steps.at(-1)]).toEqual([1, 40]);
  });
});
