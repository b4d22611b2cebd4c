import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openStudio, type Studio } from '../../../src-main/open-studio.ts';
import type { AnswerBody, EventBody, EventName, RequestInput, RequestName } from '../../../src-shared/ipc/contract.ts';
import type { EventEnvelope } from '../../../src-shared/ipc/envelope.ts';
import { FakeEngine } from '../../support/fake-engine.ts';

let home: string;
let studio: Studio;
let engines: FakeEngine[];
let events: EventEnvelope[];

function open(): void {
  engines = [];
  studio = openStudio({
    home,
    launch: FakeEngine.launcher(engines),
    doctor: () => Promise.reject(new Error('unused')),
  });
  studio.events.subscribe((event) => events.push(event));
}

async function close(): Promise<void> {
  for (const one of engines) one.exit({ code: null, signal: 'SIGKILL' });
  await studio.close();
}

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'metalmo-experiments-'));
  events = [];
  open();
});
afterEach(async () => {
  await close();
  rmSync(home, { recursive: true });
});

async function ask<Name extends RequestName>(name: Name, body: RequestInput<Name>): Promise<AnswerBody<Name>> {
  const answer = await studio.dispatch({ kind: 'request', id: 1, name, body });
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
  return answer.body as AnswerBody<Name>;
}

const SMOKE = { preset: 'two-moons-mlm-smoke', overrides: {} };
const start = (name = 'a run') => ask('runs.start', { base: SMOKE, name });
const told = <Name extends EventName>(name: Name): EventBody<Name>[] =>
  events.filter((event) => event.name === name).map(({ body }) => body as EventBody<Name>);

function finish(index: number, steps = 40): void {
  const at = { step: steps, examplesSeen: steps * 16 };
  const engine = engines[index];
  engine?.begin();
  const progress = { ...at, totalSteps: steps, totalExamples: at.examplesSeen, samplesPerSecond: 10 };
  engine?.say({ type: 'progress', progress, series: [] });
  engine?.say({ type: 'finished', ...at, scores: {} });
  engine?.exit();
}

