import { AppError } from '../../../src-shared/app-error.ts';
import { inferShape, sameShape } from './infer-shape.ts';
import { simplify } from './simplify.ts';
import type { DType, GraphHandle, GraphNode, OpAttributes, OpName, Shape } from './types.ts';

export interface GraphOptions {
  /** Whether nodes are simplified as they are made (default true); tests compare with graphs that are not. */
  readonly simplify?: boolean;
}

/** Not maximum and minimum: where both inputs are equal, their derivative goes to one of them by position. */
const COMMUTATIVE: ReadonlySet<OpName> = new Set<OpName>(['add', 'mul', 'equal', 'logicalAnd', 'logicalOr']);

/** JSON without its traps: NaN and the infinities would all become null, and -0 would become 0. */
function attributesText(attributes: object): string {
  return JSON.stringify(attributes, (_name, value: unknown) => {
    if (typeof value !== 'number' || (Number.isFinite(value) && !Object.is(value, -0))) return value;
    return Object.is(value, -0) ? '-0' : String(value);
  });
}

function keyOf(op: OpName, inputs: readonly GraphNode[], attributes: string): string {
  return `${op}(${inputs.map((input) => input.id).join(',')})${attributes}`;
}

/**
 * Builds nodes. Structurally equal expressions are built once (common subexpressions), and each new node passes
 * `simplify`; nodes that nothing fetches are never executed (executors walk back from what a function returns).
 */
export class Graph implements GraphHandle {
  readonly #nodes = new Map<string, GraphNode>();
  readonly #leaves = new Map<string, GraphNode>();
  readonly #simplifies: boolean;
  #nextId = 0;

  constructor(options: GraphOptions = {}) {
    this.#simplifies = options.simplify ?? true;
  }

  /** A value fed on each call. Asking again for the same name returns the same node. */
  input(name: string, shape: Shape, dtype: DType = 'float32'): GraphNode {
    return this.#leaf('input', { name, shape, dtype });
  }

  /** State kept in the executor between calls; the node is its value at the start of a call. */
  variable(name: string, shape: Shape, dtype: DType = 'float32'): GraphNode {
    return this.#leaf('variable', { name, shape, dtype });
  }

  /** Row-major values, or one value that fills `shape`. */
  constant(values: number | readonly number[], shape: Shape = [], dtype: DType = 'float32'): GraphNode {
    return this.apply('constant', [], { values: typeof values === 'number' ? [values] : values, shape, dtype });
  }

  /** @throws AppError graph/shape */
  apply<Op extends OpName>(op: Op, inputs: readonly GraphNode[], attributes: OpAttributes[Op]): GraphNode {
    for (const input of inputs) {
      if (input.graph !== this) throw new AppError('graph/invalid', `${op}: an input belongs to another graph`);
    }
    const text = attributesText(attributes);
    const key = keyOf(op, inputs, text);
    const known =
      this.#nodes.get(key) ??
      (COMMUTATIVE.has(op) ? this.#nodes.get(keyOf(op, [...inputs].reverse(), text)) : undefined);
    if (known) return known;
    const { shape, dtype } = inferShape(op, inputs, attributes);
    const simpler = this.#simplifies ? simplify(this, op, inputs, attributes, shape, dtype) : undefined;
    if (simpler && (simpler.dtype !== dtype || !sameShape(simpler.shape, shape))) {
      throw new Error(`simplify turned ${op} [${shape.join()}] into ${simpler.op} [${simpler.shape.join()}]`);
    }
    const node = simpler ?? { id: this.#nextId++, op, inputs, attributes, shape, dtype, graph: this };
    this.#nodes.set(key, node);
    return node;
  }

  #leaf(op: 'input' | 'variable', attributes: { name: string; shape: Shape; dtype: DType }): GraphNode {
    const key = `${op}:${attributes.name}`;
    const known = this.#leaves.get(key);
    if (known) {
      if (known.dtype !== attributes.dtype || known.shape.join() !== attributes.shape.join()) {
        throw new AppError(
          'graph/invalid',
          `${op} "${attributes.name}" is already ${known.dtype}[${known.shape.join()}]`,
        );
      }
      return known;
    }
    const node = this.apply(op, [], attributes);
    this.#leaves.set(key, node);
    return node;
  }
}
