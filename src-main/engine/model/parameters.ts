import { shapeSize } from '../graph/infer-shape.ts';
import { concat, opaque, reshape, slice } from '../graph/ops.ts';
import type { GraphNode } from '../graph/types.ts';
import type { ParameterLayout } from './parameter-layout.ts';

/**
 * A model's parameters inside a graph. `groups` is undefined for one set of weights, or C when C copies of the
 * weights (one per micro-step, as in the soft objective's inner steps) are computed with side by side: every
 * tensor then has a leading dimension C.
 */
export interface Parameters {
  readonly layout: ParameterLayout;
  readonly groups: number | undefined;
  /** The tensors in the layout's order, each [...groups, size]: what gradients are taken for. */
  readonly parts: readonly GraphNode[];
  /** The named tensor, [...groups, ...shape]. */
  get(name: string): GraphNode;
}

/** Views of a flat vector [P] or of C of them [C, P]. */
export function parametersOf(flat: GraphNode, layout: ParameterLayout): Parameters {
  const groups = flat.shape.length === 2 ? flat.shape[0] : undefined;
  const parts = layout.entries.map(({ shape, offset }) => {
    const size = shapeSize(shape);
    return opaque(groups === undefined ? slice(flat, [offset], [size]) : slice(flat, [0, offset], [groups, size]));
  });
  const byName = new Map(
    layout.entries.map(({ name, shape }, i) => {
      const part = parts[i];
      if (part === undefined) throw new Error(`parameter ${name} has no part`);
      return [name, reshape(part, groups === undefined ? shape : [groups, ...shape])] as const;
    }),
  );
  return {
    layout,
    groups,
    parts,
    get: (name) => {
      const node = byName.get(name);
      if (node === undefined) throw new Error(`the layout has no parameter "${name}"`);
      return node;
    },
  };
}

/** The gradients of `parts` joined into one flat gradient [P] or [C, P]. */
export function flatGradient(gradientsOfParts: readonly GraphNode[]): GraphNode {
  return concat(gradientsOfParts, -1);
}