describe('config.check', () => {
  it('says what is wrong at which field, what differs, and nothing more while something is wrong', async () => {
    const checked = await ask('config.check', {
      preset: 'two-moons-hard',
      overrides: { 'model.dropout': 3, 'optimizer.learningrate': 1, 'model.heads': 3, seed: 7 },
    });
    expect(checked.problems).toEqual([
      { path: 'model.dropout', message: 'expected a number, 0 <= value < 1, got 3' },
      { path: 'optimizer.learningrate', message: 'there is no such field; did you mean optimizer.learningRate?' },
      { path: 'model.heads', message: 'expected a divisor of model.modelDim (8), got 3' },
    ]);
    expect(checked.differences).toEqual([
      { path: 'seed', base: 0, value: 7 },
      { path: 'model.heads', base: 2, value: 3 },
      { path: 'model.dropout', base: 0.1, value: 3 },
      { path: 'optimizer.learningrate', base: null, value: 1 },
    ]);
    expect([checked.config, checked.estimate]).toEqual([null, null]);
  });

  it('takes fields of another kind of data whatever the order they were changed in', async () => {
    const overrides = { 'data.length': 64, 'data.kind': 'random-text', 'model.maxPositions': 64 };
    const checked = await ask('config.check', { preset: 'two-moons-mlm', overrides });
    expect(checked.problems).toEqual([]);
    expect(checked.config?.data).toEqual({ kind: 'random-text', length: 64 });
    expect(checked.differences).toContainEqual({ path: 'data.pointsPerText', base: 16, value: null });
  });

  it('says at their fields which data were not imported, and then no run or sweep starts', async () => {
    const form = { preset: 'text-mlm', overrides: {} };
    const checked = await ask('config.check', form);
    expect(checked.config).toBeNull();
    expect(checked.problems).toEqual([
      expect.objectContaining({
        path: 'data.tokenizer',
        message: expect.stringMatching(/no tokenizer 'wikipedia'/) as string,
      }),
      expect.objectContaining({ path: 'data.corpus' }),
      expect.objectContaining({ path: 'data.superglue' }),
    ]);
    const refusal = /^config\/invalid: .*no corpus 'wikipedia'/s;
    await expect(ask('runs.start', { base: form })).rejects.toThrow(refusal);
    const sweep = { base: form, axes: [], seeds: [0, 1] };
    expect((await ask('sweeps.check', sweep)).problems).toHaveLength(3);
    await expect(ask('sweeps.start', sweep)).rejects.toThrow(refusal);
  });

  it('counts parameters, and reckons where it knows no earlier run', async () => {
    const { estimate } = await ask('config.check', { preset: 'two-moons-hard', overrides: {} });
    expect(estimate).toMatchObject({ seconds: null, basis: expect.stringMatching(/not known.*reckoned/) as string });
    // What the checkpoint of a real run takes: 234 255 bytes (two-moons-hard-smoke).
    expect(estimate?.checkpointBytes).toBeGreaterThan(230_000);
    expect(estimate?.checkpointBytes).toBeLessThan(238_000);
    const mlm = (await ask('config.check', { preset: 'two-moons-mlm', overrides: {} })).estimate;
    expect(mlm).toMatchObject({ studentParameters: estimate?.studentParameters, teacherParameters: 0 });
    const large = (await ask('config.check', { preset: 'text-bench', overrides: {} })).estimate;
    // 30 000 x 256 embeddings, 128 positions, 6 layers, a head.
    expect(large?.studentParameters).toBeGreaterThan(12_000_000);
    expect(large?.memoryBytes).toBeGreaterThan((mlm?.memoryBytes ?? 0) * 2);
  });

  it('estimates time from earlier runs of the size, scales others by their arithmetic, and says which', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      await start();
      vi.advanceTimersByTime(4000);
      engines[0]?.begin();
      vi.advanceTimersByTime(6000);
      finish(0);
      // Setup 4 s, 640 examples in 6 s; another seed and twice the epochs cost the same per example.
      const twice = await ask('config.check', {
        preset: SMOKE.preset,
        overrides: { seed: 5, 'training.epochs': 4, 'optimizer.learningRate': 0.5 },
      });
      expect(twice.estimate).toMatchObject({
        seconds: 4 + 12,
        basis: expect.stringMatching(/^From an earlier run of this size on this machine/) as string,
      });
      const wider = await ask('config.check', { preset: SMOKE.preset, overrides: { 'model.feedForwardDim': 64 } });
      expect(wider.estimate?.basis).toMatch(/scaled from a run of another size on this machine/);
      expect(wider.estimate?.seconds).toBeGreaterThan(10);
      expect(wider.estimate?.seconds).toBeLessThan(20);
      const hard = await ask('config.check', { preset: 'two-moons-hard-smoke', overrides: {} });
      expect(hard.estimate?.seconds).toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('sweeps', () => {
  const axes = [
    { path: 'optimizer.learningRate', values: [0.01, 0.02] },
    { path: 'model.activation', values: ['gelu', 'relu'] },
  ];

  it('are every combination times the seeds, named by what differs, one group, queued in that order', async () => {
    const checked = await ask('sweeps.check', { base: SMOKE, axes, seeds: [0, 1] });
    expect(checked).toMatchObject({ runs: 8, problems: [] });
    expect(checked.preview[2]).toEqual({
      name: 'two-moons-mlm-smoke · learningRate 0.01 · activation relu · seed 0',
      overrides: { 'optimizer.learningRate': 0.01, 'model.activation': 'relu', seed: 0 },
    });
    const { sweepId, runs } = await ask('sweeps.start', {
      base: SMOKE,
      axes,
      seeds: [0, 1],
      name: 'rates',
      tags: ['x'],
    });
    expect(runs.map(({ name }) => name)).toEqual(
      ['0.01', '0.02'].flatMap((rate) =>
        ['gelu', 'relu'].flatMap((activation) =>
          [0, 1].map((seed) => `rates · learningRate ${rate} · activation ${activation} · seed ${seed}`),
        ),
      ),
    );
    expect(runs.every((run) => run.sweepId === sweepId && run.tags.includes('x'))).toBe(true);
    expect(runs.map(({ seed }) => seed)).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
    const queue = await ask('queue.get', {});
    expect(queue.running.map(({ runId }) => runId)).toEqual([runs[0]?.runId]);
    expect(queue.waiting.map(({ runId, queuePosition }) => [runId, queuePosition])).toEqual(
      runs.slice(1).map(({ runId }, index) => [runId, index]),
    );
    const { config } = await ask('runs.get', { runId: runs[7]?.runId ?? '' });
    expect(config).toMatchObject({ seed: 1, optimizer: { learningRate: 0.02 }, model: { activation: 'relu' } });
    const { groups } = await ask('runs.group', {
      selection: { scope: 'live', text: '', filters: [{ column: 'sweepId', operator: 'is', value: sweepId }] },
      by: ['config:optimizer.learningRate'],
      columns: ['seed'],
      limit: 10,
    });
    expect(groups.map(({ keys, runs: count }) => [...keys, count])).toEqual([
      [0.01, 4],
      [0.02, 4],
    ]);
  });

  it.each([
    [[{ path: 'model.dropout', values: [0.1, 2] }], [0], /0 <= value < 1/],
    [[{ path: 'model.drpout', values: [0.1] }], [0], /did you mean model.dropout/],
    [[{ path: 'seed', values: [1] }], [0], /list of seeds/],
    [[{ path: 'model.heads', values: [1, 1] }], [0], /each value once/],
    [
      [
        { path: 'model.heads', values: [1] },
        { path: 'model.heads', values: [2] },
      ],
      [0],
      /swept once/,
    ],
    [[{ path: 'model.heads', values: [2, 3] }], [0], /divisor/],
    [[], [0, 0], /each seed once/],
    [
      [{ path: 'training.epochs', values: Array.from({ length: 200 }, (_, i) => i + 1) }],
      [0, 1, 2, 3, 4, 5],
      /1000 runs/,
    ],
  ])('with %j over seeds %j are refused whole', async (bad, seeds, message) => {
    const { problems } = await ask('sweeps.check', { base: SMOKE, axes: bad, seeds });
    expect(problems.map((one) => one.message).join()).toMatch(message);
    await expect(ask('sweeps.start', { base: SMOKE, axes: bad, seeds })).rejects.toThrow(/config\/invalid/);
    expect((await ask('queue.get', {})).running).toEqual([]);
    expect(engines).toHaveLength(0);
  });
});

describe('runs', () => {
  it('are forked with what was changed, and begin with a checkpoint that outlives its run', async () => {
    const parent = await ask('runs.start', { base: { ...SMOKE, overrides: { seed: 3 } }, name: 'parent' });
    const folder = join(home, 'elsewhere', 'latest');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'state-1.safetensors'), 'weights');
    const file = join(folder, 'checkpoint-00000002.json');
    writeFileSync(file, JSON.stringify({ tensors: { file: 'state-1.safetensors' } }));
    const saved = { step: 2, examplesSeen: 32, file, bytes: 5, sha256: 'x', scores: {} };
    engines[0]?.begin();
    engines[0]?.say({ type: 'checkpoint', kind: 'best-loss', ...saved });
    const child = await ask('runs.start', {
      base: { runId: parent.runId, overrides: { 'optimizer.learningRate': 0.5 } },
      from: { runId: parent.runId, checkpoint: 'best-loss' },
    });
    expect(child).toMatchObject({ name: 'parent', preset: SMOKE.preset, parentRunId: parent.runId, seed: 3 });
    const detail = await ask('runs.get', { runId: child.runId });
    expect(detail.config).toMatchObject({ seed: 3, optimizer: { learningRate: 0.5 } });
    expect(detail.events[0]?.message).toContain(parent.runId);
    await expect(
      ask('runs.start', { base: SMOKE, from: { runId: parent.runId, checkpoint: 'latest' } }),
    ).rejects.toThrow(/no checkpoint 'latest'/);
    await expect(
      ask('runs.start', {
        base: { ...SMOKE, overrides: { 'model.modelDim': 16 } },
        from: { runId: parent.runId, checkpoint: 'best-loss' },
      }),
    ).rejects.toThrow(/checkpoint\/incompatible.*model\.modelDim is 8, not 16/s);

    rmSync(join(home, 'elsewhere'), { recursive: true });
    finish(0);
    await vi.waitFor(() => expect(engines).toHaveLength(2));
    const [command] = engines[1]?.commands ?? [];
    if (command?.type !== 'train' || command.request.start.kind !== 'weights') throw new Error('no weights');
    expect(command.request.start.file).toContain(child.runId);
    expect(existsSync(command.request.start.file)).toBe(true);
    expect(existsSync(join(command.request.start.file, '..', 'state-1.safetensors'))).toBe(true);
  });

  it('are edited together or not at all', async () => {
    const { runId } = await start();
    const edit = { name: ' better ', notes: 'note', addTags: ['a', 'b'], archived: true };
    const [edited] = await ask('runs.edit', { runIds: [runId], ...edit });
    expect(edited).toMatchObject({ name: 'better', notes: 'note', tags: ['a', 'b'] });
    expect(edited?.archivedAtMs).not.toBeNull();
    await expect(ask('runs.edit', { runIds: [runId, 'nobody'], name: 'x' })).rejects.toThrow(/not-found/);
    expect((await ask('runs.summaries', { runIds: ['nobody', runId] })).map(({ name }) => name)).toEqual(['better']);
    const [back] = await ask('runs.edit', { runIds: [runId], archived: false, removeTags: ['a'] });
    expect(back).toMatchObject({ archivedAtMs: null, tags: ['b'], notes: 'note' });
  });

  it('go to the trash and back, are purged from there alone, and never while they have an engine', async () => {
    const [running, waiting] = [await start('running'), await start('waiting')];
    const both = { runIds: [waiting.runId, running.runId] };
    await expect(ask('runs.trash', both)).rejects.toThrow(/'running' is at work; stop it first/);
    expect((await ask('queue.get', {})).waiting).toHaveLength(1);
    const only = { runIds: [waiting.runId] };
    await expect(ask('runs.purge', only)).rejects.toThrow(/not in the trash/);
    const [trashed] = await ask('runs.trash', only);
    expect(trashed).toMatchObject({ status: 'stopped', queuePosition: null });
    expect(trashed?.trashedAtMs).not.toBeNull();
    const [restored] = await ask('runs.restore', only);
    expect(restored?.trashedAtMs).toBeNull();
    await ask('runs.trash', only);
    const files = join(home, 'runs', waiting.runId);
    mkdirSync(files, { recursive: true });
    writeFileSync(join(files, 'engine.log'), 'x'.repeat(1000));
    const [use] = await ask('runs.diskUse', only);
    expect(use?.bytes).toBeGreaterThan(1000);
    expect((await ask('system.folders', {})).trashBytes).toBe(use?.bytes);
    const purged = await ask('runs.purge', only);
    expect(purged.runs).toBe(1);
    expect(purged.freedBytes).toBeGreaterThanOrEqual(1000);
    expect(existsSync(files)).toBe(false);
    expect(told('runs.removed')).toEqual([only]);
    await expect(ask('runs.get', { runId: waiting.runId })).rejects.toThrow(/not-found/);
    await expect(ask('runs.resume', { runId: waiting.runId })).rejects.toThrow(/not-found/);
  });

  it('are killed without saving: answered when the engine is gone', async () => {
    const [running, waiting] = [await start(), await start()];
    expect(await ask('runs.kill', { runId: waiting.runId })).toMatchObject({ status: 'stopped' });
    expect(await ask('runs.kill', { runId: running.runId })).toMatchObject({
      status: 'interrupted',
      error: { message: expect.stringMatching(/killed on request/) as string },
    });
    expect(engines[0]?.killed).toBe(true);
    await expect(ask('runs.kill', { runId: running.runId })).rejects.toThrow(/invalid-state/);
  });

  it('show a sparkline of at most 48 means, with gaps where nothing is finite', async () => {
    const { runId } = await start();
    engines[0]?.begin();
    const steps = Float64Array.from({ length: 1000 }, (_, index) => index + 1);
    const values = steps.map((step) => (step < 64 ? NaN : step));
    const at = { step: 1000, examplesSeen: 1, totalSteps: 1000, totalExamples: 1, samplesPerSecond: 1 };
    engines[0]?.say({ type: 'progress', progress: at, series: [{ name: 'student.loss', steps, values }] });
    const [line, none] = await ask('runs.sparklines', { runIds: [runId, 'nobody'] });
    expect(line?.values.length).toBeLessThanOrEqual(48);
    expect(line?.values.slice(0, 2)).toEqual(['NaN', 'NaN']);
    expect(line?.values[2]).toBeCloseTo(79.5);
    expect(none?.values).toEqual([]);
  });
});

describe('queue and settings', () => {
  it('are stored, and hold after a restart', async () => {
    const runs = [await start('a'), await start('b'), await start('c')];
    const ids = runs.map(({ runId }) => runId);
    const moved = await ask('queue.move', { runId: ids[2] ?? '', before: ids[1] ?? '' });
    expect(moved.waiting.map(({ name }) => name)).toEqual(['c', 'b']);
    await vi.waitFor(() =>
      expect(
        told('queue.changed')
          .at(-1)
          ?.waiting.map(({ name }) => name),
      ).toEqual(['c', 'b']),
    );
    await ask('settings.set', { notifications: false });
    await close();
    open();
    expect(await ask('settings.get', {})).toMatchObject({ notifications: false, concurrency: 1 });
    const queue = await ask('queue.get', {});
    expect([...queue.running, ...queue.waiting].map(({ name }) => name)).toEqual(['c', 'b']);
    expect((await ask('queue.setConcurrency', { concurrency: 2 })).running.map(({ name }) => name)).toEqual(['c', 'b']);
    expect(told('settings.changed').at(-1)).toMatchObject({ concurrency: 2 });
    expect(engines).toHaveLength(2);
  });

  it('tell of ends, unless that is turned off', async () => {
    await start('good');
    await start('bad');
    await start('unheard');
    finish(0);
    await vi.waitFor(() => expect(engines).toHaveLength(2));
    engines[1]?.exit({ code: null, signal: 'SIGSEGV' });
    await vi.waitFor(() => expect(engines).toHaveLength(3));
    await ask('settings.set', { notifications: false });
    finish(2);
    expect(told('notification')).toEqual([
      expect.objectContaining({ title: 'good has finished', kind: 'good', text: '40 steps.' }),
      expect.objectContaining({
        title: 'bad has failed',
        kind: 'bad',
        text: expect.stringMatching(/SIGSEGV.*Resume/s) as string,
      }),
    ]);
  });
});
