import { describe, expect, it } from 'vitest';
import { endOfEngine } from '../../../src-main/runs/exit-reason.ts';

describe('endOfEngine', () => {
  it.each([
    [{ code: null, signal: 'SIGKILL', lastWords: '' }, 'interrupted', /SIGKILL.*memory ran out/s],
    [{ code: null, signal: 'SIGTERM', lastWords: '' }, 'interrupted', /from outside \(SIGTERM\)/],
    [
      { code: null, signal: 'SIGSEGV', lastWords: 'a\nb\n' },
      'failed',
      /crashed \(SIGSEGV\).*last words: b.*another executor/s,
    ],
    [
      { code: 134, signal: null, lastWords: 'FATAL: JavaScript heap out of memory\n' },
      'failed',
      /out of memory.*batchSize/s,
    ],
    [{ code: 7, signal: null, lastWords: 'oops' }, 'failed', /exit code 7.*oops/s],
  ] as const)('%j -> %s', (exit, status, message) => {
    const end = endOfEngine(exit);
    expect(end.status).toBe(status);
    expect(end.error.message).toMatch(message);
    expect(end.error.message).toMatch(/Resume/);
  });
});
