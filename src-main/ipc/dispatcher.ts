import { z } from 'zod';
import { AppError } from '../../src-shared/app-error.ts';
import { isRequestName, REQUESTS, type RequestName } from '../../src-shared/ipc/contract.ts';
import { RequestEnvelope, type AnswerEnvelope } from '../../src-shared/ipc/envelope.ts';
import { toWireError } from '../../src-shared/ipc/wire-error.ts';
import type { Handlers, HostHandlers } from './handler.ts';

export type Dispatcher = (message: unknown) => Promise<AnswerEnvelope>;

/** A studio answers everything but `hosts.*`; its shell answers those and passes the rest on. */
type Answerers = Handlers | HostHandlers;

/**
 * Checks a message against the contract, hands it to its handler and checks what comes back. Whatever is malformed
 * or unknown gets an `ipc/invalid` answer before any handler sees it. Never rejects.
 */
export function createDispatcher(handlers: Answerers): Dispatcher {
  return async (message) => {
    const envelope = RequestEnvelope.safeParse(message);
    if (!envelope.success) {
      return failure(
        idOf(message),
        new AppError('ipc/invalid', `Malformed message: ${z.prettifyError(envelope.error)}`),
      );
    }
    const { id, name, body } = envelope.data;
    try {
      if (!isRequestName(name)) throw new AppError('ipc/invalid', `There is no request '${name}'.`);
      return { kind: 'answer', id, ok: true, body: await answer(handlers, name, body) };
    } catch (error) {
      return failure(id, error);
    }
  };
}

async function answer(handlers: Answerers, name: RequestName, body: unknown): Promise<unknown> {
  const parsed = REQUESTS[name].body.safeParse(body);
  if (!parsed.success) {
    throw new AppError('ipc/invalid', `Malformed request '${name}': ${z.prettifyError(parsed.error)}`);
  }
  // TypeScript can't relate two look-ups by the same name; the schema of `name` has just been checked.
  const handle = (handlers as Partial<Record<string, (checked: unknown) => unknown>>)[name];
  if (handle === undefined) throw new AppError('ipc/invalid', `The request '${name}' is not answered here.`);
  return z.encode(REQUESTS[name].answer as z.ZodType, await handle(parsed.data));
}

function failure(id: number | null, error: unknown): AnswerEnvelope {
  return { kind: 'answer', id, ok: false, error: toWireError(error) };
}

/** The id of a malformed message, so that its sender can still pair the error with it. */
function idOf(message: unknown): number | null {
  const loose = z.object({ id: z.int().min(0) }).safeParse(message);
  return loose.success ? loose.data.id : null;
}
