import { describe, expect, it } from 'vitest';
import { describeShortcut, nameOfKey, nextKey } from '../../../../src-renderer/state/key-sequence.ts';

const SHORTCUTS = ['g r', 'g n', '?', 'mod+k', 'n'];
const pressed = (key: string, more: object = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });

describe('shortcuts', () => {
  it('names keys as shortcuts write them', () => {
    expect(nameOfKey(pressed('?'))).toBe('?');
    expect(nameOfKey(pressed('K', { ctrlKey: true }))).toBe('mod+k');
    expect(nameOfKey(pressed('k', { metaKey: true }))).toBe('mod+k');
    expect(nameOfKey(pressed('Shift'))).toBeUndefined();
    expect(nameOfKey(pressed('ArrowLeft', { altKey: true }))).toBeUndefined();
  });

  it('runs at once, waits for the rest, or starts anew', () => {
    expect(nextKey('', '?', SHORTCUTS)).toEqual({ kind: 'run', shortcut: '?' });
    expect(nextKey('', 'g', SHORTCUTS)).toEqual({ kind: 'pending', keys: 'g' });
    expect(nextKey('g', 'n', SHORTCUTS)).toEqual({ kind: 'run', shortcut: 'g n' });
    expect(nextKey('g', '?', SHORTCUTS)).toEqual({ kind: 'run', shortcut: '?' });
    expect(nextKey('g', 'g', SHORTCUTS)).toEqual({ kind: 'pending', keys: 'g' });
    expect(nextKey('g', 'x', SHORTCUTS)).toEqual({ kind: 'none' });
  });

  it('says them to people', () => {
    expect(describeShortcut('mod+k', false)).toBe('Ctrl K');
    expect(describeShortcut('mod+k', true)).toBe('⌘ K');
    expect(describeShortcut('g r', false)).toBe('g then r');
  });
});
