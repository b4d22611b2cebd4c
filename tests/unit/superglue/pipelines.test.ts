import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openStudio, type Studio } from '../../../src-main/open-studio.ts';
import { openRegistry } from '../../../src-main/registry/open-registry.ts';
import { predictionFiles } from '../../../src-main/superglue/prediction-files.ts';
import type { AnswerBody, RequestInput, RequestName } from '../../../src-shared/ipc/contract.ts';
import type { PipelineDetail } from '../../../src-shared/ipc/contract/superglue.ts';
import type { PredictRequest, TrainRequest } from '../../../src-shared/ipc/engine-protocol.ts';
import type { EventEnvelope } from '../../../src-shared/ipc/envelope.ts';
import type { Scores } from '../../../src-shared/run/records.ts';
import { FakeEngine } from '../../support/fake-engine.ts';
import { writeFakeSet } from './fake-set.ts';

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

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'metalmo-pipelines-'));
  writeFakeSet(home, 'glue', {
    CB: { train: 250, val: 56, test: 250 },
    RTE: { train: 64, val: 20, test: 30 },
    'AX-b': { test: 5 },
    WSC: { train: 10 },
  });
  events = [];
  open();
});
afterEach(async () => {
  await close();
  rmSync(home, { recursive: true });
});

async function close(): Promise<void> {
  for (const engine of engines) engine.exit({ code: null, signal: 'SIGKILL' });
  await studio.close();
}

async function ask<Name extends RequestName>(name: Name, body: RequestInput<Name>): Promise<AnswerBody<Name>> {
  const answer = await studio.dispatch({ kind: 'request', id: 1, name, body });
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
  return JSON.parse(JSON.stringify(answer.body)) as AnswerBody<Name>;
}

const NEW: RequestInput<'superglue.start'> = {
  from: null,
  tasks: ['CB', 'RTE'],
  learningRates: [0.04, 0.01],
  superglue: 'glue',
  overrides: { 'data.tokenizer': 'words' },
};
const start = (body: Partial<typeof NEW> = {}): Promise<PipelineDetail> => ask('superglue.start', { ...NEW, ...body });
const get = (pipelineId: string): Promise<PipelineDetail> => ask('superglue.get', { pipelineId });

function trainOf(engine: FakeEngine): TrainRequest | undefined {
  return engine.commands.flatMap((command) => (command.type === 'train' ? [command.request] : []))[0];
}
function predictOf(engine: FakeEngine): PredictRequest | undefined {
  return engine.commands.flatMap((command) => (command.type === 'predict' ? [command.request] : []))[0];
}

/** The newest engine that trains. */
const trainer = (): FakeEngine => engines.findLast((engine) => trainOf(engine) !== undefined) as FakeEngine;
/** What the newest engine that predicts was asked; waits for it. */
async function predictor(checkpoint: string, split: string): Promise<{ engine: FakeEngine; request: PredictRequest }> {
  return vi.waitFor(() => {
    const engine = engines.findLast((one) => predictOf(one) !== undefined);
    const request = engine === undefined ? undefined : predictOf(engine);
    if (engine === undefined || request === undefined) throw new Error('nothing is predicted');
    expect([request.checkpointFile, request.split]).toEqual([checkpoint, split]);
    return { engine, request };
  });
}

const file = (engine: FakeEngine): string => `${trainOf(engine)?.runId ?? ''}-best`;

/** Evaluates, saves its best and ends. */
function finish(engine: FakeEngine, scores: Scores): string {
  const at = { step: 10, examplesSeen: 160 };
  engine.begin();
  engine.say({
    type: 'progress',
    progress: { ...at, totalSteps: 20, totalExamples: 320, samplesPerSecond: 16 },
    series: [],
  });
  engine.say({ type: 'evaluation', ...at, split: 'validation', weights: 'current', scores });
  engine.say({
    type: 'checkpoint',
    ...at,
    kind: 'best-Overall',
    file: file(engine),
    bytes: 1,
    sha256: file(engine),
    scores,
  });
  engine.say({ type: 'finished', ...at, scores: {} });
  engine.exit();
  return file(engine);
}

/** Answers a prediction as the engine does: the file first. */
function answer({ engine, request }: { engine: FakeEngine; request: PredictRequest }, scores: Scores = {}): void {
  writeFileSync(request.outFile, '{"idx":0,"label":"x"}\n');
  engine.tell({ type: 'predicted', file: request.outFile, lines: 1, scores });
  engine.exit();
}

