import { z } from 'zod';
import { APP_ERROR_CODES, AppError, toAppError } from '../app-error.ts';

/** An AppError as plain data, for every border and for the registry. */
export const WireError = z.strictObject({
  code: z.enum(APP_ERROR_CODES),
  message: z.string(),
  details: z.record(z.string(), z.unknown()),
});
export type WireError = z.infer<typeof WireError>;

/** Any thrown value for the wire. Details that JSON cannot hold are left out rather than failing the answer. */
export function toWireError(error: unknown): WireError {
  const { code, message, details } = toAppError(error);
  return { code, message, details: jsonDetails(details) };
}

export function fromWireError(wire: WireError): AppError {
  return new AppError(wire.code, wire.message, wire.details);
}

function jsonDetails(details: Record<string, unknown>): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(JSON.stringify(details)));
  } catch {
    // A cycle or a bigint: the message alone still says what to do.
    return {};
  }
}
