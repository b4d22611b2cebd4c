/**
 * Is the Host header a name of this server? Only the name counts: through an SSH tunnel the port is another one.
 * Refusing foreign names is what stops DNS rebinding, where a hostile page's own name is made to point here.
 */
export function isOwnHost(hostHeader: string | undefined, listeningHost: string): boolean {
  const name = hostName(hostHeader);
  return name !== undefined && [...LOOPBACK_NAMES, bracketed(listeningHost)].includes(name);
}

/**
 * Did a page of this server send the request? The Origin must be exactly the address the request went to.
 * @param required true for what changes state or opens a socket: browsers always send Origin there
 */
export function isOwnOrigin(origin: string | undefined, hostHeader: string | undefined, required: boolean): boolean {
  if (origin === undefined) return !required;
  return hostHeader !== undefined && origin === `http://${hostHeader.toLowerCase()}`;
}

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

function hostName(hostHeader: string | undefined): string | undefined {
  const match = /^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/i.exec(hostHeader ?? '');
  return match?.[1]?.toLowerCase();
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host.toLowerCase()}]` : host.toLowerCase();
}
