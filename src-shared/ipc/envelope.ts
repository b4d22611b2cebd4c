import { z } from 'zod';
import { WireError } from './wire-error.ts';

/** What wraps a body on the wire. `id` pairs an answer with its request and is the sender's to choose. */
const RequestId = z.int().min(0);

export const RequestEnvelope = z.strictObject({
  kind: z.literal('request'),
  id: RequestId,
  name: z.string().max(128),
  body: z.unknown(),
});
export type RequestEnvelope = z.infer<typeof RequestEnvelope>;

/** `id` is null where the request was too broken to have one. */
export const AnswerEnvelope = z.discriminatedUnion('ok', [
  z.strictObject({ kind: z.literal('answer'), id: RequestId.nullable(), ok: z.literal(true), body: z.unknown() }),
  z.strictObject({ kind: z.literal('answer'), id: RequestId.nullable(), ok: z.literal(false), error: WireError }),
]);
export type AnswerEnvelope = z.infer<typeof AnswerEnvelope>;

export const EventEnvelope = z.strictObject({ kind: z.literal('event'), name: z.string(), body: z.unknown() });
export type EventEnvelope = z.infer<typeof EventEnvelope>;

/** What a page may receive. */
export const ToPage = z.union([AnswerEnvelope, EventEnvelope]);
export type ToPage = z.infer<typeof ToPage>;
