import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { placeWindow, readWindowState, writeWindowState } from '../../../../src-main/shells/electron/window-state.ts';

const screen = { x: 0, y: 0, width: 1920, height: 1040 };
const second = { x: 1920, y: 0, width: 2560, height: 1400 };
const kept = { x: 2000, y: 100, width: 1600, height: 1200, isMaximized: false };

describe('where the window opens', () => {
  it('is where it was, on whichever screen that is', () => {
    expect(placeWindow(kept, [screen, second])).toEqual({ x: 2000, y: 100, width: 1600, height: 1200 });
  });

  it('is on the first screen, and no larger than it, where its own is gone', () => {
    expect(placeWindow(kept, [screen])).toEqual({ width: 1600, height: 1040 });
  });

  it('is not where its title bar could not be taken hold of', () => {
    expect(placeWindow({ ...kept, x: 1900 - 1600, y: 1030 }, [screen])).not.toHaveProperty('x');
    expect(placeWindow({ ...kept, x: -1550, y: 10 }, [screen])).not.toHaveProperty('x');
    expect(placeWindow({ ...kept, x: -100, y: 10 }, [screen])).toHaveProperty('x', -100);
  });

  it('is never smaller than the page can be', () => {
    expect(placeWindow({ ...kept, x: 10, width: 10, height: 10 }, [screen])).toMatchObject({ width: 900, height: 600 });
  });

  it('is kept in a file, and a broken file is none', () => {
    const folder = mkdtempSync(join(tmpdir(), 'metalmo-window-'));
    const file = join(folder, 'window.json');
    expect(readWindowState(file)).toBeUndefined();
    writeWindowState(file, kept);
    expect(readWindowState(file)).toEqual(kept);
    writeFileSync(file, '{"x":"left"}');
    expect(readWindowState(file)).toBeUndefined();
    writeFileSync(file, '{');
    expect(readWindowState(file)).toBeUndefined();
    rmSync(folder, { recursive: true });
  });
});
