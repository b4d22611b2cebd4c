import type { EngineCommand, EngineMessage, TrainReport } from '../../src-shared/ipc/engine-protocol.ts';
import type { EngineExit, EngineLauncher } from '../../src-main/runs/engine-process.ts';

/** An engine process under a test's hand: what it was told, and what it says when. */
export class FakeEngine {
  readonly commands: EngineCommand[] = [];
  killed = false;
  #onMessage: (message: EngineMessage) => void = () => undefined;
  #onExit: (exit: EngineExit) => void = () => undefined;
  #sequence = 0;
  #gone = false;

  say(report: TrainReport): void {
    this.#sequence += 1;
    this.#onMessage({ type: 'report', sequence: this.#sequence, report });
  }

  /** Says anything at all, e.g. the result of a prediction. */
  tell(message: EngineMessage): void {
    this.#onMessage(message);
  }

  fail(message: string): void {
    this.#onMessage({ type: 'failed', error: { code: 'executor/failed', message, details: {} } });
  }

  /** A process ends once; what comes after is ignored. */
  exit(exit: Partial<EngineExit> = {}): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#onExit({ code: 0, signal: null, lastWords: '', ...exit });
  }

  /** Goes through its life up to the first training step. */
  begin(): void {
    this.say({ type: 'phase', phase: 'compiling' });
    this.say({ type: 'phase', phase: 'training' });
  }

  static launcher(engines: FakeEngine[]): EngineLauncher {
    return () => {
      const engine = new FakeEngine();
      engines.push(engine);
      return {
        pid: 1000 + engines.length,
        send: (command) => void engine.commands.push(command),
        onMessage: (listener) => (engine.#onMessage = listener),
        onExit: (listener) => (engine.#onExit = listener),
        kill: () => {
          engine.killed = true;
          engine.exit({ code: null, signal: 'SIGKILL' });
        },
      };
    };
  }
}
