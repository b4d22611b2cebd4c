import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listCheckpoints } from '../../src-main/registry/checkpoints.ts';
import { listEvaluations } from '../../src-main/registry/evaluations.ts';
import { listEvents } from '../../src-main/registry/events.ts';
import { listMetrics, readMetric } from '../../src-main/registry/metric-reads.ts';
import { openRegistry, type Registry } from '../../src-main/registry/open-registry.ts';
import { getRun, listRuns } from '../../src-main/registry/runs.ts';
import { listTeacherExamples } from '../../src-main/registry/teacher-examples.ts';
import { isProcessAlive } from '../../src-main/runs/process-alive.ts';
import { registryFile } from '../../src-main/runs/run-files.ts';
import { startCli, runCli, type CliResult } from '../support/cli.ts';

/** The real command, engine process, registry and executor (TensorFlow where it is set up, else what `auto` takes). */

let home: string;
let db: Registry;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'metalmo-cli-'));
  db = openRegistry(registryFile(home));
});

afterAll(() => {
  db.close();
  rmSync(home, { recursive: true });
});

function run(...args: string[]): Promise<CliResult> {
  return runCli('run', '--home', home, '--json', ...args);
}

const wholeRuns = new Map<string, Promise<CliResult>>();

/** A run that nobody disturbs; the same one for everybody who asks for the same. */
function wholeRun(args: readonly string[]): Promise<CliResult> {
  const key = args.join(' ');
  const known = wholeRuns.get(key) ?? run(...args);
  wholeRuns.set(key, known);
  return known;
}

function runIdOf({ lines, stderr }: CliResult): string {
  const runId = lines.at(-1)?.['runId'];
  if (typeof runId !== 'string') throw new Error(`no run: ${stderr}`);
  return runId;
}

/** Everything that must not depend on whether a run was interrupted. */
function results(runId: string) {
  const names = listMetrics(db, runId).map(({ name }) => name);
  const checkpoints = listCheckpoints(db, runId).map(({ kind, step, sha256, file }) => {
    const tensors = readdirSync(join(file, '..')).filter((name) => name.endsWith('.safetensors'));
    return { kind, step, sha256, tensors };
  });
  return {
    metrics: names
      .filter((name) => name !== 'samplesPerSecond' && name !== 'dataWaitShare')
      .map((name) => ({ name, ...pick(readMetric(db, runId, name)) })),
    evaluations: listEvaluations(db, runId).map(({ step, split, weights, scores }) => ({
      step,
      split,
      weights,
      scores,
    })),
    teacherExamples: listTeacherExamples(db, runId, 100).map(({ step, feedback, xU, xHat, yHat }) => ({
      step,
      feedback,
      xU,
      xHat,
      yHat,
    })),
    checkpoints,
    scores: getRun(db, runId).scores,
  };
}

function pick({ steps, values }: { steps: ArrayLike<number>; values: ArrayLike<number> }) {
  return { steps: Array.from(steps), values: Array.from(values) };
}

