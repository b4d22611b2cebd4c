import { describe, expect, it } from 'vitest';
import { RunConfig } from '../../../../src-shared/config/run-config.ts';
import type { TrainReport, TrainRequest, TrainStart } from '../../../../src-shared/ipc/engine-protocol.ts';
import { TrainReport as TrainReportSchema } from '../../../../src-shared/ipc/engine-protocol.ts';
import { NON_FINITE_STEPS_LIMIT, train } from '../../../../src-main/engine/train/trainer.ts';
import { TrainControl } from '../../../../src-main/engine/train/train-control.ts';
import { fakeTraining, type FakeTraining } from '../../../support/fake-training.ts';

/** 2 micro-batches of 1 example per step, 20 steps; logs every 3 steps, evaluates every 8 and saves every 10 examples. */
function request(start: TrainStart = { kind: 'fresh' }, training: Partial<RunConfig['training']> = {}): TrainRequest {
  const config = RunConfig.parse({
    objective: 'mlm',
    training: {
      batchSize: 1,
      accumulation: 2,
      epochSize: 20,
      epochs: 2,
      logEverySteps: 3,
      evaluateEveryExamples: 8,
      checkpointEveryExamples: 10,
      feedbackEveryExamples: 12,
      teacherExamplesEveryExamples: 16,
      ...training,
    },
  });
  return {
    runId: 'r',
    config,
    dataDirectory: '/nowhere',
    checkpointDirectory: '/nowhere',
    start,
    bestFiles: { 'best-loss': 'best-loss' },
  };
}

async function collect(fake: FakeTraining, asked: TrainRequest, control = new TrainControl()): Promise<TrainReport[]> {
  const reports: TrainReport[] = [];
  for await (const report of train(asked, control, fake.parts)) {
    TrainReportSchema.parse(report);
    reports.push(report);
  }
  return reports;
}

/** Every logged point but those of the clock. */
function points(reports: readonly TrainReport[]): string[] {
  return reports
    .flatMap((report) => (report.type === 'progress' ? report.series : []))
    .filter(({ name }) => name !== 'samplesPerSecond')
    .flatMap(({ name, steps, values }) => [...steps].map((step, i) => `${name}@${step}=${values[i]}`))
    .sort();
}

function ofType<T extends TrainReport['type']>(reports: readonly TrainReport[], type: T) {
  return reports.filter((report): report is Extract<TrainReport, { type: T }> => report.type === type);
}

