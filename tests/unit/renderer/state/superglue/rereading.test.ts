import { describe, expect, it } from 'vitest';
import { Rereading } from '../../../../../src-renderer/state/superglue/rereading.ts';

describe('reading again', () => {
  it('reads once more after all that was asked for meanwhile', async () => {
    const ends: (() => void)[] = [];
    const rereading = new Rereading(() => new Promise((resolve) => ends.push(resolve)));
    rereading.ask();
    rereading.ask();
    rereading.ask();
    expect(ends).toHaveLength(1);
    ends[0]?.();
    await Promise.resolve();
    await Promise.resolve();
    expect(ends).toHaveLength(2);
    ends[1]?.();
    await Promise.resolve();
    await Promise.resolve();
    expect(ends).toHaveLength(2);
    rereading.ask();
    expect(ends).toHaveLength(3);
  });
});