async function until<T>(what: string, look: () => T | undefined, seconds = 120): Promise<T> {
  const endMs = Date.now() + seconds * 1000;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (Date.now() > endMs) throw new Error(`waited ${seconds} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Starts a run and interferes once it has trained for some steps. */
async function disturbed(
  name: string,
  args: readonly string[],
  step: number,
  disturb: (runId: string, pid: number) => void,
) {
  const cli = startCli('run', '--home', home, '--json', '--name', name, ...args);
  const { runId } = await until('a run in training', () =>
    listRuns(db).find((one) => one.name === name && (one.progress?.step ?? 0) >= step),
  );
  disturb(runId, cli.process.pid ?? 0);
  return { runId, result: await cli.result };
}

// Long enough to be met in the middle (a second and a half of training), short enough to be done often.
const MLM = [
  ...['--preset', 'two-moons-mlm-smoke', '--set', 'training.epochs=18'],
  ...['--set', 'training.evaluateEveryExamples=1600'],
];
const HARD = [
  ...['--preset', 'two-moons-hard-smoke', '--set', 'training.epochs=3'],
  ...['--set', 'training.logEverySteps=3'],
];
const FINETUNE = [
  ...['--preset', 'two-moons-finetune-smoke', '--set', 'training.epochs=120'],
  ...['--set', 'training.evaluateEveryExamples=400'],
];
const SOFT = ['--preset', 'two-moons-soft-smoke'];
const COMPILED = [...MLM, '--set', 'engine.xla=true'];

describe('metalmo run', () => {
  // The other objectives are run below.
  it('trains the soft smoke preset to its end', async () => {
    const result = await wholeRun(SOFT);
    expect(result.code, result.stderr).toBe(0);
    const runId = runIdOf(result);
    expect(result.lines.at(-1)).toEqual({ runId, status: 'finished', scores: getRun(db, runId).scores });
    const { metrics, checkpoints, teacherExamples } = results(runId);
    expect(metrics.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['student.learningRate', 'teacher.learningRate']),
    );
    expect(metrics.find(({ name }) => name === 'student.learningRate')?.steps).toEqual(
      Array.from({ length: 40 }, (_, i) => i + 1),
    );
    expect(checkpoints.map(({ kind }) => kind)).toContain('latest');
    expect(teacherExamples[0]?.xHat).toHaveLength(teacherExamples[0]?.xU.length ?? -1);
  });

  describe.each([
    { objective: 'mlm', args: MLM, step: 20, isKilledToo: true },
    { objective: 'hard', args: HARD, step: 5, isKilledToo: true },
    { objective: 'finetune', args: FINETUNE, step: 20, isKilledToo: true },
    // Its batches come from another thread, which starts in the middle of the run.
    { objective: 'text mlm', args: ['--preset', 'text-mlm-smoke'], step: 20, isKilledToo: true },
    // Their steps take long to compile: once is enough.
    { objective: 'soft', args: SOFT, step: 5, isKilledToo: false },
    { objective: 'compiled mlm', args: COMPILED, step: 20, isKilledToo: false },
  ])('an interrupted $objective run', ({ objective, args, step, isKilledToo }) => {
    let expected: ReturnType<typeof results>;

    beforeAll(async () => {
      const whole = await wholeRun(args);
      expect(whole.code, whole.stderr).toBe(0);
      expected = results(runIdOf(whole));
      expect(expected.metrics.length).toBeGreaterThan(2);
    });

    it('is saved by Ctrl-C, and resumed it equals one that was not interrupted, bit for bit', async () => {
      const { runId, result } = await disturbed(`${objective} stopped`, args, step, (_runId, pid) =>
        process.kill(pid, 'SIGINT'),
      );
      expect(result.code, result.stderr).toBe(130);
      expect(result.lines.at(-1)).toMatchObject({ runId, status: 'stopped' });
      const saved = listCheckpoints(db, runId).find(({ kind }) => kind === 'latest');
      expect(saved?.step).toBeLessThan(getRun(db, runId).progress?.totalSteps ?? 0);
      const resumed = await runCli('resume', runId, '--home', home, '--json');
      expect(resumed.code, resumed.stderr).toBe(0);
      expect(results(runId)).toEqual(expected);
      // Such as that it went on with other threads than it began with.
      expect(listEvents(db, runId).filter(({ kind }) => kind === 'warning')).toEqual([]);
    });

    if (!isKilledToo) return;
    it('says why when its engine is killed, and resumed it equals one that was not, bit for bit', async () => {
      const { runId, result } = await disturbed(`${objective} killed`, args, step, (id) => {
        const started = listEvents(db, id).find(({ kind }) => kind === 'started');
        process.kill(Number(started?.details['pid']), 'SIGKILL');
      });
      expect(result.code).toBe(1);
      expect(getRun(db, runId)).toMatchObject({ status: 'interrupted', ownerPid: null });
      expect(getRun(db, runId).error?.message).toMatch(/SIGKILL.*Resume/s);
      const resumed = await runCli('resume', runId, '--home', home, '--json');
      expect(resumed.code, resumed.stderr).toBe(0);
      expect(results(runId)).toEqual(expected);
    });
  });

  it('ends its engine when it is killed itself, and the run can be resumed from another terminal', async () => {
    const whole = listRuns(db).find(
      ({ name, status, config }) => name === 'two-moons-mlm-smoke' && status === 'finished' && !config.engine.xla,
    );
    const { runId, result } = await disturbed('program killed', MLM, 20, (_id, pid) => process.kill(pid, 'SIGKILL'));
    expect(result.code).toBeNull();
    const started = listEvents(db, runId).find(({ kind }) => kind === 'started');
    const engine = Number(started?.details['pid']);
    await until('the end of the engine', () => (isProcessAlive(engine) ? undefined : true), 30);
    expect(getRun(db, runId).status).toBe('running');
    const resumed = await runCli('resume', runId, '--home', home, '--json');
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(listEvents(db, runId).map(({ kind }) => kind)).toContain('interrupted');
    expect(results(runId)).toEqual(results(whole?.runId ?? ''));
  });

  it('fine-tunes from a pretrained run, tests latest and best, and predicts every example of a split', async () => {
    const parent = listRuns(db).find(({ config, status }) => config.objective === 'mlm' && status === 'finished');
    if (parent === undefined) throw new Error('no pretrained run');
    const tuned = await run('--preset', 'two-moons-finetune-smoke', '--from', parent.runId);
    expect(tuned.code, tuned.stderr).toBe(0);
    const runId = runIdOf(tuned);
    expect(getRun(db, runId)).toMatchObject({ parentRunId: parent.runId });
    const scores = Object.keys(getRun(db, runId).scores);
    expect(scores).toEqual(
      expect.arrayContaining(['test.latest.accuracy', 'test.best-accuracy.accuracy', 'test.best-loss.loss']),
    );
    expect(listEvaluations(db, runId).every(({ hasClassMap }) => hasClassMap)).toBe(true);

    const out = join(home, 'test.jsonl');
    const predicted = await runCli('predict', runId, '--split', 'test', '--out', out, '--home', home, '--json');
    expect(predicted.code, predicted.stderr).toBe(0);
    const lines = readFileSync(out, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { idx: number; label: number });
    expect(lines.map(({ idx }) => idx)).toEqual(Array.from({ length: 1000 }, (_, idx) => idx));
    expect(new Set(lines.map(({ label }) => label))).toEqual(new Set(lines.map(({ label }) => (label === 0 ? 0 : 1))));
    expect(Object.keys(lines[0] ?? {})).toEqual(['idx', 'label']);
    // The file holds what the run was tested with.
    const accuracy = (predicted.lines.at(-1)?.['scores'] as { accuracy: number }).accuracy;
    expect(accuracy).toBe(getRun(db, runId).scores['test.best-accuracy.accuracy']);

    const shown = await runCli('show', runId, '--home', home, '--json');
    expect(shown.lines.at(-1)).toMatchObject({ runId, status: 'finished', config: { objective: 'finetune' } });
    const listed = await runCli('runs', '--home', home, '--json');
    expect(listed.lines.map((line) => line['runId'])).toEqual(listRuns(db).map((one) => one.runId));
  });
});

describe('metalmo two-moons-study', () => {
  const study = (): Promise<CliResult> =>
    runCli(
      'two-moons-study',
      ...['--objectives', 'none,mlm', '--labels', '10', '--epochs', '1', '--tag', 'tiny', '--home', home, '--json'],
      ...['--set', 'data.unlabeledTexts=100', '--set', 'training.validationSize=10'],
      ...['--pretrain-set', 'training.epochSize=64', '--finetune-set', 'training.epochs=2'],
    );

  it('runs every part once, shows the table, and does nothing twice', async () => {
    const first = await study();
    expect(first.code, first.stderr).toBe(0);
    const ofStudy = listRuns(db).filter(({ tags }) => tags.includes('tiny'));
    expect(ofStudy.map(({ config, status }) => `${config.objective} ${status}`).sort()).toEqual([
      'finetune finished',
      'finetune finished',
      'finetune finished',
      'mlm finished',
    ]);
    expect(first.lines.at(-1)).toMatchObject({
      table: [
        { row: 'no pretraining', labels: 10, seeds: 1, report: null },
        { row: 'MLM (latest)', labels: 10, seeds: 1, report: 61.4 },
        { row: 'MLM (best loss)', labels: 10, seeds: 1, report: 73.4 },
      ],
    });
    const second = await study();
    expect(second.lines).toEqual(first.lines);
    expect(listRuns(db).filter(({ tags }) => tags.includes('tiny'))).toHaveLength(4);
  });
});

describe('bad input', () => {
  let empty: string;
  let notes: string;

  beforeAll(() => {
    empty = join(mkdtempSync(join(tmpdir(), 'metalmo-bad-')), 'home');
    notes = join(empty, '..', 'notes.json');
    writeFileSync(notes, '{"hello": 1}');
  });

  afterAll(() => rmSync(join(empty, '..'), { recursive: true }));

  it.each([
    [
      'a misspelled field',
      ['run', '--preset', 'two-moons-mlm', '--set', 'optimizer.learningrte=1'],
      /optimizer\.learningRate/,
    ],
    ['a value out of range', ['run', '--preset', 'two-moons-mlm', '--set', 'model.dropout=2'], /model\.dropout/],
    ['an unknown preset', ['run', '--preset', 'two-moons-mln'], /two-moons-mlm/],
    ['a wrong file', ['run', '--preset', 'two-moons-finetune', '--from', 'NOTES'], /not a usable checkpoint/],
    [
      'a missing file',
      ['run', '--preset', 'two-moons-finetune', '--from', './no/such/checkpoint.json'],
      /no checkpoint/,
    ],
    [
      'data that were not imported',
      ['run', '--preset', 'text-finetune-cb', '--set', 'data.tokenizer=sample'],
      /data\.superglue: There is no SuperGLUE set 'superglue'/,
    ],
    ['an unknown run', ['resume', 'nothing'], /no runs in/],
    ['an unknown option', ['runs', '--jsn'], /did you mean --json/],
    ['an unknown command', ['rnu'], /did you mean 'run'/],
  ])('%s ends with one message and exit code 2, nothing written', async (_what, args, message) => {
    const [command = '', ...rest] = args.map((arg) => (arg === 'NOTES' ? notes : arg));
    const result = await runCli(command, ...rest, '--home', empty);
    expect(result.code).toBe(2);
    expect(result.stdout).toBe('');
    expect(result.stderr).toMatch(message);
    expect(result.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(existsSync(empty)).toBe(false);
  });

  it('an executor that this machine cannot use ends with one message and exit code 2, nothing written', async (context) => {
    const doctor = await runCli('doctor', '--json', '--home', empty);
    const executors = doctor.lines.at(-1)?.['executors'] as { name: string; usable: boolean }[];
    const unusable = executors.find(({ usable }) => !usable);
    if (unusable === undefined) {
      context.skip('every executor is usable here');
      return;
    }
    const args = ['--preset', 'two-moons-mlm-smoke', '--executor', unusable.name, '--home', empty];
    const result = await runCli('run', ...args);
    expect(result.code).toBe(2);
    expect(result.stdout).toBe('');
    expect(result.stderr).toContain(`Executor '${unusable.name}' can't be used here`);
    expect(existsSync(empty)).toBe(false);
  });

  it('a checkpoint of another shape is refused before there is a run', async () => {
    const parent = listRuns(db).find(({ config }) => config.objective === 'mlm');
    const file = listCheckpoints(db, parent?.runId ?? '').find(({ kind }) => kind === 'latest')?.file ?? '';
    expect(existsSync(file)).toBe(true);
    const [runs, files] = [listRuns(db).length, readdirSync(join(home, 'runs')).length];
    const result = await run('--preset', 'two-moons-finetune-smoke', '--from', file, '--set', 'model.modelDim=16');
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/another shape: expected .*\[407, 16\], got .*\[407, 8\]/);
    expect([listRuns(db).length, readdirSync(join(home, 'runs')).length]).toEqual([runs, files]);
  });
});
