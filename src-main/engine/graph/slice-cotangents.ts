/**
 * Cotangents of slices. A flat parameter vector is read through dozens of slices; adding up dozens of padded vectors
 * would cost a pass over the vector for each, so all slices along one axis become ONE concatenation.
 */
import { shapeSize } from './infer-shape.ts';
import * as ops from './ops.ts';
import type { GraphNode, Shape } from './types.ts';

/** The cotangent `value` (shape `size`) of the part of a node that starts at `begin`. */
export interface SliceCotangent {
  readonly begin: readonly number[];
  readonly size: readonly number[];
  readonly value: GraphNode;
}

interface Segment {
  readonly begin: number;
  readonly end: number;
  readonly value: GraphNode;
}

/** Axes on which a slice is not the whole of `shape`. */
function partialAxes(slice: SliceCotangent, shape: Shape): number[] {
  return shape.flatMap((dim, axis) => (slice.size[axis] === dim ? [] : [axis]));
}

/** Parts laid end to end along `axis`, zeros in the gaps; `segments` are sorted and do not overlap. */
function layEndToEnd(segments: readonly Segment[], axis: number, shape: Shape): GraphNode {
  const parts: GraphNode[] = [];
  let position = 0;
  const fillTo = (end: number, beside: GraphNode): void => {
    if (end <= position) return;
    const gap = shape.map((dim, i) => (i === axis ? end - position : dim));
    parts.push(beside.graph.apply('constant', [], { values: [0], shape: gap, dtype: 'float32' }));
  };
  for (const segment of segments) {
    fillTo(segment.begin, segment.value);
    parts.push(segment.value);
    position = segment.end;
  }
  const last = parts.at(-1);
  if (last) fillTo(shape[axis] ?? 0, last);
  return ops.concat(parts, axis);
}

/** Splits overlapping segments into layers without overlap (first fit). */
function layers(segments: readonly Segment[]): Segment[][] {
  const result: Segment[][] = [];
  for (const segment of [...segments].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    const layer = result.find((candidate) => (candidate.at(-1)?.end ?? 0) <= segment.begin);
    if (layer) layer.push(segment);
    else result.push([segment]);
  }
  return result;
}

function padded(slice: SliceCotangent, shape: Shape): GraphNode {
  const before = slice.begin;
  const after = shape.map((dim, i) => dim - (slice.begin[i] ?? 0) - (slice.size[i] ?? 0));
  return ops.pad(slice.value, before, after);
}

/** Cotangents (each of shape `shape`) whose sum is the cotangent of a node read through `slices`. */
export function assembleSlices(slices: readonly SliceCotangent[], shape: Shape): GraphNode[] {
  const byAxis = new Map<number, Segment[]>();
  const result: GraphNode[] = [];
  for (const slice of slices) {
    const axes = partialAxes(slice, shape);
    const axis = axes[0];
    if (shapeSize(slice.size) === 0) continue;
    if (axis === undefined) result.push(slice.value);
    else if (axes.length > 1) result.push(padded(slice, shape));
    else {
      const begin = slice.begin[axis] ?? 0;
      const segment = { begin, end: begin + (slice.size[axis] ?? 0), value: slice.value };
      byAxis.set(axis, [...(byAxis.get(axis) ?? []), segment]);
    }
  }
  for (const [axis, segments] of byAxis) {
    for (const layer of layers(segments)) result.push(layEndToEnd(layer, axis, shape));
  }
  return result;
}