describe('train', () => {
  it('logs the mean over each interval, the last learning rate, and h where it was measured', async () => {
    const fake = fakeTraining();
    const logged = points(await collect(fake, request()));
    // After micro-batch i the weight is the i-th triangular number; an interval covers 6 micro-batches.
    const w = (i: number): number => ((i + 1) * (i + 2)) / 2;
    const mean = [0, 1, 2, 3, 4, 5].map((i) => 1000 - w(i)).reduce((a, b) => a + b, 0) / 6;
    expect(logged).toContain(`student.loss@3=${mean}`);
    expect(logged).toContain(`student.learningRate@3=${1 / 6}`);
    expect(logged).toContain('feedback.h@6=0.5');
    expect(logged.filter((point) => point.startsWith('feedback.h@'))).toHaveLength(3);
    // The last, shorter interval is logged as well.
    expect(logged.filter((point) => point.startsWith('student.loss@')).at(-1)).toMatch(/student.loss@/);
    expect(logged.some((point) => point.startsWith('student.loss@20='))).toBe(true);
  });

  it('shows what the teacher writes, in time', async () => {
    const shown = ofType(await collect(fakeTraining(), request()), 'teacher-examples');
    // The same texts every time, in as many calls as they need; the end is always among them.
    const examples = [
      { textIndex: 50, xU: ['5'], xHat: ['7'], yHat: ['8'] },
      { textIndex: 60, xU: ['6'], xHat: ['7'], yHat: ['8'] },
    ];
    expect(shown).toEqual(
      [8, 16, 20].map((step) => ({
        type: 'teacher-examples',
        step,
        examplesSeen: 2 * step,
        entropy: { x: 0.5, y: 0.25 },
        examples,
      })),
    );
  });

  it('keeps a checkpoint of its own every so many examples, and none unless asked', async () => {
    const kinds = async (asked: TrainRequest) =>
      ofType(await collect(fakeTraining(), asked), 'checkpoint').map(({ kind, step }) => `${kind}@${step}`);
    const kept = await kinds(request({ kind: 'fresh' }, { keepCheckpointEveryExamples: 14 }));
    // Two examples a step: 14 and 28 of the 40.
    expect(kept.filter((kind) => kind.startsWith('step-'))).toEqual(['step-7@7', 'step-14@14']);
    expect((await kinds(request())).filter((kind) => kind.startsWith('step-'))).toEqual([]);
  });

  it('trains alike whether a call takes one micro-batch or a whole step', async () => {
    const [one, two] = [fakeTraining(), fakeTraining({ microBatchesPerCall: 2 })];
    await collect(one, request());
    await collect(two, request());
    expect(two.files.get('latest')?.variables).toEqual(one.files.get('latest')?.variables);
  });

  it('evaluates, keeps the best per metric, and tests latest and best at the end', async () => {
    const fake = fakeTraining();
    // Accuracy peaks early: its best checkpoint is the first, the loss's is the last.
    fake.validationScore = (weight) => ({ loss: 1000 - weight, accuracy: -weight });
    const reports = await collect(fake, request());
    const evaluations = ofType(reports, 'evaluation');
    expect(evaluations.filter(({ split }) => split === 'validation').map(({ step }) => step)).toEqual([
      4, 8, 12, 16, 20,
    ]);
    expect(
      ofType(reports, 'checkpoint')
        .filter(({ kind }) => kind === 'best-accuracy')
        .map(({ step }) => step),
    ).toEqual([4]);
    const [finished] = ofType(reports, 'finished');
    const at = (step: number): number => (2 * step * (2 * step + 1)) / 2;
    expect(finished?.scores).toMatchObject({
      'test.latest.accuracy': at(20),
      'test.best-accuracy.accuracy': at(4),
      'test.best-loss.accuracy': at(20),
      'validation.best.accuracy': -at(4),
    });
    expect(reports.at(-1)?.type).toBe('finished');
    expect(fake.disposed).toEqual(['session', 'executor', 'source']);
  });

  it('reports what was logged before the checkpoint that covers it', async () => {
    const reports = await collect(fakeTraining(), request());
    const seen = new Set<number>();
    for (const report of reports) {
      if (report.type === 'progress') report.series.forEach(({ steps }) => steps.forEach((step) => seen.add(step)));
      if (report.type === 'checkpoint') for (let step = 3; step <= report.step; step += 3) expect(seen).toContain(step);
    }
  });

  it.each([1, 2, 4, 7, 13, 19])(
    'repeats an uninterrupted run exactly when stopped after step %i and resumed',
    async (step) => {
      const whole = fakeTraining();
      const expected = await collect(whole, request());
      const parted = fakeTraining();
      const control = new TrainControl();
      parted.onCall = (index) => {
        if (index === 2 * step - 1) control.stop();
      };
      const first = await collect(parted, request(), control);
      expect(first.at(-1)).toEqual({ type: 'stopped', step, examplesSeen: 2 * step });
      parted.onCall = () => undefined;
      const second = await collect(parted, request({ kind: 'resume', file: 'latest' }));
      expect(points([...first, ...second])).toEqual(points(expected));
      expect(Object.fromEntries(parted.files)).toEqual(Object.fromEntries(whole.files));
      expect(ofType(second, 'finished')).toEqual(ofType(expected, 'finished'));
      expect([...ofType(first, 'evaluation'), ...ofType(second, 'evaluation')]).toEqual(ofType(expected, 'evaluation'));
    },
  );

  it('saves and waits when paused, and goes on to the same end', async () => {
    const whole = fakeTraining();
    await collect(whole, request());
    const fake = fakeTraining();
    const control = new TrainControl();
    fake.onCall = (index) => {
      if (index === 9) control.pause();
    };
    const types: string[] = [];
    for await (const report of train(request(), control, fake.parts)) {
      types.push(report.type);
      if (report.type === 'paused') {
        expect(report.step).toBe(5);
        setTimeout(() => control.continue(), 10);
      }
    }
    expect(types.slice(types.indexOf('paused'), types.indexOf('paused') + 2)).toEqual(['paused', 'continued']);
    expect(fake.files.get('latest')).toEqual(whole.files.get('latest'));
  });

  it('begins with the student of another checkpoint where weights are given', async () => {
    const fake = fakeTraining();
    fake.files.set('other', { variables: { 'student.parameters': Float32Array.of(5000) }, state: undefined as never });
    await collect(fake, request({ kind: 'weights', file: 'other' }));
    expect(fake.files.get('latest')?.variables).toEqual({ 'student.parameters': Float32Array.of(5000 + 820) });
  });

  it('counts a NaN loss, leaves it out of the mean, and goes on', async () => {
    const fake = fakeTraining();
    fake.lossAt = (index, loss) => (index === 2 || index === 3 ? NaN : loss);
    const reports = await collect(fake, request());
    expect(points(reports)).toContain('nonFinite@3=2');
    expect(points(reports)).toContain(`student.loss@3=${(999 + 997 + 985 + 979) / 4}`);
    expect(ofType(reports, 'warning')).toHaveLength(1);
    expect(reports.at(-1)?.type).toBe('finished');
  });

  it('fails with a remedy when every loss of one model stays NaN', async () => {
    const fake = fakeTraining();
    fake.lossAt = (index, loss) => (index >= 10 ? NaN : loss);
    const asked = request({ kind: 'fresh' }, { epochSize: 1000 });
    await expect(collect(fake, asked)).rejects.toThrow(/lower optimizer\.learningRate \(now 0\.08\)/);
    expect(fake.disposed).toEqual(['session', 'executor', 'source']);
    expect(NON_FINITE_STEPS_LIMIT).toBe(100);
  });

  it('fails a run of which no step had a finite loss, however short', async () => {
    const fake = fakeTraining();
    fake.lossAt = () => NaN;
    await expect(collect(fake, request())).rejects.toThrow(/NaN or infinite/);
  });
});
