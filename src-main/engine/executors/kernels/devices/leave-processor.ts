const PAUSE_MS = 1;
const never = new Int32Array(new SharedArrayBuffer(4));

/**
 * Waits for what a software device computes and leaves it the processor meanwhile: Dawn's binding asks whether work is done in
 * each turn of the event loop, which takes a whole core from the threads that do the work.
 */
export async function leaveProcessor<T>(work: Promise<T>): Promise<T> {
  let isDone = false;
  const done = (): void => {
    isDone = true;
  };
  work.then(done, done);
  const turn = (): void => {
    if (isDone) return;
    Atomics.wait(never, 0, 0, PAUSE_MS);
    setImmediate(turn);
  };
  setImmediate(turn);
  return work;
}
