export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Between a layer and what it hangs on, and between a layer and the window's edge; CSS pixels. */
const GAP = 4;

/**
 * Where a layer goes: under its anchor and flush with its left edge; above where there is more room, and moved left where the
 * window ends. A layer taller than the room gets a smaller height and scrolls.
 */
export function placeLayer(anchor: Box, layer: Size, window: Size): { left: number; top: number; maxHeight: number } {
  const below = window.height - (anchor.top + anchor.height) - 2 * GAP;
  const above = anchor.top - 2 * GAP;
  const goesBelow = layer.height <= below || below >= above;
  const maxHeight = Math.max(0, goesBelow ? below : above);
  const height = Math.min(layer.height, maxHeight);
  const top = goesBelow ? anchor.top + anchor.height + GAP : anchor.top - GAP - height;
  const left = Math.max(GAP, Math.min(anchor.left, window.width - layer.width - GAP));
  return { left, top, maxHeight };
}

/** Puts an open layer where it belongs. */
export function hangLayer(layer: HTMLElement, anchor: Box): void {
  layer.style.maxHeight = '';
  const at = placeLayer(anchor, layer.getBoundingClientRect(), { width: innerWidth, height: innerHeight });
  layer.style.left = `${at.left}px`;
  layer.style.top = `${at.top}px`;
  layer.style.maxHeight = `${at.maxHeight}px`;
}
