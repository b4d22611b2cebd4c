import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startDataProcess } from '../../../src-main/data-jobs/data-process.ts';
import { FakeEngine } from '../../support/fake-engine.ts';

const REQUEST = { kind: 'add-sample', dataDirectory: '/data' } as const;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('startDataProcess', () => {
  it('kills what does not stop in time', async () => {
    const engines: FakeEngine[] = [];
    const process = startDataProcess(FakeEngine.launcher(engines), REQUEST, () => undefined, 5000);
    const done = expect(process.done).rejects.toMatchObject({ code: 'cancelled' });
    process.cancel();
    process.cancel();
    expect(engines[0]?.commands.filter(({ type }) => type === 'stop')).toHaveLength(1);
    vi.advanceTimersByTime(4999);
    expect(engines[0]?.killed).toBe(false);
    vi.advanceTimersByTime(1);
    expect(engines[0]?.killed).toBe(true);
    await done;
  });

  it('is done only when its process is gone', async () => {
    const engines: FakeEngine[] = [];
    const process = startDataProcess(FakeEngine.launcher(engines), REQUEST, () => undefined);
    let isDone = false;
    const done = process.done.then(() => (isDone = true));
    engines[0]?.tell({ type: 'data-made' });
    await Promise.resolve();
    expect(isDone).toBe(false);
    engines[0]?.exit();
    await done;
    expect(isDone).toBe(true);
  });
});
