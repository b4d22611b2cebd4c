import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src-shared/app-error.ts';
import { preset } from '../../../src-shared/config/presets/preset.ts';
import {
  parseEngineMessage,
  type EngineCommand,
  type EngineMessage,
  type TrainReport,
} from '../../../src-shared/ipc/engine-protocol.ts';
import { serveEngine, type EngineWork } from '../../../src-main/engine-host/engine-host.ts';
import type { ParentChannel } from '../../../src-main/engine-host/parent-channel.ts';

const TRAIN: EngineCommand = {
  type: 'train',
  request: {
    runId: 'r',
    config: preset('two-moons-mlm-smoke'),
    dataDirectory: '/nowhere',
    checkpointDirectory: '/nowhere',
    start: { kind: 'fresh' },
    bestFiles: {},
  },
};

class FakeParent implements ParentChannel {
  readonly messages: EngineMessage[] = [];
  #listener: (message: unknown) => void = () => undefined;
  #close: () => void = () => undefined;

  async send(message: unknown): Promise<void> {
    // As over a real wire: cloned, and valid on the other side.
    this.messages.push(parseEngineMessage(structuredClone(message)));
  }
  onMessage(listener: (message: unknown) => void): void {
    this.#listener = listener;
  }
  onClose(listener: () => void): void {
    this.#close = listener;
  }
  tell(command: unknown): void {
    this.#listener(structuredClone(command));
  }
  leave(): void {
    this.#close();
  }
  get reports(): TrainReport[] {
    return this.messages.flatMap((message) => (message.type === 'report' ? [message.report] : []));
  }
  acknowledgeAll(): void {
    this.tell({ type: 'acknowledge', sequence: this.reports.length });
  }
}

function warning(step: number): TrainReport {
  return { type: 'warning', step, examplesSeen: step, message: 'x' };
}

function work(train: EngineWork['train']): EngineWork {
  return {
    train,
    predict: async ({ outFile }) => ({ file: outFile, lines: 3, scores: { accuracy: NaN } }),
    exportCheckpoint: async () => ({ kind: 'latest', step: 1, folder: '/out', files: [] }),
    importExport: () => Promise.reject(new AppError('file/invalid', 'no export')),
    makeData: () => Promise.reject(new AppError('input/invalid', 'no data')),
    answerDataQuery: () => Promise.reject(new AppError('input/invalid', 'no answer')),
  };
}

async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
}

