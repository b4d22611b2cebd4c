import { AppError } from '../../src-shared/app-error.ts';
import {
  parseEngineCommand,
  type EngineCommand,
  type EngineMessage,
  type PredictRequest,
  type TrainReport,
  type TrainRequest,
} from '../../src-shared/ipc/engine-protocol.ts';
import type { DataJobRequest, DataProgress, DataQuery } from '../../src-shared/ipc/data-protocol.ts';
import type {
  ExportRequest,
  ExportResult,
  ImportRequest,
  ImportResult,
} from '../../src-shared/ipc/interchange-protocol.ts';
import { toWireError } from '../../src-shared/ipc/wire-error.ts';
import { TrainControl } from '../engine/train/train-control.ts';
import type { ParentChannel } from './parent-channel.ts';

const HEARTBEAT_EVERY_MS = 1000;
/** With this many reports not yet stored by the owner, training waits for it. */
const MAX_UNACKNOWLEDGED = 16;

/** A page redraws no more often. */
const PROGRESS_EVERY_MS = 200;

/** What an engine process can do; injected so that the protocol is tested without a model. */
export interface EngineWork {
  train(request: TrainRequest, control: TrainControl): AsyncIterable<TrainReport>;
  predict(request: PredictRequest): Promise<{ file: string; lines: number; scores: Record<string, number> }>;
  exportCheckpoint(request: ExportRequest): Promise<ExportResult>;
  importExport(request: ImportRequest): Promise<ImportResult>;
  makeData(request: DataJobRequest, onProgress: (progress: DataProgress) => void, signal: AbortSignal): Promise<void>;
  answerDataQuery(query: DataQuery): Promise<unknown>;
}

/**
 * Serves one owner: one training, prediction, export, import or making of data, then done; or looks into data until the
 * owner leaves. Resolves with the exit code of the process: 0 when the
 * work ended as the owner knows it (also stopped, also failed with a reported error).
 */
export function serveEngine(channel: ParentChannel, work: EngineWork): Promise<number> {
  const control = new TrainControl();
  const cancelling = new AbortController();
  const flow = new Flow(channel);
  let busy = false;

  const heartbeat = setInterval(
    () => void channel.send({ type: 'heartbeat' } satisfies EngineMessage),
    HEARTBEAT_EVERY_MS,
  );
  void channel.send({ type: 'ready', pid: process.pid } satisfies EngineMessage);

  return new Promise((resolve) => {
    const end = (code: number): void => {
      clearInterval(heartbeat);
      resolve(code);
    };
    const begin = (task: () => Promise<void>): void => {
      if (busy) throw new AppError('run/invalid-state', 'This engine process is already at work.');
      busy = true;
      task()
        .catch((error: unknown) => channel.send({ type: 'failed', error: toWireError(error) } satisfies EngineMessage))
        .then(() => end(0))
        .catch(() => end(1));
    };
    const handle = (command: EngineCommand): void => {
      switch (command.type) {
        case 'train':
          return begin(async () => {
            for await (const report of work.train(command.request, control)) {
              await flow.send(report);
              // A kind's folder keeps two checkpoints: the newest, and the one before it, which the owner knows of.
              if (report.type === 'checkpoint') await flow.drained();
            }
            await flow.drained();
          });
        case 'predict':
          return begin(async () => {
            const result = await work.predict(command.request);
            await channel.send({ type: 'predicted', ...result } satisfies EngineMessage);
          });
        case 'export':
          return begin(async () => {
            const result = await work.exportCheckpoint(command.request);
            await channel.send({ type: 'exported', result } satisfies EngineMessage);
          });
        case 'import':
          return begin(async () => {
            const result = await work.importExport(command.request);
            await channel.send({ type: 'imported', result } satisfies EngineMessage);
          });
        case 'data-job':
          return begin(async () => {
            const tell = (progress: DataProgress): void =>
              void channel.send({ type: 'data-progress', progress } satisfies EngineMessage);
            await work.makeData(command.request, atMostEvery(PROGRESS_EVERY_MS, tell), cancelling.signal);
            await channel.send({ type: 'data-made' } satisfies EngineMessage);
          });
        case 'data-query': {
          const { id, query } = command;
          work
            .answerDataQuery(query)
            .then(
              (answer): EngineMessage => ({ type: 'data-answer', id, answer }),
              (error: unknown): EngineMessage => ({ type: 'data-refused', id, error: toWireError(error) }),
            )
            .then((message) => channel.send(message))
            .catch(() => end(1));
          return;
        }
        case 'stop':
          cancelling.abort();
          return control.stop();
        case 'pause':
          return control.pause();
        case 'continue':
          return control.continue();
        case 'acknowledge':
          return flow.acknowledge(command.sequence);
      }
    };
    channel.onMessage((message) => {
      try {
        handle(parseEngineCommand(message));
      } catch (error) {
        void channel.send({ type: 'failed', error: toWireError(error) } satisfies EngineMessage);
      }
    });
    channel.onClose(() => end(1));
  });
}

/** Passes the first value on, and later ones where the last is old enough. */
function atMostEvery<Value>(everyMs: number, tell: (value: Value) => void): (value: Value) => void {
  let lastMs = -Infinity;
  return (value) => {
    const nowMs = performance.now();
    if (nowMs - lastMs < everyMs) return;
    lastMs = nowMs;
    tell(value);
  };
}

/** Numbers the reports and holds the training back when the owner does not keep up. */
class Flow {
  readonly #channel: ParentChannel;
  #sent = 0;
  #acknowledged = 0;
  #wake: (() => void) | undefined;

  constructor(channel: ParentChannel) {
    this.#channel = channel;
  }

  async send(report: TrainReport): Promise<void> {
    await this.#until(() => this.#sent - this.#acknowledged < MAX_UNACKNOWLEDGED);
    this.#sent += 1;
    await this.#channel.send({ type: 'report', sequence: this.#sent, report } satisfies EngineMessage);
  }

  acknowledge(sequence: number): void {
    this.#acknowledged = Math.max(this.#acknowledged, sequence);
    this.#wake?.();
  }

  /** Resolves when everything sent is stored. */
  drained(): Promise<void> {
    return this.#until(() => this.#acknowledged >= this.#sent);
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
