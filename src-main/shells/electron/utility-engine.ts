import type { UtilityProcess } from 'electron';
import { checkEngineMessage, type EngineLauncher } from '../../runs/engine-process.ts';
import { openEngineLog } from '../../runs/engine-log.ts';

/** Electron's `utilityProcess.fork`; injected, so that the wire is tested without Electron. */
export type UtilityFork = (
  modulePath: string,
  args: string[],
  options: { serviceName: string; stdio: 'pipe' },
) => UtilityProcess;

/** Exit of a process and end of what it printed come in any order; longer than this nothing is waited for. */
const LAST_OUTPUT_MS = 500;

/** Engines as Electron's utility processes: the packaged app has no Node beside it. `entry` is a built file. */
export function utilityEngine(fork: UtilityFork, entry: string): EngineLauncher {
  return (logFile) => {
    const child = fork(entry, [], { serviceName: 'MetaLMO engine', stdio: 'pipe' });
    const log = openEngineLog(logFile);
    const ended = [child.stdout, child.stderr].map((stream) => {
      stream?.on('data', log.keep);
      return stream === null ? Promise.resolve() : new Promise<void>((resolve) => stream.once('close', resolve));
    });
    let isGone = false;
    let killed = false;
    const exited = new Promise<number>((resolve) => {
      child.once('exit', (code) => {
        isGone = true;
        resolve(code);
      });
    });
    return {
      // Known only once it has been spawned.
      get pid() {
        return child.pid;
      },
      send(command) {
        if (!isGone) child.postMessage(command);
      },
      onMessage(listener) {
        child.on('message', (message: unknown) => {
          listener(checkEngineMessage(message));
        });
      },
      onExit(listener) {
        void exited.then(async (code) => {
          await Promise.race([Promise.all(ended), new Promise((resolve) => setTimeout(resolve, LAST_OUTPUT_MS))]);
          const how = killed ? { code: null, signal: 'SIGKILL' as const } : { code, signal: null };
          listener({ ...how, lastWords: log.lastWords() });
        });
      },
      kill() {
        killed = true;
        // `child.kill` asks politely, which an engine deep in a native call would not hear.
        if (child.pid !== undefined && !isGone) process.kill(child.pid, 'SIGKILL');
        else child.kill();
      },
    };
  };
}

/** What a utility process prints on standard output until it ends. @throws Error where it ends with another code than 0 */
export function utilityOutput(fork: UtilityFork, entry: string): Promise<string> {
  const child = fork(entry, [], { serviceName: 'MetaLMO doctor', stdio: 'pipe' });
  let printed = '';
  let complaints = '';
  child.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')));
  child.stderr?.on('data', (chunk: Buffer) => (complaints += chunk.toString('utf8')));
  const drained =
    child.stdout === null ? Promise.resolve() : new Promise<void>((resolve) => child.stdout?.once('close', resolve));
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => {
      void drained.then(() => {
        if (code === 0) resolve(printed);
        else reject(new Error(`it ended with exit code ${code}. ${complaints.slice(-2000)}`));
      });
    });
  });
}
