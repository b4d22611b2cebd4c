import type { Shape } from '../../graph/types.ts';

/**
 * The same broadcast with as few axes as possible: axes of size 1 go, and neighbours that every input treats alike
 * merge. Kernels then see rank 1 or 2 almost always, which is faster and needs fewer compiled variants. An input that
 * is constant everywhere becomes a scalar.
 */
export function collapseBroadcast(inputs: readonly Shape[], output: Shape): { inputs: Shape[]; output: Shape } {
  const rank = output.length;
  const dimAt = (shape: Shape, axis: number): number => shape[axis - (rank - shape.length)] ?? 1;
  const merged: { size: number; spread: readonly boolean[] }[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const size = output[axis] ?? 1;
    if (size === 1) continue;
    const spread = inputs.map((shape) => dimAt(shape, axis) === 1);
    const last = merged.at(-1);
    if (last?.spread.every((value, i) => value === spread[i])) last.size *= size;
    else merged.push({ size, spread });
  }
  return {
    inputs: inputs.map((_shape, i) => {
      const dims = merged.map(({ size, spread }) => (spread[i] ? 1 : size));
      return dims.every((dim) => dim === 1) ? [] : dims;
    }),
    output: merged.map(({ size }) => size),
  };
}

/** A transposition with as few axes as possible: axes of size 1 go, and axes that stay neighbours merge. */
export function collapseTranspose(shape: Shape, perm: readonly number[]): { shape: Shape; perm: readonly number[] } {
  const order = perm.filter((axis) => shape[axis] !== 1);
  const groups: number[][] = [];
  let previous: number | undefined;
  const kept = shape.map((_dim, axis) => axis).filter((axis) => shape[axis] !== 1);
  for (const axis of order) {
    const follows = previous !== undefined && kept.indexOf(axis) === kept.indexOf(previous) + 1;
    const group = groups.at(-1);
    if (follows && group) group.push(axis);
    else groups.push([axis]);
    previous = axis;
  }
  const byInput = groups.map((group, i) => ({ i, first: group[0] ?? 0 })).sort((a, b) => a.first - b.first);
  return {
    shape: byInput.map(({ i }) => (groups[i] ?? []).reduce((size, axis) => size * (shape[axis] ?? 1), 1)),
    perm: groups.map((_group, i) => byInput.findIndex((entry) => entry.i === i)),
  };
}

/** Axes of a reduction as runs: [kept, reduced, kept, reduced, ...] sizes, or the three sizes around one run. */
export interface ReductionRun {
  readonly outer: number;
  readonly reduced: number;
  readonly inner: number;
}

/** The reduction over `axes` as a sequence of reductions over one run of neighbouring axes each, last run first. */
export function reductionRuns(shape: Shape, axes: readonly number[]): ReductionRun[] {
  const sizes: { size: number; reduced: boolean }[] = [];
  shape.forEach((size, axis) => {
    if (size === 1) return;
    const reduced = axes.includes(axis);
    const last = sizes.at(-1);
    if (last?.reduced === reduced) last.size *= size;
    else sizes.push({ size, reduced });
  });
  const runs: ReductionRun[] = [];
  for (let i = sizes.length - 1; i >= 0; i--) {
    const entry = sizes[i];
    if (!entry?.reduced) continue;
    const outer = sizes.slice(0, i).reduce((product, { size }) => product * size, 1);
    const inner = sizes.slice(i + 1).reduce((product, { size, reduced }) => (reduced ? product : product * size), 1);
    runs.push({ outer, reduced: entry.size, inner });
  }
  return runs;
}
