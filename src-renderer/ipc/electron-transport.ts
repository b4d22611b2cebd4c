import { BRIDGE_NAME, type ElectronBridge } from '../../src-shared/ipc/electron-bridge.ts';
import type { Transport } from './transport.ts';

/** The preload script's bridge; undefined in a browser. */
export function electronBridge(): ElectronBridge | undefined {
  return (window as unknown as Partial<Record<typeof BRIDGE_NAME, ElectronBridge>>)[BRIDGE_NAME];
}

/** Electron's IPC, which is there as long as the page is. */
export function connectElectron(bridge: ElectronBridge): Transport {
  let envelopeListener: (envelope: unknown) => void = () => undefined;
  bridge.onEvent((envelope) => {
    envelopeListener(envelope);
  });
  return {
    send(envelope) {
      void bridge.request(envelope).then((answer) => {
        envelopeListener(answer);
      });
    },
    onEnvelope(listener) {
      envelopeListener = listener;
    },
    onConnected(listener) {
      listener(true);
    },
  };
}
