import { AppError } from '../../../../src-shared/app-error.ts';

const OUT_OF_MEMORY =
  /OOM when allocating|RESOURCE_EXHAUSTED|resource exhausted|out of memory|failed to allocate|bad_alloc/i;

/** What TensorFlow reported, as an error that says what to do. */
export function tensorFlowError(error: unknown, doing: string): AppError {
  if (error instanceof AppError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (OUT_OF_MEMORY.test(message)) {
    return new AppError(
      'executor/out-of-memory',
      `TensorFlow ran out of memory while ${doing}. Use a smaller batch size (raise the accumulation to keep the effective batch), ` +
        `fewer micro-batches per call or a shorter sequence length. TensorFlow says: ${message}`,
      {},
      error,
    );
  }
  return new AppError('executor/failed', `TensorFlow failed while ${doing}: ${message}`, {}, error);
}
