import { z } from 'zod';
import { EVENTS, type EventBody, type EventName } from '../../src-shared/ipc/contract.ts';
import type { EventEnvelope } from '../../src-shared/ipc/envelope.ts';

/** Carries events from the core to every connected page. */
export interface EventBus {
  publish<Name extends EventName>(name: Name, body: EventBody<Name>): void;
  /** Returns what ends the subscription. */
  subscribe(listener: (event: EventEnvelope) => void): () => void;
  /** How many pages listen. */
  readonly listenerCount: number;
}

export function createEventBus(): EventBus {
  const listeners = new Set<(event: EventEnvelope) => void>();
  return {
    publish(name, body) {
      if (listeners.size === 0) return;
      const envelope: EventEnvelope = { kind: 'event', name, body: z.encode(EVENTS[name] as z.ZodType, body) };
      for (const listener of listeners) listener(envelope);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get listenerCount() {
      return listeners.size;
    },
  };
}
