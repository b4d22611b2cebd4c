import { describe, expect, it } from 'vitest';
import { RequestLimit } from '../../../../src-main/shells/web/request-limit.ts';

describe('RequestLimit', () => {
  it('allows a burst, then the steady rate, and never saves up more than a burst', () => {
    let nowMs = 0;
    const limit = new RequestLimit(3, 10, () => nowMs);
    const taken = (asks: number): number => Array.from({ length: asks }, () => limit.take()).filter(Boolean).length;
    expect(taken(5)).toBe(3);
    nowMs = 200;
    expect(taken(5)).toBe(2);
    nowMs = 60_000;
    expect(taken(9)).toBe(3);
  });
});
