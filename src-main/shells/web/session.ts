import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Who may talk to the web shell. An address carries a token that works once; whoever opens it gets a session cookie.
 * Only hashes are kept, all in memory: sessions end with the process.
 */
export class SessionKeeper {
  readonly #cookieName: string;
  readonly #tokens: Buffer[] = [];
  readonly #sessions: Buffer[] = [];

  /** @param name cookies are shared between the ports of a host, so each server needs a name of its own */
  constructor(name: string) {
    this.#cookieName = `metalmo-session-${name}`;
  }

  /** A fresh token that can be exchanged once. */
  issueToken(): string {
    const token = randomBytes(32).toString('base64url');
    this.#tokens.push(digest(token));
    return token;
  }

  /** Uses up a token; the answer is the Set-Cookie header of a new session, or undefined for a token that is none. */
  exchange(token: string): string | undefined {
    const index = indexOf(this.#tokens, token);
    if (index === -1) return undefined;
    this.#tokens.splice(index, 1);
    const session = randomBytes(32).toString('base64url');
    this.#sessions.push(digest(session));
    return `${this.#cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /** @param cookieHeader the request's Cookie header */
  isSession(cookieHeader: string | undefined): boolean {
    for (const pair of (cookieHeader ?? '').split(';')) {
      const [name, value] = pair.trim().split('=', 2);
      if (name === this.#cookieName && value !== undefined && indexOf(this.#sessions, value) !== -1) return true;
    }
    return false;
  }
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

function indexOf(digests: readonly Buffer[], secret: string): number {
  const wanted = digest(secret);
  return digests.findIndex((one) => timingSafeEqual(one, wanted));
}
