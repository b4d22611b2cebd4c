import type { WireError } from '../../src-shared/ipc/wire-error.ts';
import type { EngineExit } from './engine-process.ts';

/** What to record of an engine that ended without a last report: a reason and a remedy. */
export interface EndOfEngine {
  /** `interrupted`: from outside, the run itself is sound. `failed`: the engine broke. Both can be resumed. */
  readonly status: 'interrupted' | 'failed';
  readonly error: WireError;
}

const RESUME = 'Resume the run to go on from its latest checkpoint.';

export function endOfEngine(exit: EngineExit): EndOfEngine {
  const details = { code: exit.code, signal: exit.signal, lastWords: exit.lastWords };
  const words = lastLine(exit.lastWords);
  const said = words === '' ? '' : ` Its last words: ${words}`;
  if (/heap out of memory|std::bad_alloc|OOM when allocating|RESOURCE_EXHAUSTED/i.test(exit.lastWords)) {
    return failed(
      'executor/out-of-memory',
      `The engine ran out of memory.${said} Lower training.batchSize. ${RESUME}`,
      details,
    );
  }
  switch (exit.signal) {
    case 'SIGKILL':
      return interrupted(
        'The engine was killed (SIGKILL): by the system when memory ran out, or by someone. If memory ran out, lower ' +
          `training.batchSize or close other programs. ${RESUME}`,
        details,
      );
    case 'SIGTERM':
    case 'SIGINT':
    case 'SIGHUP':
      return interrupted(`The engine was ended from outside (${exit.signal}). ${RESUME}`, details);
    case 'SIGSEGV':
    case 'SIGABRT':
    case 'SIGBUS':
    case 'SIGILL':
    case 'SIGFPE':
      return failed(
        'executor/failed',
        `Native code of the engine crashed (${exit.signal}).${said} ${RESUME} If it happens again, try another ` +
          'executor in a new run (engine.executor; `metalmo doctor` lists them).',
        details,
      );
    default: {
      const how = exit.signal ?? `exit code ${exit.code ?? 'unknown'}`;
      return failed('executor/failed', `The engine ended without finishing (${how}).${said} ${RESUME}`, details);
    }
  }
}

/** The owner itself killed the engine (a second Ctrl-C). */
export function killedOnRequest(): EndOfEngine {
  return interrupted(`The engine was killed on request, without saving. ${RESUME}`, {});
}

function interrupted(message: string, details: Record<string, unknown>): EndOfEngine {
  return { status: 'interrupted', error: { code: 'run/failed', message, details } };
}

function failed(code: WireError['code'], message: string, details: Record<string, unknown>): EndOfEngine {
  return { status: 'failed', error: { code, message, details } };
}

function lastLine(text: string): string {
  return (text.trim().split('\n').at(-1) ?? '').slice(0, 300);
}
