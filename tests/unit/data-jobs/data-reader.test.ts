import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DataReader } from '../../../src-main/data-jobs/data-reader.ts';
import { FakeEngine } from '../../support/fake-engine.ts';

let engines: FakeEngine[];
let reader: DataReader;
const ask = (text: string) => reader.ask({ kind: 'encode', folder: '/tokenizers/bpe', text });

beforeEach(() => {
  vi.useFakeTimers();
  engines = [];
  reader = new DataReader(FakeEngine.launcher(engines), 1000);
});
afterEach(() => {
  vi.useRealTimers();
});

describe('DataReader', () => {
  it('asks one engine, pairs answers with questions, and lets it go when nobody asks', async () => {
    const [first, second] = [ask('one'), ask('two')];
    expect(engines).toHaveLength(1);
    engines[0]?.tell({ type: 'data-refused', id: 2, error: { code: 'file/invalid', message: 'damaged', details: {} } });
    await expect(second).rejects.toThrow('damaged');
    const tokens = [{ id: 3, token: 'one', start: 0, end: 3 }];
    engines[0]?.tell({ type: 'data-answer', id: 1, answer: { tokens } });
    await expect(first).resolves.toEqual({ tokens });
    vi.advanceTimersByTime(999);
    expect(engines[0]?.killed).toBe(false);
    vi.advanceTimersByTime(1);
    expect(engines[0]?.killed).toBe(true);
    void ask('three').catch(() => undefined);
    expect(engines).toHaveLength(2);
  });

  it('says that its engine died, and starts another one', async () => {
    const lost = ask('one');
    engines[0]?.exit({ code: 1, signal: null, lastWords: 'boom' });
    await expect(lost).rejects.toThrow(/ended unexpectedly \(exit code 1\).*boom/);
    void ask('two').catch(() => undefined);
    expect(engines).toHaveLength(2);
  });

  it('refuses an answer of another form', async () => {
    const asked = ask('one');
    engines[0]?.tell({ type: 'data-answer', id: 1, answer: { total: 3 } });
    await expect(asked).rejects.toThrow();
  });
});
