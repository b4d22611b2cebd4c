import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../src-shared/app-error.ts';
import type { RememberedHost } from '../../src-shared/ipc/contract/hosts.ts';
import { readIfThere, writePrivateFile } from '../private-file.ts';

/** A host and the session that its web shell gave us, "name=value" of the cookie. */
const KeptHost = z.strictObject({
  hostId: z.string(),
  name: z.string(),
  address: z.string(),
  lastUsedMs: z.number(),
  cookie: z.string().nullable(),
});
export type KeptHost = z.infer<typeof KeptHost>;

/**
 * The hosts a person has opened, kept in a file that only they may read: a session is as good as a password. Pages
 * never get the cookies.
 */
export class HostBook {
  readonly #file: string;
  #hosts: KeptHost[];

  /** @throws AppError file/invalid where the file is none of ours */
  constructor(file: string) {
    this.#file = file;
    this.#hosts = readHosts(file);
  }

  /** Last used first. */
  list(): RememberedHost[] {
    return this.#hosts.toSorted((a, b) => b.lastUsedMs - a.lastUsedMs).map(withoutCookie);
  }

  find(address: string): KeptHost | undefined {
    return this.#hosts.find((host) => host.address === address);
  }

  /** Remembers a host that has just been opened; an address is one host. */
  keep(host: Pick<KeptHost, 'address' | 'cookie'>, name: string | undefined): KeptHost {
    const known = this.find(host.address);
    const kept: KeptHost = {
      ...host,
      hostId: known?.hostId ?? randomUUID(),
      name: name === undefined || name === '' ? (known?.name ?? new URL(host.address).host) : name,
      lastUsedMs: Date.now(),
    };
    this.#write([...this.#hosts.filter(({ address }) => address !== host.address), kept]);
    return kept;
  }

  forget(hostId: string): void {
    this.#write(this.#hosts.filter((host) => host.hostId !== hostId));
  }

  #write(hosts: KeptHost[]): void {
    writePrivateFile(this.#file, `${JSON.stringify(hosts, null, 2)}\n`);
    this.#hosts = hosts;
  }
}

export function withoutCookie({ hostId, name, address, lastUsedMs }: KeptHost): RememberedHost {
  return { hostId, name, address, lastUsedMs };
}

function readHosts(file: string): KeptHost[] {
  try {
    return z.array(KeptHost).parse(JSON.parse(readIfThere(file) ?? '[]'));
  } catch (error) {
    throw new AppError(
      'file/invalid',
      `${file}, the list of hosts, can't be read. Move it away; hosts are then asked for again.`,
      { path: file },
      error,
    );
  }
}
