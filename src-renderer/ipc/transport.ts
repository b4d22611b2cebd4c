/** What carries envelopes between this page and the main process. */
export interface Transport {
  send(envelope: unknown): void;
  /** Called with every envelope that arrives, unchecked. */
  onEnvelope(listener: (envelope: unknown) => void): void;
  /** Called at once with the present state and on every change. Events may have been missed before it turns true. */
  onConnected(listener: (connected: boolean) => void): void;
}
