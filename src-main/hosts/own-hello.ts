import { createHash } from 'node:crypto';
import { z } from 'zod';
import manifest from '../../package.json' with { type: 'json' };
import { EVENTS, REQUESTS } from '../../src-shared/ipc/contract.ts';
import type { HostHello } from '../../src-shared/ipc/host-hello.ts';

let known: HostHello | undefined;

/** What this program says of itself to another one that looks at its studio, and compares with what the other says. */
export function ownHello(): HostHello {
  known ??= {
    kind: 'hello',
    program: 'metalmo-studio',
    version: manifest.version,
    contract: fingerprint(),
  };
  return known;
}

/** Changes with any name or shape of the contract: the same for two programs exactly if they speak the same. */
function fingerprint(): string {
  const shape = (schema: z.ZodType): unknown => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const requests = Object.entries(REQUESTS).map(([name, { body, answer }]) => [name, shape(body), shape(answer)]);
  const events = Object.entries(EVENTS).map(([name, body]) => [name, shape(body)]);
  return createHash('sha256')
    .update(JSON.stringify([requests, events]))
    .digest('hex')
    .slice(0, 16);
}
