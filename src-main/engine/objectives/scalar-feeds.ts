import type { Graph } from '../graph/graph.ts';
import { reshape, slice } from '../graph/ops.ts';
import type { GraphNode } from '../graph/types.ts';

/** Named float32 scalars that travel as one vector. */
export class ScalarFeeds {
  readonly #names: readonly string[];
  readonly #vector: GraphNode;
  readonly #feedName: string;

  constructor(graph: Graph, feedName: string, names: readonly string[]) {
    this.#names = names;
    this.#feedName = feedName;
    this.#vector = graph.input(feedName, [names.length]);
  }

  node(name: string): GraphNode {
    const index = this.#names.indexOf(name);
    if (index < 0) throw new Error(`no scalar is named "${name}"`);
    return reshape(slice(this.#vector, [index], [1]), []);
  }

  /** The feed for given values; every name must be there. */
  feed(values: Readonly<Record<string, number>>): Record<string, Float32Array> {
    const vector = new Float32Array(this.#names.length);
    this.#names.forEach((name, i) => {
      const value = values[name];
      if (value === undefined) throw new Error(`scalar "${name}" is not given`);
      vector[i] = value;
    });
    return { [this.#feedName]: vector };
  }
}
