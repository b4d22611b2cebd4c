import type { RawData, WebSocket } from 'ws';
import type { Dispatcher } from '../../ipc/dispatcher.ts';
import type { EventBus } from '../../ipc/event-bus.ts';

/**
 * A page that can't keep up is cut off at this much unsent data; it connects again and reads afresh, which costs
 * less than a queue without end.
 */
const MOST_UNSENT_BYTES = 16 * 1024 * 1024;
const POLICY_VIOLATION = 1008;
const TRY_AGAIN_LATER = 1013;

/** Speaks the contract with one page over its socket: a message is one JSON envelope. */
export function servePage(socket: WebSocket, dispatch: Dispatcher, events: EventBus): void {
  const send = (message: unknown): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > MOST_UNSENT_BYTES) {
      socket.close(TRY_AGAIN_LATER, 'The page is too slow');
      return;
    }
    socket.send(JSON.stringify(message));
  };
  const unsubscribe = events.subscribe(send);
  socket.on('close', unsubscribe);
  // A broken connection closes the socket next; there is nobody to tell.
  socket.on('error', () => socket.terminate());
  socket.on('message', (data, isBinary) => {
    if (isBinary) {
      socket.close(POLICY_VIOLATION, 'Binary messages are not part of the contract');
      return;
    }
    void dispatch(parseJson(data)).then(send);
  });
}

/** What isn't JSON becomes `undefined`, which the dispatcher answers like any other malformed message. */
function parseJson(data: RawData): unknown {
  try {
    return JSON.parse((Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as ArrayBuffer)).toString('utf8'));
  } catch {
    return undefined;
  }
}
