import { z } from 'zod';
import { readIfThere, writePrivateFile } from '../../private-file.ts';

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const Kept = z.strictObject({
  x: z.int(),
  y: z.int(),
  width: z.int(),
  height: z.int(),
  isMaximized: z.boolean(),
});
export type WindowState = z.infer<typeof Kept>;

export const SMALLEST = { width: 900, height: 600 } as const;
const FIRST = { width: 1280, height: 900 } as const;
/** So much of the title bar must be on a screen, or the window could not be taken hold of. */
const GRASP_PIXELS = 100;

/**
 * Where the window opens: where it was, unless that screen is gone or smaller by now; the first time in the middle of
 * the first screen (then without x and y).
 * @param screens usable areas, without task bars
 */
export function placeWindow(
  kept: WindowState | undefined,
  screens: readonly Area[],
): Partial<Pick<Area, 'x' | 'y'>> & Pick<Area, 'width' | 'height'> {
  const wanted = kept ?? FIRST;
  const screen = kept === undefined ? screens[0] : screens.find((area) => isWithinReach(kept, area));
  const room = screen ?? screens[0] ?? FIRST;
  const size = {
    width: Math.max(SMALLEST.width, Math.min(wanted.width, room.width)),
    height: Math.max(SMALLEST.height, Math.min(wanted.height, room.height)),
  };
  return kept === undefined || screen === undefined ? size : { x: kept.x, y: kept.y, ...size };
}

/** What was kept; undefined the first time, and where the file says nothing of use. */
export function readWindowState(file: string): WindowState | undefined {
  try {
    return Kept.safeParse(JSON.parse(readIfThere(file) ?? 'null')).data;
  } catch {
    // A broken file costs the window its place, no more.
    return undefined;
  }
}

export function writeWindowState(file: string, state: WindowState): void {
  writePrivateFile(file, `${JSON.stringify(state)}\n`);
}

function isWithinReach(window: Area, screen: Area): boolean {
  const shared = Math.min(window.x + window.width, screen.x + screen.width) - Math.max(window.x, screen.x);
  return shared >= GRASP_PIXELS && window.y >= screen.y && window.y <= screen.y + screen.height - GRASP_PIXELS / 2;
}
