/** Name under which the preload script shows its bridge to the page. */
export const BRIDGE_NAME = 'metalmo';

/** Electron's channels; one for requests with their answers, one for events. */
export const REQUEST_CHANNEL = 'metalmo:request';
export const EVENT_CHANNEL = 'metalmo:event';

/** All that the page of the Electron shell can reach: envelopes of the contract, nothing of Electron or Node. */
export interface ElectronBridge {
  /** Sends a request envelope; resolves with its answer envelope. */
  request(envelope: unknown): Promise<unknown>;
  /** Calls the listener with every event envelope. */
  onEvent(listener: (envelope: unknown) => void): void;
}
