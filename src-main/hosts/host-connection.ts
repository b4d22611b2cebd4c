import type { IncomingMessage } from 'node:http';
import { WebSocket, type RawData } from 'ws';
import { AppError } from '../../src-shared/app-error.ts';
import {
  ToPage,
  type AnswerEnvelope,
  type EventEnvelope,
  type RequestEnvelope,
} from '../../src-shared/ipc/envelope.ts';
import { HOST_PATH, HostHello } from '../../src-shared/ipc/host-hello.ts';
import type { HostsView } from '../../src-shared/ipc/contract/hosts.ts';
import { toWireError } from '../../src-shared/ipc/wire-error.ts';
import { unreachable } from './sign-in.ts';

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 10_000;
const HANDSHAKE_MS = 10_000;
/** A tunnel that died says nothing: without an answer for this long the connection counts as lost. */
const PING_EVERY_MS = 10_000;
/** Exports of whole runs come as one answer. */
const LARGEST_ANSWER_BYTES = 512 * 1024 * 1024;

type Connection = HostsView['connection'];

export interface HostConnectionOptions {
  readonly origin: string;
  /** Session of the host's web shell, "name=value". */
  readonly cookie: string;
  /** What this program says of itself; the host must speak the same contract. */
  readonly hello: HostHello;
  readonly onState: (state: Connection) => void;
  readonly onEvent: (event: EventEnvelope) => void;
}

/** The contract spoken with the studio of another machine's web shell: connects, relays, notices and mends breaks. */
export class HostConnection {
  readonly #options: HostConnectionOptions;
  readonly #pending = new Map<number, { id: number; resolve: (answer: AnswerEnvelope) => void }>();
  #socket: WebSocket | undefined;
  #state: Connection = { state: 'connecting', reason: null };
  #retryMs = FIRST_RETRY_MS;
  #retry: NodeJS.Timeout | undefined;
  #nextId = 1;
  #closed = false;
  #tellFirst: (state: Connection) => void = () => undefined;
  /** What the first attempt came to. */
  readonly first = new Promise<Connection>((resolve) => (this.#tellFirst = resolve));

  constructor(options: HostConnectionOptions) {
    this.#options = options;
    this.#open();
  }

  get state(): Connection {
    return this.#state;
  }

  /** Passes a page's request on; the answer bears the page's id again. Never rejects. */
  relay(request: RequestEnvelope): Promise<AnswerEnvelope> {
    const socket = this.#socket;
    if (this.#state.state !== 'connected' || socket === undefined) return Promise.resolve(this.#notThere(request.id));
    return new Promise((resolve) => {
      const id = this.#nextId;
      this.#nextId += 1;
      this.#pending.set(id, { id: request.id, resolve });
      socket.send(JSON.stringify({ ...request, id }));
    });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#socket?.terminate();
    this.#abandon();
  }

  #open(): void {
    const { origin, cookie } = this.#options;
    const socket = new WebSocket(`${origin.replace(/^http/, 'ws')}${HOST_PATH}`, {
      headers: { cookie, origin },
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: LARGEST_ANSWER_BYTES,
      followRedirects: false,
    });
    this.#socket = socket;
    let broke: Error | undefined;
    let refused: string | undefined;
    let isAlive = true;
    const pinging = setInterval(() => {
      if (!isAlive) socket.terminate();
      isAlive = false;
      if (socket.readyState === socket.OPEN) socket.ping();
    }, PING_EVERY_MS);
    socket.on('pong', () => (isAlive = true));
    socket.on('error', (error) => (broke = error));
    socket.on('unexpected-response', (_request, response: IncomingMessage) => {
      refused = refusalOf(origin, response.statusCode ?? 0);
      socket.terminate();
    });
    socket.on('message', (data) => {
      isAlive = true;
      const problem = this.#receive(data);
      if (problem === undefined) return;
      refused = problem;
      socket.terminate();
    });
    socket.on('close', () => {
      clearInterval(pinging);
      if (this.#closed || socket !== this.#socket) return;
      this.#abandon();
      if (refused === undefined)
        this.#tryAgain(broke === undefined ? `${origin} ended the connection.` : unreachable(origin, broke));
      else this.#become({ state: 'refused', reason: refused });
    });
  }

  #tryAgain(reason: string): void {
    this.#become({ state: 'lost', reason });
    this.#retry = setTimeout(() => this.#open(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
  }

  /** @returns why this host can't be talked to, where it can't */
  #receive(data: RawData): string | undefined {
    const message = parseJson(data);
    if (this.#state.state !== 'connected') {
      const hello = HostHello.safeParse(message);
      if (!hello.success) return `What answers at ${this.#options.origin} is no MetaLMO Studio.`;
      const problem = versionProblem(this.#options.origin, hello.data, this.#options.hello);
      if (problem !== undefined) return problem;
      this.#retryMs = FIRST_RETRY_MS;
      this.#become({ state: 'connected', reason: null });
      return undefined;
    }
    const envelope = ToPage.safeParse(message);
    if (!envelope.success) return `${this.#options.origin} sent what is no part of the contract.`;
    if (envelope.data.kind === 'event') this.#options.onEvent(envelope.data);
    else this.#settle(envelope.data);
    return undefined;
  }

  #settle(answer: AnswerEnvelope): void {
    const pending = answer.id === null ? undefined : this.#pending.get(answer.id);
    if (pending === undefined || answer.id === null) return;
    this.#pending.delete(answer.id);
    pending.resolve({ ...answer, id: pending.id });
  }

  #become(state: Connection): void {
    const { state: before, reason } = this.#state;
    this.#state = state;
    this.#tellFirst(state);
    if (before !== state.state || reason !== state.reason) this.#options.onState(state);
  }

  #abandon(): void {
    for (const { id, resolve } of this.#pending.values()) resolve(this.#notThere(id));
    this.#pending.clear();
  }

  #notThere(id: number): AnswerEnvelope {
    const error = new AppError('cancelled', this.#state.reason ?? `${this.#options.origin} is not connected yet.`);
    return { kind: 'answer', id, ok: false, error: toWireError(error) };
  }
}

function versionProblem(origin: string, theirs: HostHello, ours: HostHello): string | undefined {
  if (theirs.contract === ours.contract) return undefined;
  const versions =
    theirs.version === ours.version
      ? `another build of version ${ours.version}`
      : `version ${theirs.version}, this is version ${ours.version}`;
  return `${origin} runs ${versions}: the two don't understand each other. Bring both to the same version.`;
}

function refusalOf(origin: string, status: number): string {
  if (status === 401) {
    return `The session with ${origin} has ended. Press Enter in the terminal of that MetaLMO Studio and open the new address here.`;
  }
  if (status === 403)
    return `${origin} does not know itself by this name. Open it by the address it printed, or start it with --host.`;
  if (status === 404)
    return `${origin} is an older MetaLMO Studio, or none: it can't be opened from here. Bring both to the same version.`;
  return `${origin} refused the connection with status ${status}.`;
}

function parseJson(data: RawData): unknown {
  try {
    return JSON.parse((Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as ArrayBuffer)).toString('utf8'));
  } catch {
    // Whatever it is, it is not of the contract; the caller says so.
    return undefined;
  }
}
