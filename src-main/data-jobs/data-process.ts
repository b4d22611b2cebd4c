import { AppError } from '../../src-shared/app-error.ts';
import type { DataJobRequest, DataProgress } from '../../src-shared/ipc/data-protocol.ts';
import { fromWireError } from '../../src-shared/ipc/wire-error.ts';
import type { EngineExit, EngineLauncher } from '../runs/engine-process.ts';

/** A cancelled process that has not ended by itself after this long is killed. */
const KILL_AFTER_MS = 10_000;

export interface DataProcess {
  readonly pid: number | undefined;
  /** Rejects with what the engine reports, `cancelled` where it was, executor/failed where it ends without a word. */
  readonly done: Promise<void>;
  cancel(): void;
  kill(): void;
}

/** One data set made in an engine process of its own. */
export function startDataProcess(
  launch: EngineLauncher,
  request: DataJobRequest,
  onProgress: (progress: DataProgress) => void,
  killAfterMs = KILL_AFTER_MS,
): DataProcess {
  const engine = launch(undefined);
  let outcome: { readonly error?: AppError } | undefined;
  let isCancelled = false;
  let deadline: NodeJS.Timeout | undefined;
  // Electron knows it only once the process is there, and forgets it when it is gone.
  let { pid } = engine;
  const done = new Promise<void>((resolve, reject) => {
    engine.onMessage((message) => {
      pid ??= engine.pid;
      if (message.type === 'data-progress') onProgress(message.progress);
      else if (message.type === 'data-made') outcome ??= {};
      else if (message.type === 'failed') {
        outcome ??= { error: fromWireError(message.error) };
        engine.kill();
      }
    });
    // Only once it is gone: until then it may still write.
    engine.onExit((exit) => {
      clearTimeout(deadline);
      if (outcome === undefined) reject(isCancelled ? cancelled() : diedSilently(exit));
      else if (outcome.error === undefined) resolve();
      else reject(outcome.error);
    });
  });
  engine.send({ type: 'data-job', request });
  return {
    get pid() {
      return pid;
    },
    done,
    cancel() {
      if (isCancelled) return;
      isCancelled = true;
      engine.send({ type: 'stop' });
      deadline = setTimeout(() => engine.kill(), killAfterMs);
    },
    kill() {
      isCancelled = true;
      engine.kill();
    },
  };
}

function cancelled(): AppError {
  return new AppError('cancelled', 'It was cancelled; nothing was kept.');
}

/** @param exit of a process that has said neither what it made nor what failed */
export function diedSilently({ code, signal, lastWords }: EngineExit): AppError {
  const how = signal ?? `exit code ${code ?? 'unknown'}`;
  const words = (lastWords.trim().split('\n').at(-1) ?? '').slice(0, 300);
  const isMemory = signal === 'SIGKILL' || /heap out of memory|bad_alloc/i.test(lastWords);
  return new AppError(
    isMemory ? 'executor/out-of-memory' : 'executor/failed',
    `The process at work ended unexpectedly (${how}).${words === '' ? '' : ` Its last words: ${words}`} Nothing was kept. ` +
      (isMemory ? 'If memory ran out, close other programs; then try again.' : 'Try again.'),
    { code, signal, lastWords },
  );
}
