/**
 * The one error type that crosses borders (engine process, registry, IPC, terminal).
 * A message says what failed, what was expected, what was found and what to do.
 */
export const APP_ERROR_CODES = [
  'config/invalid',
  'input/invalid',
  'file/not-found',
  'file/invalid',
  'file/io',
  'checkpoint/invalid',
  'checkpoint/incompatible',
  'registry/newer',
  'registry/not-found',
  'registry/conflict',
  'executor/unavailable',
  'executor/failed',
  'executor/out-of-memory',
  'graph/invalid',
  'graph/shape',
  'run/invalid-state',
  'run/failed',
  'ipc/invalid',
  'ipc/unauthorized',
  'cancelled',
  'internal',
] as const;

export type AppErrorCode = (typeof APP_ERROR_CODES)[number];

/** Plain data, so that it can be sent over a wire and stored as JSON. */
export type AppErrorDetails = Record<string, unknown>;

export class AppError extends Error {
  readonly code: AppErrorCode;
  readonly details: AppErrorDetails;

  constructor(code: AppErrorCode, message: string, details: AppErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'AppError';
    this.code = code;
    this.details = details;
  }

  toJSON(): { code: AppErrorCode; message: string; details: AppErrorDetails } {
    return { code: this.code, message: this.message, details: this.details };
  }
}

/** Any thrown value as an AppError; what is not one already becomes `internal` and keeps its cause. */
export function toAppError(error: unknown, code: AppErrorCode = 'internal'): AppError {
  if (error instanceof AppError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new AppError(code, message, {}, error);
}