describe('serveEngine', () => {
  it('reports in order, waits until the last report is stored, and ends with 0', async () => {
    const parent = new FakeParent();
    const code = serveEngine(
      parent,
      work(async function* () {
        yield warning(1);
        yield warning(2);
      }),
    );
    parent.tell(TRAIN);
    await settle();
    expect(parent.messages[0]).toMatchObject({ type: 'ready', pid: process.pid });
    expect(parent.reports).toEqual([warning(1), warning(2)]);
    const early = await Promise.race([code, settle().then(() => 'still waiting')]);
    expect(early).toBe('still waiting');
    parent.acknowledgeAll();
    expect(await code).toBe(0);
  });

  it('holds the training back while its owner does not keep up', async () => {
    const parent = new FakeParent();
    let made = 0;
    void serveEngine(
      parent,
      work(async function* () {
        while (made < 1000) yield warning(made++);
      }),
    );
    parent.tell(TRAIN);
    await settle();
    const first = parent.reports.length;
    expect(first).toBe(16);
    expect(made).toBeLessThanOrEqual(17);
    parent.acknowledgeAll();
    await settle();
    expect(parent.reports).toHaveLength(32);
    parent.leave();
  });

  it('carries NaN and typed arrays', async () => {
    const parent = new FakeParent();
    void serveEngine(
      parent,
      work(async function* () {
        yield {
          type: 'progress',
          progress: { step: 1, totalSteps: 2, examplesSeen: 4, totalExamples: 8, samplesPerSecond: 0 },
          series: [{ name: 'loss', steps: Float64Array.of(1), values: Float64Array.of(NaN) }],
        };
      }),
    );
    parent.tell(TRAIN);
    await settle();
    expect(parent.reports).toMatchObject([{ series: [{ values: Float64Array.of(NaN) }] }]);
    parent.leave();
  });

  it('hands stop, pause and continue to the training', async () => {
    const parent = new FakeParent();
    const seen: string[] = [];
    const code = serveEngine(
      parent,
      work(async function* (_request, control) {
        while (!control.stopRequested) {
          seen.push(control.pauseRequested ? 'paused' : 'at work');
          await control.whilePaused();
          await new Promise((resolve) => setImmediate(resolve));
        }
        yield warning(7);
      }),
    );
    parent.tell(TRAIN);
    await settle();
    parent.tell({ type: 'pause' });
    await settle();
    const pausedAt = seen.length;
    expect(seen.at(-1)).toBe('paused');
    await settle();
    expect(seen).toHaveLength(pausedAt);
    parent.tell({ type: 'continue' });
    await settle();
    expect(seen.at(-1)).toBe('at work');
    parent.tell({ type: 'stop' });
    await settle();
    parent.acknowledgeAll();
    expect(await code).toBe(0);
  });

  it('sends what the training failed with as data', async () => {
    const parent = new FakeParent();
    const code = serveEngine(
      parent,
      work(async function* () {
        throw new AppError('executor/out-of-memory', 'lower the batch size', { bytes: 7 });
      }),
    );
    parent.tell(TRAIN);
    expect(await code).toBe(0);
    expect(parent.messages.at(-1)).toEqual({
      type: 'failed',
      error: { code: 'executor/out-of-memory', message: 'lower the batch size', details: { bytes: 7 } },
    });
  });

  it('refuses a second task and what is no command, and says so', async () => {
    const parent = new FakeParent();
    void serveEngine(
      parent,
      work(async function* () {
        await new Promise(() => undefined);
        yield warning(1);
      }),
    );
    parent.tell(TRAIN);
    parent.tell(TRAIN);
    parent.tell({ type: 'dance' });
    await settle();
    expect(parent.messages.filter(({ type }) => type === 'failed')).toMatchObject([
      { error: { code: 'run/invalid-state' } },
      { error: { code: 'ipc/invalid' } },
    ]);
    parent.leave();
  });

  it('ends with 1 when its owner is gone', async () => {
    const parent = new FakeParent();
    const code = serveEngine(
      parent,
      work(async function* () {
        await new Promise(() => undefined);
        yield warning(1);
      }),
    );
    parent.tell(TRAIN);
    parent.leave();
    expect(await code).toBe(1);
  });

  it('predicts', async () => {
    const parent = new FakeParent();
    const code = serveEngine(
      parent,
      work(async function* () {}),
    );
    const config = preset('two-moons-finetune-smoke');
    parent.tell({
      type: 'predict',
      request: { config, dataDirectory: 'd', checkpointFile: 'c', split: 'test', outFile: 'o' },
    });
    expect(await code).toBe(0);
    expect(parent.messages.at(-1)).toEqual({ type: 'predicted', file: 'o', lines: 3, scores: { accuracy: NaN } });
  });

  it('makes data, says how far it is no more often than a page redraws, and is cancelled by stop', async () => {
    const request = { kind: 'add-sample', dataDirectory: '/data' } as const;
    const progress = { phase: 'tokenizing', share: 0.5, bytesRead: 1, bytesTotal: 2, counts: {} };
    const idle = work(async function* () {});
    const made = new FakeParent();
    const makeData: EngineWork['makeData'] = async (_request, onProgress) => {
      onProgress(progress);
      onProgress({ ...progress, share: 0.6 });
    };
    const code = serveEngine(made, { ...idle, makeData });
    made.tell({ type: 'data-job', request });
    expect(await code).toBe(0);
    expect(made.messages.slice(1)).toEqual([{ type: 'data-progress', progress }, { type: 'data-made' }]);

    const stopped = new FakeParent();
    const untilAborted: EngineWork['makeData'] = (_request, _onProgress, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new AppError('cancelled', 'It was cancelled.')));
      });
    const cancelled = serveEngine(stopped, { ...idle, makeData: untilAborted });
    stopped.tell({ type: 'data-job', request });
    stopped.tell({ type: 'stop' });
    expect(await cancelled).toBe(0);
    expect(stopped.messages.at(-1)).toMatchObject({ type: 'failed', error: { code: 'cancelled' } });
  });

  it('answers any number of questions about data until its owner leaves', async () => {
    const parent = new FakeParent();
    const answerDataQuery: EngineWork['answerDataQuery'] = async (query) => {
      if (query.kind !== 'encode' || query.text === '') throw new AppError('input/invalid', 'no text');
      return { tokens: [] };
    };
    const code = serveEngine(parent, { ...work(async function* () {}), answerDataQuery });
    for (const [id, text] of ['one', '', 'two'].entries()) {
      parent.tell({ type: 'data-query', id, query: { kind: 'encode', folder: '/bpe', text } });
    }
    await settle();
    expect(parent.messages.slice(1)).toEqual([
      { type: 'data-answer', id: 0, answer: { tokens: [] } },
      { type: 'data-refused', id: 1, error: { code: 'input/invalid', message: 'no text', details: {} } },
      { type: 'data-answer', id: 2, answer: { tokens: [] } },
    ]);
    parent.leave();
    expect(await code).toBe(1);
  });
});
