import { describe, expect, it } from 'vitest';
import { followerAfterMove, moved, targetOfGap } from '../../../../../src-renderer/state/queue/order.ts';

const line = ['a', 'b', 'c', 'd'];

describe('moving in a line', () => {
  it('puts an item at another place, beyond the ends at the ends', () => {
    expect(moved(line, 0, 2)).toEqual(['b', 'c', 'a', 'd']);
    expect(moved(line, 3, 0)).toEqual(['d', 'a', 'b', 'c']);
    expect(moved(line, 1, 99)).toEqual(['a', 'c', 'd', 'b']);
    expect(moved(line, 1, -1)).toEqual(['b', 'a', 'c', 'd']);
    expect(moved(line, 7, 0)).toEqual(line);
  });

  it('names who follows then', () => {
    expect(followerAfterMove(line, 0, 1)).toBe('c');
    expect(followerAfterMove(line, 3, 0)).toBe('a');
    expect(followerAfterMove(line, 0, 3)).toBeNull();
  });

  it('drops into the gap that was shown', () => {
    for (let from = 0; from < line.length; from++) {
      for (let gap = 0; gap <= line.length; gap++) {
        const after = moved(line, from, targetOfGap(from, gap));
        const expected = [...line.slice(0, gap), '*', ...line.slice(gap)]
          .filter((item) => item !== line[from])
          .map((item) => (item === '*' ? line[from] : item));
        expect(after).toEqual(expected);
      }
    }
  });
});
