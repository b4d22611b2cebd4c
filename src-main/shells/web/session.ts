import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { readIfThere, writePrivateFile } from '../../private-file.ts';

const SESSION_DAYS = 30;
const DAY_MS = 86_400_000;
/** Addresses printed and not opened; the oldest stop working beyond this. */
const MOST_TOKENS = 16;
const MOST_SESSIONS = 100;

const Kept = z.strictObject({
  name: z.string().regex(/^[0-9a-f]{12}$/),
  sessions: z.array(z.strictObject({ sha256: z.string(), sinceMs: z.number() })),
});
type Kept = z.infer<typeof Kept>;

/**
 * Who may talk to the web shell. An address carries a token that works once; whoever opens it gets a session cookie,
 * good for 30 days. Only hashes are kept: in memory, and in a private file so that sessions outlive a restart of the
 * program (a host elsewhere is opened again without a new token). Tokens end with the process.
 */
export class SessionKeeper {
  readonly #file: string | undefined;
  readonly #now: () => number;
  readonly #tokens: Buffer[] = [];
  #kept: Kept;

  /** @param file undefined keeps sessions in memory alone */
  constructor(file?: string, now: () => number = Date.now) {
    this.#file = file;
    this.#now = now;
    this.#kept = (file === undefined ? undefined : readKept(file)) ?? newKept();
  }

  /** A fresh token that can be exchanged once. */
  issueToken(): string {
    const token = randomBytes(32).toString('base64url');
    this.#tokens.push(digest(token));
    if (this.#tokens.length > MOST_TOKENS) this.#tokens.shift();
    return token;
  }

  /** Uses up a token; the answer is the Set-Cookie header of a new session, or undefined for a token that is none. */
  exchange(token: string): string | undefined {
    const wanted = digest(token);
    const index = this.#tokens.findIndex((one) => timingSafeEqual(one, wanted));
    if (index === -1) return undefined;
    this.#tokens.splice(index, 1);
    const session = randomBytes(32).toString('base64url');
    const added = { sha256: digest(session).toString('hex'), sinceMs: this.#now() };
    this.#kept = { ...this.#kept, sessions: [...this.#live(), added].slice(-MOST_SESSIONS) };
    if (this.#file !== undefined) writePrivateFile(this.#file, `${JSON.stringify(this.#kept)}\n`);
    return `${this.#cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /** @param cookieHeader the request's Cookie header */
  isSession(cookieHeader: string | undefined): boolean {
    const values = (cookieHeader ?? '')
      .split(';')
      .map((pair) => pair.trim().split('=', 2))
      .flatMap(([name, value]) => (name === this.#cookieName && value !== undefined ? [digest(value)] : []));
    const live = this.#live().map(({ sha256 }) => Buffer.from(sha256, 'hex'));
    return values.some((value) => live.some((one) => one.length === value.length && timingSafeEqual(one, value)));
  }

  /**
   * Cookies are shared between the ports of a host, and tunnels make many machines one host: each home has a name of
   * its own, or opening one would sign out of another.
   */
  get #cookieName(): string {
    return `metalmo-session-${this.#kept.name}`;
  }

  #live(): Kept['sessions'] {
    const oldestMs = this.#now() - SESSION_DAYS * DAY_MS;
    return this.#kept.sessions.filter(({ sinceMs }) => sinceMs >= oldestMs);
  }
}

function newKept(): Kept {
  return { name: randomBytes(6).toString('hex'), sessions: [] };
}

/** A file that can't be read or understood costs its sessions, no more: people sign in again. */
function readKept(file: string): Kept | undefined {
  try {
    return Kept.safeParse(JSON.parse(readIfThere(file) ?? 'null')).data;
  } catch {
    return undefined;
  }
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
