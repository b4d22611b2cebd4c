import { z } from 'zod';
import { NoBody } from './values.ts';

/** A host elsewhere whose address the app remembers; the token is used once and not kept. */
const RememberedHost = z.strictObject({
  hostId: z.string(),
  /** What the person calls it. */
  name: z.string(),
  /** e.g. "http://127.0.0.1:4517", the near end of an SSH tunnel. */
  address: z.string(),
  lastUsedMs: z.number(),
});
export type RememberedHost = z.infer<typeof RememberedHost>;

const HostsView = z.strictObject({
  /** Null: this machine. */
  current: RememberedHost.nullable(),
  /** How the connection to `current` is; "connected" for this machine. */
  connection: z.strictObject({
    state: z.enum(['connected', 'connecting', 'lost', 'refused']),
    /** Why it is lost (it is being tried again) or refused (it is not), and what to do; null while all is well. */
    reason: z.string().nullable(),
  }),
  /** Last used first. */
  hosts: z.array(RememberedHost),
});
export type HostsView = z.infer<typeof HostsView>;

/** Answered by the shell that the window belongs to, never passed on to a host elsewhere. */
export const HOST_REQUESTS = {
  'hosts.list': { body: NoBody, answer: HostsView },
  /** Opens a host: everything but `hosts.*` goes there from then on. */
  'hosts.open': {
    body: z.strictObject({
      address: z.string().min(1).max(500),
      /** One-time token; not needed while an earlier session is still good. */
      token: z.string().max(200).optional(),
      name: z.string().trim().max(100).optional(),
    }),
    answer: HostsView,
  },
  /** Back to this machine. */
  'hosts.leave': { body: NoBody, answer: HostsView },
  /**
   * Lets the person choose a file or folder of this machine in the system's dialog; null where they did not. Only in
   * the desktop app: a browser's page shows folders of the host itself (`data.folder`).
   */
  'hosts.choosePath': {
    body: z.strictObject({ title: z.string().max(200), kind: z.enum(['file', 'folder']) }),
    answer: z.strictObject({ path: z.string().nullable() }),
  },
  'hosts.forget': { body: z.strictObject({ hostId: z.string() }), answer: HostsView },
} as const;
export type HostRequestName = keyof typeof HOST_REQUESTS;

export const HOST_EVENTS = {
  /** Another host, or another state of the connection to it; after either the page reads everything again. */
  'host.changed': HostsView,
} as const;
