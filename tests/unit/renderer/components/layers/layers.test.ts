import { describe, expect, it } from 'vitest';
import { itemBeginningWith, nextItem, type MenuItem } from '../../../../../src-renderer/components/layers/menu-item.ts';
import { placeLayer } from '../../../../../src-renderer/components/layers/place-layer.ts';

const WINDOW = { width: 900, height: 700 };

describe('where a layer goes', () => {
  it('hangs under its anchor, flush left', () => {
    const at = placeLayer({ left: 100, top: 50, width: 80, height: 28 }, { width: 300, height: 200 }, WINDOW);
    expect(at).toMatchObject({ left: 100, top: 82 });
  });

  it('stays inside the window: moved left, above where there is more room', () => {
    const at = placeLayer({ left: 800, top: 650, width: 80, height: 28 }, { width: 300, height: 200 }, WINDOW);
    expect(at.left + 300).toBeLessThanOrEqual(WINDOW.width);
    expect(at.top + 200).toBeLessThanOrEqual(650);
  });

  it('is no taller than the room there is', () => {
    const at = placeLayer({ left: 0, top: 300, width: 80, height: 28 }, { width: 300, height: 2000 }, WINDOW);
    expect(at.top + at.maxHeight).toBeLessThanOrEqual(WINDOW.height);
    expect(at.maxHeight).toBeLessThan(2000);
  });
});

describe('items of a menu', () => {
  const item = (label: string, disabled = false): MenuItem => ({ label, disabled, run: () => undefined });
  const items: MenuItem[] = [item('Open'), 'rule', item('Rename', true), item('Tags'), item('Trash')];

  it('are passed through in a circle, without rules and what is off', () => {
    expect(nextItem(items, 0, 1)).toBe(3);
    expect(nextItem(items, 4, 1)).toBe(0);
    expect(nextItem(items, 0, -1)).toBe(4);
    expect(nextItem(items, -1, 1)).toBe(0);
    expect(nextItem(items, -1, -1)).toBe(4);
    expect(nextItem(['rule', item('a', true)], -1, 1)).toBe(-1);
  });

  it('are found by their first letter, one after the other', () => {
    expect(itemBeginningWith(items, 't', 0)).toBe(3);
    expect(itemBeginningWith(items, 't', 3)).toBe(4);
    expect(itemBeginningWith(items, 'r', 0)).toBe(-1);
  });
});
