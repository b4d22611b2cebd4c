import type { Shape } from '../../graph/types.ts';
import type { Attributes, NodeDef, TfTensor } from './tensorflow-messages.ts';
import { TF_TYPE } from './tensorflow-messages.ts';

/** One output of a TensorFlow node, or (with `argument`) an argument of the function that is being written. */
export interface Ref {
  readonly node: string;
  /** Number of the output among all of the node's outputs: how a graph names it. */
  readonly output: number;
  /** Name of the output in the op's definition and its place there: how a function names it. */
  readonly result: string;
  readonly argument?: boolean;
}

export interface PendingNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly Ref[];
  /** Nodes that must have run before. */
  readonly after: readonly Ref[];
  readonly attributes: Attributes;
}

/** Names of the outputs in TensorFlow's op definitions, where they are not in `RESULT_OF_OP`. */
const RESULT_OF_OP: Readonly<Record<string, string>> = {
  AddV2: 'z',
  Sub: 'z',
  Mul: 'z',
  RealDiv: 'z',
  Maximum: 'z',
  Minimum: 'z',
  FloorDiv: 'z',
  FloorMod: 'z',
  SquaredDifference: 'z',
  InplaceAdd: 'y',
  InplaceSub: 'y',
  Equal: 'z',
  Less: 'z',
  LessEqual: 'z',
  LogicalAnd: 'z',
  LogicalOr: 'z',
  LogicalNot: 'y',
  SelectV2: 'output',
  Neg: 'y',
  Exp: 'y',
  Log: 'y',
  Sqrt: 'y',
  Rsqrt: 'y',
  Square: 'y',
  Abs: 'y',
  Erf: 'y',
  Tanh: 'y',
  Floor: 'y',
  Cast: 'y',
  DeepCopy: 'y',
  BitwiseAnd: 'z',
  BitwiseOr: 'z',
  BitwiseXor: 'z',
  LeftShift: 'z',
  RightShift: 'z',
  NotEqual: 'z',
  Where: 'index',
  MatMul: 'product',
  Softmax: 'softmax',
  LogSoftmax: 'logsoftmax',
  Transpose: 'y',
  ReadVariableOp: 'value',
  VarHandleOp: 'resource',
};

const reference = (node: string, output: number, result: string): Ref => ({ node, output, result });

/** Collects nodes under unique names; equal constants become one node. */
export class NodeList {
  readonly nodes: PendingNode[] = [];
  readonly #constants = new Map<string, Ref>();
  readonly #prefix: string;
  #keepsApart = false;

  /** @param prefix keeps the names of several lists of one graph apart */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Adds a node; the result is its first output. */
  add(
    op: string,
    inputs: readonly Ref[],
    attributes: Attributes = {},
    options: { name?: string; after?: readonly Ref[] } = {},
  ): Ref {
    const number = this.nodes.length;
    const name = options.name ?? `${this.#prefix}${number}`;
    // An attribute of its own makes a node unlike any other.
    const all = this.#keepsApart ? { ...attributes, _metalmo_apart: { int: number } } : attributes;
    this.nodes.push({ name, op, inputs, after: options.after ?? [], attributes: all });
    return reference(name, 0, `${RESULT_OF_OP[op] ?? 'output'}:0`);
  }

  /**
   * What `make` adds is not merged with equal nodes, as TensorFlow does: a result that is changed in its own memory must
   * have no other readers.
   */
  apart<T>(make: () => T): T {
    const before = this.#keepsApart;
    this.#keepsApart = true;
    try {
      return make();
    } finally {
      this.#keepsApart = before;
    }
  }

  /** Adds a node whose one output definition is a list of `count` tensors. */
  addList(op: string, inputs: readonly Ref[], attributes: Attributes, count: number): Ref[] {
    const first = this.add(op, inputs, attributes);
    return Array.from({ length: count }, (_unused, i) => reference(first.node, i, `output:${i}`));
  }

  /** Adds a node with several named outputs. */
  addNamed(op: string, inputs: readonly Ref[], attributes: Attributes, results: readonly string[]): Ref[] {
    const first = this.add(op, inputs, attributes);
    return results.map((result, i) => reference(first.node, i, `${result}:0`));
  }

  constant(tensor: TfTensor): Ref {
    const key = `${tensor.type}[${tensor.shape.join()}]${tensor.values.map(String).join()}`;
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const made = this.add('Const', [], { dtype: { type: TF_TYPE[tensor.type] }, value: { tensor } });
    this.#constants.set(key, made);
    return made;
  }

  /** An int32 constant: a scalar, or a vector for a list. */
  int32(values: number | readonly number[]): Ref {
    return typeof values === 'number'
      ? this.constant({ type: 'int32', shape: [], values: [values] })
      : this.constant({ type: 'int32', shape: [values.length], values });
  }

  float32(value: number, shape: Shape = []): Ref {
    return this.constant({ type: 'float32', shape, values: [value] });
  }
}

const asGraphInput = (ref: Ref): string => (ref.output === 0 ? ref.node : `${ref.node}:${ref.output}`);
const asFunctionInput = (ref: Ref): string => (ref.argument ? ref.node : `${ref.node}:${ref.result}`);

function rendered(nodes: readonly PendingNode[], text: (ref: Ref) => string): NodeDef[] {
  return nodes.map((node) => ({
    name: node.name,
    op: node.op,
    // A function's argument is always there: nothing can run before it.
    inputs: [
      ...node.inputs.map(text),
      ...new Set(node.after.filter((ref) => !ref.argument).map((ref) => `^${ref.node}`)),
    ],
    attributes: node.attributes,
  }));
}

export const renderGraphNodes = (nodes: readonly PendingNode[]): NodeDef[] => rendered(nodes, asGraphInput);
export const renderFunctionNodes = (nodes: readonly PendingNode[]): NodeDef[] => rendered(nodes, asFunctionInput);
export const functionOutputName = asFunctionInput;
