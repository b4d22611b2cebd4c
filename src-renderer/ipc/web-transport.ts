import type { Transport } from './transport.ts';

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5000;

/** The web shell's WebSocket; connects again when the connection is lost. */
export function connectWeb(address: string): Transport {
  let envelopeListener: (envelope: unknown) => void = () => undefined;
  let connectedListener: (connected: boolean) => void = () => undefined;
  let socket: WebSocket | undefined;
  let retryMs = FIRST_RETRY_MS;

  const open = (): void => {
    const opening = new WebSocket(address);
    socket = opening;
    opening.addEventListener('open', () => {
      retryMs = FIRST_RETRY_MS;
      connectedListener(true);
    });
    opening.addEventListener('message', (event) => {
      envelopeListener(JSON.parse(String(event.data)));
    });
    opening.addEventListener('close', () => {
      connectedListener(false);
      setTimeout(open, retryMs);
      retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
    });
  };
  open();

  return {
    send(envelope) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(envelope));
    },
    onEnvelope(listener) {
      envelopeListener = listener;
    },
    onConnected(listener) {
      connectedListener = listener;
      listener(socket?.readyState === WebSocket.OPEN);
    },
  };
}
