import { z } from 'zod';
import { AppError } from '../../src-shared/app-error.ts';
import {
  EVENTS,
  isEventName,
  REQUESTS,
  type AnswerBody,
  type EventBody,
  type EventName,
  type RequestInput,
  type RequestName,
} from '../../src-shared/ipc/contract.ts';
import { ToPage, type AnswerEnvelope } from '../../src-shared/ipc/envelope.ts';
import { fromWireError } from '../../src-shared/ipc/wire-error.ts';
import type { Transport } from './transport.ts';

type Pending = { readonly name: RequestName; resolve: (body: unknown) => void; reject: (error: AppError) => void };
type EventListener = (body: unknown) => void;

/** The page's end of the contract: typed requests and events, both checked, over any transport. */
export class Client {
  readonly #transport: Transport;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Map<EventName, Set<EventListener>>();
  #nextId = 1;
  #connected = false;

  constructor(transport: Transport) {
    this.#transport = transport;
    transport.onEnvelope((envelope) => {
      this.#receive(envelope);
    });
  }

  /** Connects; the listener is told the present state at once and every change. */
  onConnected(listener: (connected: boolean) => void): void {
    this.#transport.onConnected((connected) => {
      this.#connected = connected;
      if (!connected) this.#abandonPending();
      listener(connected);
    });
  }

  /** @throws AppError what the main process answered, or `cancelled` where the connection is or gets lost */
  request<Name extends RequestName>(name: Name, body: RequestInput<Name>): Promise<AnswerBody<Name>> {
    return new Promise<unknown>((resolve, reject) => {
      if (!this.#connected) {
        reject(connectionLost());
        return;
      }
      const id = this.#nextId;
      this.#nextId += 1;
      this.#pending.set(id, { name, resolve, reject });
      this.#transport.send({ kind: 'request', id, name, body });
    }) as Promise<AnswerBody<Name>>;
  }

  /** Returns what ends the subscription. */
  on<Name extends EventName>(name: Name, listener: (body: EventBody<Name>) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    // Listeners are only called with bodies that the schema of their own event has decoded.
    listeners.add(listener as EventListener);
    return () => listeners.delete(listener as EventListener);
  }

  #receive(received: unknown): void {
    const envelope = ToPage.parse(received);
    if (envelope.kind === 'answer') {
      this.#settle(envelope);
    } else if (isEventName(envelope.name)) {
      const body = z.decode(EVENTS[envelope.name] as z.ZodType, envelope.body);
      for (const listener of this.#listeners.get(envelope.name) ?? []) listener(body);
    }
  }

  #settle(envelope: AnswerEnvelope): void {
    const pending = envelope.id === null ? undefined : this.#pending.get(envelope.id);
    if (pending === undefined || envelope.id === null) return;
    this.#pending.delete(envelope.id);
    if (!envelope.ok) {
      pending.reject(fromWireError(envelope.error));
      return;
    }
    const body = z.safeDecode(REQUESTS[pending.name].answer as z.ZodType, envelope.body);
    if (body.success) pending.resolve(body.data);
    else
      pending.reject(
        new AppError('ipc/invalid', `Malformed answer to '${pending.name}': ${z.prettifyError(body.error)}`),
      );
  }

  #abandonPending(): void {
    for (const { reject } of this.#pending.values()) reject(connectionLost());
    this.#pending.clear();
  }
}

function connectionLost(): AppError {
  return new AppError('cancelled', 'The connection to MetaLMO Studio is lost; it is being tried again.');
}
