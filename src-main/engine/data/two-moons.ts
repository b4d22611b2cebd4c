import type { RandomGenerator } from '../random/random-generator.ts';

/** Cells of the grid along one axis; a coordinate is written as an integer 0..63. */
export const GRID_SIDE = 64;
const X_RANGE = [-1.5, 2.5] as const;
const Y_RANGE = [-1, 1.5] as const;

/** Points on the grid: coordinates (x, y) one after the other, and which half circle each is on. */
export interface MoonPoints {
  readonly coordinates: Uint8Array; // [N, 2]
  readonly labels: Uint8Array; // [N], 0 = upper half circle, 1 = lower
}

/** Scaled to the grid, rounded down, clipped. */
function toCell(value: number, [low, high]: readonly [number, number]): number {
  const cell = Math.floor(((value - low) / (high - low)) * GRID_SIDE);
  return Math.min(GRID_SIDE - 1, Math.max(0, cell));
}

/** Puts the point at `angle` (0..pi) of a half circle, with normal noise on both coordinates, to `out[2 * index]`. */
function placePoint(
  out: Uint8Array,
  index: number,
  label: number,
  angle: number,
  noise: number,
  generator: RandomGenerator,
): void {
  const isUpper = label === 0;
  const x = isUpper ? Math.cos(angle) : 1 - Math.cos(angle);
  const y = isUpper ? Math.sin(angle) : 0.5 - Math.sin(angle);
  out[2 * index] = toCell(x + noise * generator.normal(), X_RANGE);
  out[2 * index + 1] = toCell(y + noise * generator.normal(), Y_RANGE);
}

/**
 * scikit-learn's make_moons with our own random numbers: half of the points (rounded down) on the upper half circle, the
 * others on the lower one, at evenly spaced angles from 0 to pi, in random order.
 */
export function balancedMoons(count: number, noise: number, generator: RandomGenerator): MoonPoints {
  const coordinates = new Uint8Array(2 * count);
  const labels = new Uint8Array(count);
  const upper = Math.floor(count / 2);
  generator.permutation(count).forEach((which, index) => {
    const label = which < upper ? 0 : 1;
    const onCircle = label === 0 ? upper : count - upper;
    const position = label === 0 ? which : which - upper;
    const angle = onCircle === 1 ? 0 : (Math.PI * position) / (onCircle - 1);
    labels[index] = label;
    placePoint(coordinates, index, label, angle, noise, generator);
  });
  return { coordinates, labels };
}

/**
 * Points drawn one by one, uniformly over both half circles.
 * Deviation: the reference draws without replacement from one million points at evenly spaced angles; at 3e-6 rad between
 * neighbours against noise of 0.1 the difference cannot be seen.
 */
export function drawMoons(count: number, noise: number, generator: RandomGenerator): MoonPoints {
  const coordinates = new Uint8Array(2 * count);
  const labels = new Uint8Array(count);
  for (let index = 0; index < count; index++) {
    const label = generator.uint32() >>> 31;
    labels[index] = label;
    placePoint(coordinates, index, label, Math.PI * generator.uniform(), noise, generator);
  }
  return { coordinates, labels };
}

/** Every cell of the grid once, row by row from the bottom: (0, 0), (1, 0), …, (63, 63); there are no labels. */
export function gridPoints(): Uint8Array {
  const coordinates = new Uint8Array(2 * GRID_SIDE * GRID_SIDE);
  for (let cell = 0; cell < GRID_SIDE * GRID_SIDE; cell++) {
    coordinates[2 * cell] = cell % GRID_SIDE;
    coordinates[2 * cell + 1] = Math.floor(cell / GRID_SIDE);
  }
  return coordinates;
}

/** Sorts each run of `pointsPerText` points by (x, y), in place. */
export function sortTexts(coordinates: Uint8Array, pointsPerText: number): void {
  const keys = new Uint16Array(pointsPerText);
  const step = 2 * pointsPerText;
  for (let begin = 0; begin + step <= coordinates.length; begin += step) {
    for (let point = 0; point < pointsPerText; point++) {
      const x = coordinates[begin + 2 * point] ?? 0;
      const key = x * GRID_SIDE + (coordinates[begin + 2 * point + 1] ?? 0);
      let at = point;
      for (; at > 0; at--) {
        const previous = keys[at - 1] ?? 0;
        if (previous <= key) break;
        keys[at] = previous;
      }
      keys[at] = key;
    }
    for (let point = 0; point < pointsPerText; point++) {
      const key = keys[point] ?? 0;
      coordinates[begin + 2 * point] = key >> 6;
      coordinates[begin + 2 * point + 1] = key & (GRID_SIDE - 1);
    }
  }
}

/** The text of `points` points from the `first` on: "x y x y …". */
export function pointsText(coordinates: Uint8Array, first: number, points: number): string {
  return coordinates.subarray(2 * first, 2 * (first + points)).join(' ');
}
