import { join } from 'node:path';
import { AppError } from '../../src-shared/app-error.ts';
import type { HostsView } from '../../src-shared/ipc/contract/hosts.ts';
import { RequestEnvelope, type EventEnvelope } from '../../src-shared/ipc/envelope.ts';
import { createDispatcher, type Dispatcher } from '../ipc/dispatcher.ts';
import type { EventBus } from '../ipc/event-bus.ts';
import type { HostHandlers } from '../ipc/handler.ts';
import { parseHostAddress } from './host-address.ts';
import { HostBook, withoutCookie, type KeptHost } from './host-book.ts';
import { HostConnection } from './host-connection.ts';
import { ownHello } from './own-hello.ts';
import { signIn } from './sign-in.ts';

export interface HostSwitchOptions {
  readonly home: string;
  /** The studio of this machine. */
  readonly dispatch: Dispatcher;
  readonly events: EventStream;
  /** The system's dialog, in a shell that has one; null where the person chose nothing. */
  readonly choosePath?: (title: string, kind: 'file' | 'folder') => Promise<string | null>;
}

/** Events as they are told, for who only listens. */
export type EventStream = Pick<EventBus, 'subscribe'>;

/**
 * Stands between a shell's pages and a studio: this machine's, or that of a host elsewhere. Pages always talk to
 * their own shell (their policy lets them reach nothing else); it answers `hosts.*` and passes all else on.
 */
export interface HostSwitch {
  readonly dispatch: Dispatcher;
  /** Events of whichever studio is looked at. */
  readonly events: EventStream;
  close(): void;
}

interface Elsewhere {
  readonly host: KeptHost;
  readonly connection: HostConnection;
}

/** @throws AppError file/invalid where the list of hosts can't be read */
export function createHostSwitch({
  home,
  dispatch: dispatchHere,
  events: eventsHere,
  choosePath,
}: HostSwitchOptions): HostSwitch {
  const book = new HostBook(join(home, 'hosts.json'));
  const listeners = new Set<(event: EventEnvelope) => void>();
  const tell = (event: EventEnvelope): void => {
    for (const listener of listeners) listener(event);
  };
  let elsewhere: Elsewhere | undefined;

  const view = (): HostsView => ({
    current: elsewhere === undefined ? null : withoutCookie(elsewhere.host),
    connection: elsewhere === undefined ? { state: 'connected', reason: null } : elsewhere.connection.state,
    hosts: book.list(),
  });
  const changed = (): HostsView => {
    const body = view();
    tell({ kind: 'event', name: 'host.changed', body });
    return body;
  };
  const connect = (origin: string, cookie: string): HostConnection => {
    const connection: HostConnection = new HostConnection({
      origin,
      cookie,
      hello: ownHello(),
      onState: () => {
        if (elsewhere?.connection === connection) changed();
      },
      onEvent: (event) => {
        if (elsewhere?.connection === connection) tell(event);
      },
    });
    return connection;
  };

  const handlers: HostHandlers = {
    'hosts.list': view,
    'hosts.open': async ({ address, token, name }) => {
      const parsed = parseHostAddress(address);
      const given = token ?? parsed.token;
      const cookie = given === undefined ? book.find(parsed.origin)?.cookie : await signIn(parsed.origin, given);
      if (cookie === undefined || cookie === null) throw needsToken(parsed.origin);
      const connection = connect(parsed.origin, cookie);
      try {
        await connected(connection);
      } catch (error) {
        connection.close();
        // The token is used up: without its session the person would have to fetch another one.
        if (given !== undefined) book.keep({ address: parsed.origin, cookie }, name);
        throw error;
      }
      elsewhere?.connection.close();
      elsewhere = { host: book.keep({ address: parsed.origin, cookie }, name), connection };
      return changed();
    },
    'hosts.leave': () => {
      elsewhere?.connection.close();
      elsewhere = undefined;
      return changed();
    },
    'hosts.choosePath': async ({ title, kind }) => {
      if (choosePath !== undefined && elsewhere === undefined) return { path: await choosePath(title, kind) };
      throw new AppError('input/invalid', 'This window has no dialog for files of the host; type the path.');
    },
    'hosts.forget': ({ hostId }) => {
      if (elsewhere?.host.hostId === hostId) {
        elsewhere.connection.close();
        elsewhere = undefined;
      }
      book.forget(hostId);
      return changed();
    },
  };
  const answerHosts = createDispatcher(handlers);
  // Only while somebody listens: a studio without listeners spares itself the work of telling.
  let stopListening: (() => void) | undefined;
  const listenHere = (): void => {
    if (listeners.size === 0) {
      stopListening?.();
      stopListening = undefined;
    } else {
      stopListening ??= eventsHere.subscribe((event) => {
        // What this machine has to say to the person is said wherever they look.
        if (elsewhere === undefined || event.name === 'notification') tell(event);
      });
    }
  };

  return {
    events: {
      subscribe(listener) {
        listeners.add(listener);
        listenHere();
        return () => {
          listeners.delete(listener);
          listenHere();
        };
      },
    },
    dispatch(message) {
      const request = RequestEnvelope.safeParse(message);
      if (request.success && request.data.name.startsWith('hosts.')) return answerHosts(message);
      if (request.success && elsewhere !== undefined) return elsewhere.connection.relay(request.data);
      return dispatchHere(message);
    },
    close() {
      listeners.clear();
      listenHere();
      elsewhere?.connection.close();
      elsewhere = undefined;
    },
  };
}

/** @throws AppError where the first attempt to connect failed */
async function connected(connection: HostConnection): Promise<void> {
  const { state, reason } = await connection.first;
  if (state === 'connected') return;
  throw new AppError(state === 'refused' ? 'ipc/unauthorized' : 'file/io', reason ?? 'The host does not answer.');
}

function needsToken(origin: string): AppError {
  return new AppError(
    'ipc/unauthorized',
    `${origin} asks for a token: paste the whole address that MetaLMO Studio printed in its terminal there.`,
  );
}
