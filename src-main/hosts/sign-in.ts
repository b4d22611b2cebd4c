import { AppError } from '../../src-shared/app-error.ts';

const TIMEOUT_MS = 10_000;

/**
 * Turns a one-time token into a session of the host's web shell.
 * @returns the cookie as "name=value"
 * @throws AppError ipc/unauthorized for a token that is used up or wrong, file/io where nobody answers
 */
export async function signIn(origin: string, token: string): Promise<string> {
  const response = await ask(`${origin}/?token=${encodeURIComponent(token)}`, origin);
  await response.body?.cancel();
  const cookie = response.headers.getSetCookie().find((one) => one.startsWith('metalmo-session-'));
  if (cookie !== undefined && response.ok) return cookie.split(';', 1)[0] ?? '';
  if (response.status === 401) {
    throw new AppError(
      'ipc/unauthorized',
      `${origin} does not take this token: each works once. Press Enter in the terminal of that MetaLMO Studio for a new address.`,
    );
  }
  throw new AppError(
    'input/invalid',
    `What answers at ${origin} is no MetaLMO Studio (status ${response.status}). Check the port of the address or of the tunnel.`,
  );
}

async function ask(url: string, origin: string): Promise<Response> {
  try {
    return await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    throw new AppError('file/io', unreachable(origin, error), {}, error);
  }
}

/** Why nobody answered, and what to look at. */
export function unreachable(origin: string, error: unknown): string {
  const codes = [error, error instanceof Error ? error.cause : undefined].map((one) =>
    one instanceof Error && 'code' in one ? String(one.code) : undefined,
  );
  if (codes.includes('ECONNREFUSED')) {
    return `Nothing listens at ${origin}. Is MetaLMO Studio running there (npm start -- --serve), and the SSH tunnel up?`;
  }
  if (codes.includes('ENOTFOUND') || codes.includes('EAI_AGAIN')) return `${origin}: there is no machine of this name.`;
  if (codes.includes('ECONNRESET') || codes.includes('EPIPE')) {
    return `${origin} closed the connection at once. Is the far end of the SSH tunnel listening?`;
  }
  if (error instanceof Error && error.name === 'TimeoutError') return `${origin} does not answer.`;
  return `${origin} can't be reached: ${error instanceof Error ? error.message : String(error)}`;
}
