import { contextBridge, ipcRenderer } from 'electron';
import { BRIDGE_NAME, EVENT_CHANNEL, REQUEST_CHANNEL, type ElectronBridge } from '../src-shared/ipc/electron-bridge.ts';

/**
 * Runs sandboxed before the page. The page gets two functions that carry envelopes; both ends check what is in them
 * (the dispatcher and the page's client), and the page never touches `ipcRenderer` or its events.
 */
const bridge: ElectronBridge = {
  request: (envelope) => ipcRenderer.invoke(REQUEST_CHANNEL, envelope),
  onEvent: (listener) => {
    ipcRenderer.on(EVENT_CHANNEL, (_event, envelope: unknown) => {
      listener(envelope);
    });
  },
};

contextBridge.exposeInMainWorld(BRIDGE_NAME, bridge);
