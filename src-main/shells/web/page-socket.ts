import type { RawData, WebSocket } from 'ws';
import { AppError } from '../../../src-shared/app-error.ts';
import type { AnswerEnvelope } from '../../../src-shared/ipc/envelope.ts';
import { toWireError } from '../../../src-shared/ipc/wire-error.ts';
import type { Dispatcher } from '../../ipc/dispatcher.ts';
import type { EventBus } from '../../ipc/event-bus.ts';
import { RequestLimit } from './request-limit.ts';

/**
 * A page that can't keep up is cut off at this much unsent data; it connects again and reads afresh, which costs
 * less than a queue without end.
 */
const MOST_UNSENT_BYTES = 16 * 1024 * 1024;
/** Far above what pages ask for; beyond it a request gets an error instead of an answer. */
const BURST = 2000;
const REQUESTS_PER_SECOND = 500;
/** Requests of one page that may be at work at the same time. */
const MOST_AT_WORK = 500;
const POLICY_VIOLATION = 1008;
const TRY_AGAIN_LATER = 1013;

/** What one end of a socket talks to. */
export interface Served {
  readonly dispatch: Dispatcher;
  readonly events: Pick<EventBus, 'subscribe'>;
}

/** Speaks the contract with one page, or with another machine's shell: a message is one JSON envelope. */
export function servePage(socket: WebSocket, { dispatch, events }: Served, hello?: unknown): void {
  const limit = new RequestLimit(BURST, REQUESTS_PER_SECOND);
  let atWork = 0;
  const send = (message: unknown): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > MOST_UNSENT_BYTES) {
      socket.close(TRY_AGAIN_LATER, 'The page is too slow');
      return;
    }
    socket.send(JSON.stringify(message));
  };
  if (hello !== undefined) send(hello);
  const unsubscribe = events.subscribe(send);
  socket.on('close', unsubscribe);
  // A broken connection closes the socket next; there is nobody to tell.
  socket.on('error', () => socket.terminate());
  socket.on('message', (data, isBinary) => {
    if (isBinary) {
      socket.close(POLICY_VIOLATION, 'Binary messages are not part of the contract');
      return;
    }
    const message = parseJson(data);
    if (!limit.take() || atWork >= MOST_AT_WORK) {
      send(tooMany(message));
      return;
    }
    atWork += 1;
    void dispatch(message).then((answer) => {
      atWork -= 1;
      send(answer);
    });
  });
}

function tooMany(message: unknown): AnswerEnvelope {
  const id =
    typeof message === 'object' && message !== null && 'id' in message && Number.isSafeInteger(message.id)
      ? Math.max(0, message.id as number)
      : null;
  const error = new AppError('ipc/invalid', 'Too many requests at once. Ask again in a moment.');
  return { kind: 'answer', id, ok: false, error: toWireError(error) };
}

/** What isn't JSON becomes `undefined`, which the dispatcher answers like any other malformed message. */
function parseJson(data: RawData): unknown {
  try {
    return JSON.parse((Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as ArrayBuffer)).toString('utf8'));
  } catch {
    return undefined;
  }
}
