import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseEngineMessage, type EngineCommand, type EngineMessage } from '../../src-shared/ipc/engine-protocol.ts';
import { toWireError } from '../../src-shared/ipc/wire-error.ts';
import { openEngineLog } from './engine-log.ts';

/** How an engine process ended, as its owner sees it. */
export interface EngineExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last of what it wrote to standard error. */
  readonly lastWords: string;
}

/** The owner's end of the wire to one engine process. */
export interface EngineProcess {
  readonly pid: number | undefined;
  /** Ignored when the process is gone; `onExit` tells. */
  send(command: EngineCommand): void;
  onMessage(listener: (message: EngineMessage) => void): void;
  /** Called once, after the last message. */
  onExit(listener: (exit: EngineExit) => void): void;
  /** Ends the process at once, without saving. */
  kill(): void;
}

/** Starts an engine process; Electron's shell brings its own for `utilityProcess`. */
export type EngineLauncher = (logFile: string | undefined) => EngineProcess;

/**
 * An engine under plain Node; `entry` is where the build put `engine-host/main`, by default the source, and `execPath`
 * the Node to run it with (Electron's shell is no Node).
 */
export function forkEngine(
  entry = new URL('../engine-host/main.ts', import.meta.url),
  execPath = process.execPath,
): EngineLauncher {
  return (logFile) => {
    const child = fork(fileURLToPath(entry), [], {
      execPath,
      // Structured clone: typed arrays and NaN arrive as they were sent.
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // A debugger's port and loaders meant for this process are not for the engine.
      execArgv: [],
    });
    const log = openEngineLog(logFile);
    child.stdout?.on('data', log.keep);
    child.stderr?.on('data', log.keep);

    let launchError: Error | undefined;
    child.on('error', (error) => (launchError = error));
    return {
      pid: child.pid,
      send(command) {
        if (child.connected) child.send(command, () => undefined);
      },
      onMessage(listener) {
        child.on('message', (message) => listener(checkEngineMessage(message)));
      },
      onExit(listener) {
        // 'close' comes after the pipes have ended, so that nothing sent or printed is missed.
        child.once('close', (code, signal) => {
          listener({ code, signal, lastWords: launchError === undefined ? log.lastWords() : launchError.message });
        });
      },
      kill() {
        child.kill('SIGKILL');
      },
    };
  };
}

/** A message as the protocol has it; one that is not of it becomes the failure that it is. */
export function checkEngineMessage(message: unknown): EngineMessage {
  try {
    return parseEngineMessage(message);
  } catch (error) {
    // An engine that speaks another language has failed, whatever it meant.
    return { type: 'failed', error: toWireError(error) };
  }
}
