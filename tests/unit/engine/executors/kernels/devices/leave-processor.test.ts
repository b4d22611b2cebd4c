import { expect, it } from 'vitest';
import { leaveProcessor } from '../../../../../../src-main/engine/executors/kernels/devices/leave-processor.ts';

/** Turns of the event loop until `work` is done. */
async function turnsUntil(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let isDone = false;
  const count = (): void => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  await work;
  isDone = true;
  return turns;
}

const inMs = (ms: number): Promise<string> => new Promise((resolve) => setTimeout(resolve, ms, 'done'));

it('gives what was waited for, or throws it', async () => {
  expect(await leaveProcessor(inMs(5))).toBe('done');
  await expect(leaveProcessor(Promise.reject(new Error('lost')))).rejects.toThrow('lost');
});

it('takes a turn a millisecond while it waits, and none after', async () => {
  const startedMs = performance.now();
  const turns = await turnsUntil(leaveProcessor(inMs(100)));
  // Each turn sleeps that long at least.
  expect(turns).toBeLessThanOrEqual(performance.now() - startedMs + 2);
  expect(turns).toBeGreaterThan(0);
  const free = await turnsUntil(inMs(100));
  expect(free).toBeGreaterThan(1000);
});
