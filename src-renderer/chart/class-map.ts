import type { LabeledPoint } from '../../src-shared/ipc/run-views.ts';

export type Rgb = readonly [number, number, number];

/** Colours of probability 0, 1/2 and 1. */
export interface MapColors {
  readonly zero: Rgb;
  readonly middle: Rgb;
  readonly one: Rgb;
}

/** "#rrggbb" as numbers 0..255. */
export function parseHex(hex: string): Rgb {
  const value = Number.parseInt(hex.trim().slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** Colour of a probability: from `zero` over `middle` to `one`; undefined where it is not a number. */
export function colorOfProbability(probability: number, { zero, middle, one }: MapColors): Rgb | undefined {
  if (!Number.isFinite(probability)) return undefined;
  const side = probability < 0.5 ? zero : one;
  const share = Math.min(1, Math.abs(probability - 0.5) * 2);
  return [0, 1, 2].map((channel) => {
    const from = middle[channel] ?? 0;
    return Math.round(from + ((side[channel] ?? 0) - from) * share);
  }) as unknown as Rgb;
}

/** The grid as RGBA pixels, one per cell, its last row first: y rises upwards on the screen. */
export function pixelsOfMap(
  side: number,
  values: ArrayLike<number>,
  colors: MapColors,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(side * side * 4);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const color = colorOfProbability(values[y * side + x] ?? Number.NaN, colors);
      if (color !== undefined) pixels.set([...color, 255], ((side - 1 - y) * side + x) * 4);
    }
  }
  return pixels;
}

/** Points of the grid as columns. */
export interface GridPoints {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Draws the grid to fill the canvas, on it the unlabeled points as dots, the labeled ones as circles for 0, squares for 1. */
export function drawClassMap(
  canvas: HTMLCanvasElement,
  side: number,
  values: ArrayLike<number> | undefined,
  points: readonly LabeledPoint[],
  unlabeled: GridPoints = { x: [], y: [] },
): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const style = getComputedStyle(canvas);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  const colors = {
    zero: parseHex(color('--map-0')),
    middle: parseHex(color('--map-middle')),
    one: parseHex(color('--map-1')),
  };
  const size = Math.max(1, Math.round(canvas.clientWidth * devicePixelRatio));
  canvas.width = size;
  canvas.height = size;
  if (values !== undefined) {
    const cells = new OffscreenCanvas(side, side);
    cells.getContext('2d')?.putImageData(new ImageData(pixelsOfMap(side, values, colors), side, side), 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(cells, 0, 0, size, size);
  }
  const cell = size / side;
  context.fillStyle = color('--text');
  context.globalAlpha = 0.45;
  const dot = Math.max(1, Math.round(cell / 3));
  unlabeled.x.forEach((x, index) => {
    const y = unlabeled.y[index] ?? 0;
    context.fillRect((x + 0.5) * cell - dot / 2, size - (y + 0.5) * cell - dot / 2, dot, dot);
  });
  context.globalAlpha = 1;
  const radius = Math.max(2.5 * devicePixelRatio, cell * 0.8);
  for (const { x, y, label } of points) {
    const [centerX, centerY] = [(x + 0.5) * cell, size - (y + 0.5) * cell];
    context.beginPath();
    if (label === 0) context.arc(centerX, centerY, radius, 0, Math.PI * 2);
    else context.rect(centerX - radius * 0.9, centerY - radius * 0.9, radius * 1.8, radius * 1.8);
    // A halo sets the point off from cells of its own colour.
    context.lineWidth = 4 * devicePixelRatio;
    context.strokeStyle = color('--surface');
    context.stroke();
    context.fillStyle = color(label === 0 ? '--map-0' : '--map-1');
    context.fill();
    context.lineWidth = devicePixelRatio;
    context.strokeStyle = color('--text');
    context.stroke();
  }
}
