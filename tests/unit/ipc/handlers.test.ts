import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadTwoMoons } from '../../../src-main/engine/data/two-moons-data.ts';
import { openStudio, type Studio } from '../../../src-main/open-studio.ts';
import { preset } from '../../../src-shared/config/presets/preset.ts';
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
afterEach(async () => {
  for (const one of engines) one.exit({ code: null, signal: 'SIGKILL' });
  await studio.close();
  rmSync(home, { recursive: true });
});

/** The answer's body as it is on the wire. */
async function ask<Name extends RequestName>(name: Name, body: RequestInput<Name>): Promise<AnswerBody<Name>> {
  const answer = await studio.dispatch({ kind: 'request', id: 1, name, body });
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
  return JSON.parse(JSON.stringify(answer.body)) as AnswerBody<Name>;
}

type Overrides = RequestInput<'runs.start'>['base']['overrides'];

function startSmoke(overrides: Overrides = {}) {
  return ask('runs.start', { base: { preset: 'two-moons-finetune-smoke', overrides } });
}

/** Every live run, newest first. */
async function listed() {
  const { rows } = await ask('runs.query', {
    selection: { scope: 'live', text: '', filters: [] },
    sort: { column: 'createdAtMs', direction: 'descending' },
    columns: [],
    offset: 0,
    limit: 100,
  });
  return rows.map(({ summary }) => summary);
}

function engine(): FakeEngine {
  const last = engines.at(-1);
  if (last === undefined) throw new Error('No engine was started.');
  return last;
}

describe('the handlers over registry and supervisor', () => {
  it('start a preset with overrides and tell every page', async () => {
    const { runId } = await startSmoke({ seed: 5, 'data.labels': 20 });
    const { config, summary } = await ask('runs.get', { runId });
    expect(config).toMatchObject({ seed: 5, data: { labels: 20 }, objective: 'finetune' });
    expect(summary).toMatchObject({ status: 'starting', phase: 'starting', preset: 'two-moons-finetune-smoke' });
    expect(await listed()).toEqual([summary]);
    await vi.waitFor(() => expect(events.map(({ name }) => name)).toContain('run.changed'));
  });

  it.each([
    [{ base: { preset: 'two-moons-mml', overrides: {} } }, /did you mean/],
    [{ base: { preset: 'two-moons-mlm', overrides: { sead: 1 } } }, /seed/],
    [{ base: { preset: 'two-moons-mlm', overrides: { seed: -1 } } }, /seed/],
    [{ base: { preset: 'two-moons-mlm', overrides: {} }, from: { runId: 'nobody' } }, /nobody/],
    [{ base: { runId: 'nobody', overrides: {} } }, /nobody/],
    [{ base: { overrides: {} } }, /exactly one/],
    [{ base: { preset: 'two-moons-mlm', runId: 'nobody', overrides: {} } }, /exactly one/],
  ] as const)('refuse %j and write nothing', async (body, message) => {
    await expect(ask('runs.start', body)).rejects.toThrow(message);
    expect(await listed()).toEqual([]);
    expect(engines).toHaveLength(0);
  });

  it('show metrics, evaluations, class maps and what the teacher wrote as soon as they are stored', async () => {
    const { runId } = await startSmoke();
    engine().begin();
    const at = { step: 4, examplesSeen: 16 };
    const steps = Float64Array.of(3, 4);
    engine().say({
      type: 'progress',
      progress: { ...at, totalSteps: 40, totalExamples: 160, samplesPerSecond: 10 },
      series: [{ name: 'student.loss', steps, values: Float64Array.of(2, NaN) }],
    });
    const classMap = { side: 2, values: Float32Array.of(0, 0.25, 0.5, 1) };
    engine().say({
      type: 'evaluation',
      ...at,
      split: 'validation',
      weights: 'current',
      scores: { accuracy: 75 },
      classMap,
    });
    engine().say({
      type: 'teacher-examples',
      ...at,
      feedback: 0.5,
      entropy: { x: 1, y: NaN },
      examples: [{ textIndex: 3, xU: ['1'], xHat: ['2'], yHat: ['1'] }],
    });

    const [series] = await ask('metrics.read', { runId, names: ['student.loss'], maxBuckets: 16 });
    expect(series).toMatchObject({ start: [3, 4], min: [2, 'NaN'], nonFinite: [0, 1] });
    expect((await ask('runs.get', { runId })).metricNames).toEqual(['student.loss']);
    const [evaluation] = await ask('evaluations.list', { runId });
    expect(evaluation).toMatchObject({ scores: { accuracy: 75 }, hasClassMap: true });
    expect(await ask('evaluations.classMap', { runId })).toMatchObject({ side: 2, values: [0, 0.25, 0.5, 1] });
    expect(await ask('teacherExamples.list', { runId, limit: 5 })).toMatchObject([
      { step: 4, feedback: 0.5, xHat: ['2'] },
    ]);
    const appended = { runId, series: [{ name: 'student.loss', steps: [3, 4], values: [2, 'NaN'] }] };
    await vi.waitFor(() => expect(events.find(({ name }) => name === 'metrics.appended')?.body).toEqual(appended));
    expect(events.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['evaluation.added', 'teacherExamples.added']),
    );
  });

  it('pause, go on, stop, and resume from the checkpoint', async () => {
    const { runId } = await startSmoke();
    engine().begin();
    await ask('runs.pause', { runId });
    engine().say({ type: 'paused', step: 2, examplesSeen: 8 });
    expect((await ask('runs.get', { runId })).summary.status).toBe('paused');
    await ask('runs.resume', { runId });
    expect(engine().commands.at(-1)).toEqual({ type: 'continue' });
    engine().say({ type: 'continued', step: 2, examplesSeen: 8 });
    expect(await ask('runs.stop', { runId })).toMatchObject({ status: 'stopping' });
    engine().say({ type: 'stopped', step: 3, examplesSeen: 12 });
    engine().exit();
    expect(await ask('runs.resume', { runId })).toMatchObject({ status: 'starting' });
    expect(engines).toHaveLength(2);
    await expect(ask('runs.stop', { runId: 'nobody' })).rejects.toThrow(/registry\/not-found/);
  });

  it("give the labeled points that the run's training split holds", async () => {
    const { runId } = await startSmoke({ 'data.labels': 20 });
    const points = await ask('data.labeledPoints', { runId });
    const { data } = preset('two-moons-finetune-20');
    if (data.kind !== 'two-moons') throw new Error('Not Two Moons.');
    const training = await loadTwoMoons({ ...data, unlabeledTexts: 1 });
    const examples = training.tasks[0]?.train ?? [];
    const texts = examples.map(({ rows }) => training.decode(Int32Array.from(rows[0]?.x ?? []).slice(1, -1)).trim());
    expect(points.map(({ x, y }) => `${x} ${y}`)).toEqual(texts);
    expect(points.map(({ label }) => label)).toEqual(examples.map(({ label }) => label));
  });

  it('describe presets and every field', async () => {
    const presets = await ask('presets.list', {});
    expect(presets.find(({ name }) => name === 'two-moons-soft-denoising')?.title).toBe('Soft labels, denoising');
    const fields = await ask('config.fields', {});
    expect(fields.find(({ path }) => path === 'optimizer.learningRate')).toMatchObject({
      type: 'number',
      dataKind: null,
    });
  });
});
