import { AppError } from '../../src-shared/app-error.ts';

export interface HostAddress {
  /** e.g. "http://127.0.0.1:4517" */
  readonly origin: string;
  /** The one-time token, where the whole printed address was given. */
  readonly token: string | undefined;
}

/**
 * What a person types or pastes: "127.0.0.1:4517", "http://localhost:9000" or the whole address that
 * `npm start -- --serve` printed, token included.
 * @throws AppError input/invalid
 */
export function parseHostAddress(text: string): HostAddress {
  const trimmed = text.trim();
  const url = parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`);
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '') {
    throw new AppError(
      'input/invalid',
      `'${trimmed}' is no address of a host. Expected one like http://127.0.0.1:4517, or the whole line that ` +
        '`npm start -- --serve` printed on that machine.',
    );
  }
  const token = url.searchParams.get('token');
  return { origin: url.origin, token: token === null || token === '' ? undefined : token };
}

function parse(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
