import { z } from 'zod';

/** Where a web shell serves its own studio to other shells; pages have a socket of their own. */
export const HOST_PATH = '/host';

/** The first message over a socket between two shells, from the host that is looked at. */
export const HostHello = z.strictObject({
  kind: z.literal('hello'),
  program: z.literal('metalmo-studio'),
  /** Of the program, e.g. "0.1.0". */
  version: z.string(),
  /** Fingerprint of the contract; shells with different ones don't understand each other. */
  contract: z.string(),
});
export type HostHello = z.infer<typeof HostHello>;
