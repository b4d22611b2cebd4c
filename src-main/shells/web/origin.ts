import { hostname, networkInterfaces } from 'node:os';

/**
 * Is the Host header a name of this server? Only the name counts: through an SSH tunnel the port is another one.
 * Refusing foreign names is what stops DNS rebinding, where a hostile page's own name is made to point here.
 */
export function isOwnHost(hostHeader: string | undefined, listeningHost: string): boolean {
  const name = hostName(hostHeader);
  return name !== undefined && [...LOOPBACK_NAMES, ...namesOf(listeningHost)].includes(name);
}

/**
 * Did a page of this server send the request? The Origin must be exactly the address the request went to.
 * @param required true for what changes state or opens a socket: browsers always send Origin there
 */
export function isOwnOrigin(origin: string | undefined, hostHeader: string | undefined, required: boolean): boolean {
  if (origin === undefined) return !required;
  return hostHeader !== undefined && origin === `http://${hostHeader.toLowerCase()}`;
}

/** The name to print for others: an address that means "all of them" is none that a browser can open. */
export function shownHost(listeningHost: string): string {
  return isWildcard(listeningHost) ? hostname() : bracketed(listeningHost);
}

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** Listening on every address, the server is known by this machine's own names and addresses. */
function namesOf(listeningHost: string): string[] {
  if (!isWildcard(listeningHost)) return [bracketed(listeningHost)];
  const addresses = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
  const name = hostname().toLowerCase();
  return [name, `${name}.local`, ...addresses.map(({ address }) => bracketed(address))];
}

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

function hostName(hostHeader: string | undefined): string | undefined {
  const match = /^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/i.exec(hostHeader ?? '');
  return match?.[1]?.toLowerCase();
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host.toLowerCase()}]` : host.toLowerCase();
}