describe('a pipeline', () => {
  it('fine-tunes every task at every rate, predicts with the best of each, and has both metrics in its table', async () => {
    const { summary, cells } = await start();
    const { pipelineId } = summary;
    expect(summary).toMatchObject({
      status: 'running',
      source: null,
      runs: { total: 4, working: 1, waiting: 3 },
      average: null,
    });
    expect(cells.map(({ task, learningRate, status }) => [task, learningRate, status])).toEqual([
      ['CB', 0.04, 'starting'],
      ['CB', 0.01, 'queued'],
      ['RTE', 0.04, 'queued'],
      ['RTE', 0.01, 'queued'],
    ]);
    finish(trainer(), { CB_F1: 40, CB_Acc: 60, loss: 1 });
    await vi.waitFor(() => expect(engines).toHaveLength(2));
    expect((await get(pipelineId)).tasks[0]).toMatchObject({ score: 50, validation: { state: 'waiting' } });
    const best = finish(trainer(), { CB_F1: 50, CB_Acc: 60, loss: 1 });

    // The task's runs have ended, so its best run predicts while the next task trains.
    const validation = await predictor(best, 'validation');
    const runId = (await get(pipelineId)).tasks[0]?.best?.runId ?? '';
    expect(validation.request).toMatchObject({
      config: { data: { tasks: 'CB' }, optimizer: { learningRate: 0.01 } },
      outFile: predictionFiles(home, runId, 'validation').lines,
      detailsFile: predictionFiles(home, runId, 'validation').details,
    });
    answer(validation, { CB_F1: 42, CB_Acc: 62, loss: 1 });
    await vi.waitFor(async () => expect((await get(pipelineId)).tasks[0]?.validation.state).toBe('done'));
    expect((await get(pipelineId)).summary).toMatchObject({
      status: 'running',
      scores: { CB_F1: 42, CB_Acc: 62 },
      average: 52,
    });
    expect((await get(pipelineId)).tasks[0]?.test.state).toBe('waiting');

    const first = finish(trainer(), { RTE: 60, loss: 0.5 });
    await vi.waitFor(() => expect(trainOf(trainer())?.config.optimizer.learningRate).toBe(0.01));
    finish(trainer(), { RTE: 60, loss: 0.6 });
    // Equal scores: the lower loss.
    answer(await predictor(first, 'validation'), { RTE: 61 });
    answer(await predictor(best, 'test'));
    answer(await predictor(first, 'test'));
    const axB = await vi.waitFor(async () => {
      const found = await predictor(first, 'test');
      expect(found.request.task).toBe('AX-b');
      return found;
    });
    expect((await get(pipelineId)).summary.status).toBe('predicting');
    answer(axB);
    await vi.waitFor(async () => expect((await get(pipelineId)).summary.status).toBe('finished'));
    const done = await get(pipelineId);
    expect(done.summary).toMatchObject({ scores: { CB_F1: 42, CB_Acc: 62, RTE: 61 }, average: 56.5, share: 1 });
    expect(done.diagnostics).toMatchObject([
      { name: 'AX-b', prediction: { state: 'done', lines: 1 } },
      { name: 'AX-g', prediction: { state: 'unavailable' } },
    ]);
    expect(done.cells.map(({ isBest }) => isBest)).toEqual([false, true, true, false]);
    await vi.waitFor(() =>
      expect(events.findLast(({ name }) => name === 'superglue.changed')?.body).toMatchObject({ status: 'finished' }),
    );

    // Two dozen runs are one group: its end is told once.
    const told = events.filter(({ name }) => name === 'notification').map(({ body }) => body);
    expect(told).toEqual([
      {
        runId: done.tasks[0]?.best?.runId,
        title: 'SuperGLUE, untrained has finished',
        text: 'Average of CB, RTE: 56.5 on validation.',
        kind: 'good',
      },
    ]);

    const zip = await ask('superglue.zip', { pipelineId, withContent: true });
    expect(zip.entries.map(({ name }) => name)).toEqual(['CB.jsonl', 'RTE.jsonl', 'AX-b.jsonl']);
    expect(zip.missing).toContain('AX-g.jsonl');
    expect(Buffer.from(zip.base64 ?? '', 'base64')).toHaveLength(zip.bytes);
    expect(existsSync(zip.file)).toBe(true);
  });

  it('goes on after a restart with what is missing, and predicts nothing twice', async () => {
    const { summary } = await start({ tasks: ['CB'] });
    const { pipelineId } = summary;
    finish(trainer(), { CB_F1: 40, CB_Acc: 60 });
    await vi.waitFor(() => expect(engines).toHaveLength(2));
    const best = finish(trainer(), { CB_F1: 50, CB_Acc: 60 });
    answer(await predictor(best, 'validation'), { CB_F1: 50, CB_Acc: 60 });
    await predictor(best, 'test');
    await close();
    // The process is gone, and another one opens the home.
    const db = openRegistry(join(home, 'registry.sqlite'));
    db.prepare('UPDATE pipelines SET owner_pid = ?').run(2 ** 22 + 1);
    db.close();
    open();
    const test = await predictor(best, 'test');
    expect(engines).toHaveLength(1);
    answer(test);
    await vi.waitFor(async () => expect((await get(pipelineId)).summary.status).toBe('finished'));
    await ask('superglue.resume', { pipelineId });
    expect(engines).toHaveLength(1);
  });

  it('stops as a whole and goes on where it was', async () => {
    const { pipelineId } = (await start()).summary;
    trainer().begin();
    const stopped = await ask('superglue.stop', { pipelineId });
    expect(stopped.cells.map(({ status }) => status)).toEqual(['stopping', 'stopped', 'stopped', 'stopped']);
    trainer().say({ type: 'stopped', step: 3, examplesSeen: 48 });
    trainer().exit();
    await vi.waitFor(async () => expect((await get(pipelineId)).summary.status).toBe('incomplete'));
    expect(engines).toHaveLength(1);
    const resumed = await ask('superglue.resume', { pipelineId });
    expect(resumed.summary).toMatchObject({ status: 'running', runs: { working: 1, waiting: 3, endedEarly: 0 } });
  });

  it('is not stopped here while another program works on it', async () => {
    const { pipelineId } = (await start()).summary;
    const db = openRegistry(join(home, 'registry.sqlite'));
    // Process 1 is alive, and not this one.
    db.prepare("UPDATE runs SET owner_pid = 1 WHERE status = 'queued'").run();
    db.close();
    await expect(ask('superglue.stop', { pipelineId })).rejects.toThrow('stop it there');
    expect((await get(pipelineId)).summary.runs).toMatchObject({ working: 1, waiting: 3 });
  });

  it('gives up a prediction when it is stopped, and makes it when it goes on', async () => {
    const { pipelineId } = (await start({ tasks: ['CB'], learningRates: [0.01] })).summary;
    const best = finish(trainer(), { CB_F1: 40, CB_Acc: 60 });
    const { engine } = await predictor(best, 'validation');
    expect((await ask('superglue.stop', { pipelineId })).summary.status).toBe('incomplete');
    expect(engine.killed).toBe(true);
    await vi.waitFor(async () => expect((await get(pipelineId)).tasks[0]?.validation.state).toBe('waiting'));
    await ask('superglue.resume', { pipelineId });
    await vi.waitFor(async () => expect((await get(pipelineId)).tasks[0]?.validation.state).toBe('working'));
    expect(engines.filter((one) => predictOf(one) !== undefined)).toHaveLength(2);
  });

  it('does without runs that diverge, and says why something could not be predicted until it is tried again', async () => {
    const { pipelineId } = (await start({ tasks: ['CB'] })).summary;
    trainer().begin();
    const details = { nonFiniteSteps: 100 };
    trainer().tell({ type: 'failed', error: { code: 'run/failed', message: 'It has diverged.', details } });
    await vi.waitFor(() => expect(engines).toHaveLength(2));
    const best = finish(trainer(), { CB_F1: 50, CB_Acc: 60 });
    const validation = await predictor(best, 'validation');
    validation.engine.fail('no memory');
    answer(await predictor(best, 'test'));
    await vi.waitFor(async () => expect((await get(pipelineId)).summary.status).toBe('incomplete'));
    const failed = await get(pipelineId);
    expect(failed.cells[0]).toMatchObject({ status: 'failed', error: 'It has diverged.' });
    expect(failed.summary.runs).toMatchObject({ finished: 1, diverged: 1, endedEarly: 0 });
    expect(failed.tasks[0]?.validation).toMatchObject({ state: 'failed', message: 'no memory' });
    await ask('superglue.resume', { pipelineId });
    answer(await predictor(best, 'validation'));
    await vi.waitFor(async () => expect((await get(pipelineId)).summary.status).toBe('finished'));
    // A resumed run equals an uninterrupted one: what diverged would do so again.
    expect(engines.filter((engine) => trainOf(engine) !== undefined)).toHaveLength(2);
  });

  it('predicts other tasks although a run of one is still to be resumed', async () => {
    const { pipelineId } = (await start({ learningRates: [0.01] })).summary;
    trainer().begin();
    trainer().exit({ code: null, signal: 'SIGKILL' });
    await vi.waitFor(() => expect(engines).toHaveLength(2));
    const rte = finish(trainer(), { RTE: 55 });
    answer(await predictor(rte, 'validation'));
    answer(await predictor(rte, 'test'));
    answer(await predictor(rte, 'test'));
    await vi.waitFor(async () => expect((await get(pipelineId)).summary.status).toBe('incomplete'));
    expect((await get(pipelineId)).cells[0]).toMatchObject({ status: 'interrupted', isBest: false });
  });

  it('is found by what it fine-tunes, gets another name, and lists newest first', async () => {
    const parent = await ask('runs.start', {
      base: { preset: 'text-mlm-smoke', overrides: { 'data.tokenizer': 'words', 'data.superglue': 'glue' } },
      name: 'parent',
    });
    trainer().begin();
    const at = { step: 1, examplesSeen: 1 };
    trainer().say({ type: 'checkpoint', ...at, kind: 'latest', file: 'f', bytes: 1, sha256: 'x', scores: {} });
    trainer().say({ type: 'finished', ...at, scores: {} });
    trainer().exit();
    const { pipelineId } = (await start({ from: { runId: parent.runId }, superglue: undefined, overrides: {} }))
      .summary;
    const other = await start();
    await ask('superglue.rename', { pipelineId, name: 'renamed' });
    expect((await ask('superglue.list', {})).map((one) => one.pipelineId)).toEqual([
      other.summary.pipelineId,
      pipelineId,
    ]);
    expect(await ask('superglue.list', { sourceRunIds: [parent.runId] })).toMatchObject([
      { pipelineId, name: 'renamed', source: { runId: parent.runId, name: 'parent', checkpoint: 'latest' } },
    ]);
    expect((await ask('runs.summaries', { runIds: [(await get(pipelineId)).cells[0]?.runId ?? ''] }))[0]).toMatchObject(
      {
        sweepId: pipelineId,
        parentRunId: parent.runId,
      },
    );
  });

  it('goes to the trash with its runs and back, and is forgotten with the last of them', async () => {
    const { summary, cells } = await start({ tasks: ['CB'] });
    const { pipelineId } = summary;
    await expect(ask('superglue.trash', { pipelineIds: [pipelineId] })).rejects.toThrow('stop it first');
    await ask('superglue.stop', { pipelineId });
    trainer().exit({ code: null, signal: 'SIGKILL' });
    const runIds = cells.flatMap(({ runId }) => runId ?? []);
    await vi.waitFor(async () => expect((await get(pipelineId)).summary.runs.working).toBe(0));
    // One by itself: its place in the grid is empty.
    await ask('runs.trash', { runIds: runIds.slice(0, 1) });
    expect((await get(pipelineId)).cells.map(({ status }) => status)).toEqual(['deleted', 'stopped']);
    await ask('superglue.trash', { pipelineIds: [pipelineId] });
    expect(await ask('superglue.list', {})).toEqual([]);
    expect(await ask('superglue.list', { scope: 'trash' })).toMatchObject([{ pipelineId }]);
    await expect(ask('superglue.resume', { pipelineId })).rejects.toThrow('restore it first');
    // Back come the runs that went with it.
    await ask('superglue.restore', { pipelineIds: [pipelineId] });
    expect((await get(pipelineId)).cells.map(({ status }) => status)).toEqual(['deleted', 'stopped']);
    await ask('superglue.trash', { pipelineIds: [pipelineId] });
    await ask('runs.purge', { runIds });
    expect(await ask('superglue.list', { scope: 'trash' })).toEqual([]);
    expect(events.findLast(({ name }) => name === 'superglue.removed')?.body).toEqual({ pipelineIds: [pipelineId] });
  });

  it('says at the field what is wrong before it starts, and writes nothing then', async () => {
    const check = (body: Partial<typeof NEW>) => ask('superglue.check', { ...NEW, ...body });
    expect(await check({})).toMatchObject({
      runs: [{ task: 'CB', learningRate: 0.04, seed: 0 }, {}, {}, {}],
      problems: [],
    });
    const paths = async (body: Partial<typeof NEW>) => (await check(body)).problems.map(({ path }) => path);
    expect(await paths({ superglue: 'none' })).toEqual(['superglue']);
    expect(await paths({ tasks: ['WSC'] })).toEqual(['tasks']);
    expect(await paths({ overrides: { 'data.tokenizer': 'unknown' } })).toEqual(['data.tokenizer']);
    await expect(start({ tasks: ['WSC'] })).rejects.toThrow(/config\/invalid.*WSC/s);
    await expect(start({ from: { runId: 'nobody' } })).rejects.toThrow('registry/not-found');
    expect(await ask('superglue.list', {})).toEqual([]);
    await expect(ask('superglue.zip', { pipelineId: 'nobody' })).rejects.toThrow('registry/not-found');
  });
});
