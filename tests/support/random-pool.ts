import { gradients } from '../../src-main/engine/graph/differentiate.ts';
import { Graph } from '../../src-main/engine/graph/graph.ts';
import { shapeSize } from '../../src-main/engine/graph/infer-shape.ts';
import type { GraphNode, Shape } from '../../src-main/engine/graph/types.ts';
import * as ops from '../../src-main/engine/graph/ops.ts';
import { RandomGenerator } from '../../src-main/engine/random/random-generator.ts';

export type Feeds = Record<string, Float32Array | Int32Array>;

const SIZES = [1, 1, 2, 3, 4];
/** Values beyond this are bent back, so that rounding stays small beside what is compared. */
const LARGEST = 4;

export interface Drawn {
  readonly node: GraphNode;
  /** The most that a value may be, by how the node was made: simplification must not change it. */
  readonly bound: number;
}

/** A graph that grows by draws, which depend on the seed and on shapes alone: simplification does not change what is built. */
export class RandomPool {
  readonly graph: Graph;
  readonly feeds: Feeds = {};
  /** Float inputs, all of which something may depend on. */
  readonly inputs: GraphNode[] = [];
  readonly #pool: Drawn[] = [];
  readonly #random: RandomGenerator;

  constructor(seed: number, simplify: boolean) {
    this.graph = new Graph({ simplify });
    this.#random = new RandomGenerator(seed, 'init');
    for (let i = 0; i < 3; i++) this.addInput(this.shape(1 + this.below(3)));
    for (const value of [0, 1, -1, 2, 0.5]) this.add(this.graph.constant(value, this.pick([[], [1], this.shape()])), 2);
    const shape = this.shape(1 + this.below(2));
    const values = Array.from({ length: shapeSize(shape) }, () => this.between(-1.5, 1.5));
    this.add(this.graph.constant(values, shape), 2);
  }

  below(n: number): number {
    return this.#random.integer(n);
  }

  between(low: number, high: number): number {
    return low + this.#random.uniform() * (high - low);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  shape(rank = this.below(4)): number[] {
    return Array.from({ length: rank }, () => this.pick(SIZES));
  }

  size(): number {
    return this.pick(SIZES);
  }

  /** A node made so far, rather one of the last, that fits. */
  find(fits: (shape: Shape) => boolean = () => true): Drawn | undefined {
    for (let attempt = 0; attempt < 12; attempt++) {
      const count = this.#pool.length;
      const at = this.below(2) === 0 ? this.below(count) : Math.max(0, count - 1 - this.below(4));
      const found = this.#pool[at];
      if (found !== undefined && fits(found.node.shape)) return found;
    }
    return undefined;
  }

  add(node: GraphNode, bound: number): void {
    this.#pool.push(bound > LARGEST ? { node: ops.tanh(node), bound: 1 } : { node, bound });
  }

  addInput(shape: Shape): Drawn {
    const name = `x${this.inputs.length}`;
    this.feeds[name] = Float32Array.from({ length: shapeSize(shape) }, () => this.between(-1.5, 1.5));
    const node = this.graph.input(name, shape);
    this.inputs.push(node);
    const drawn = { node, bound: 1.5 };
    this.#pool.push(drawn);
    return drawn;
  }

  /** Whole numbers below `n`, fed. */
  ids(shape: Shape, n: number): GraphNode {
    const name = `ids${Object.keys(this.feeds).length}`;
    this.feeds[name] = Int32Array.from({ length: shapeSize(shape) }, () => this.below(n));
    return this.graph.input(name, shape, 'int32');
  }

  /** The nodes made last, a scalar of them, its gradients and the gradients of a sum of those. */
  outputs(): Record<string, GraphNode> {
    const last = this.#pool.slice(-5).map(({ node }) => node);
    const scalar = last.map((node) => ops.sum(ops.tanh(ops.mul(node, 0.3)))).reduce((a, b) => ops.add(a, b));
    const first = gradients(scalar, this.inputs);
    const combined = first.map((node, i) => ops.sum(ops.mul(node, Math.sin(i + 1)))).reduce((a, b) => ops.add(a, b));
    const second = gradients(combined, this.inputs);
    const named = (prefix: string, nodes: readonly GraphNode[]): [string, GraphNode][] =>
      nodes.map((node, i) => [`${prefix}${i}`, node]);
    return {
      scalar,
      combined,
      ...Object.fromEntries([...named('value', last), ...named('first', first), ...named('second', second)]),
    };
  }
}
