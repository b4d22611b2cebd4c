/**
 * The typed graph that describes a training step. Every node has one output with a static shape.
 * Nodes are immutable and hash-consed by `Graph`, so structurally equal expressions are one node.
 */

/** `bool` exists only between a comparison and the `select` (or logical op) that uses it, cut or reshaped on the way. */
export type DType = 'float32' | 'int32' | 'bool';

export type Shape = readonly number[];

/** Rounding of a matrix product's operands; accumulation is always float32. */
export type MatmulPrecision = 'float32' | 'bfloat16';

/** From the cotangent of `node` (in its full shape) to those of the xs it was given for. */
export type Derivative = (cotangent: GraphNode, node: GraphNode) => readonly GraphNode[];

type None = Readonly<Record<never, never>>;

/** Every op with its attributes; inputs are listed in the comment. */
export interface OpAttributes {
  /** () A value fed on each call. */
  input: { name: string; shape: Shape; dtype: DType };
  /** () The value a variable had when the call began. */
  variable: { name: string; shape: Shape; dtype: DType };
  /** () Row-major values; length 1 with any shape means "filled with". */
  constant: { values: readonly number[]; shape: Shape; dtype: DType };

  // (a, b), NumPy broadcasting
  add: None;
  sub: None;
  mul: None;
  div: None;
  maximum: None;
  minimum: None;
  /** int32 only: floor division and its remainder (remainder has the divisor's sign). */
  floorDiv: None;
  mod: None;
  // (a, b), NumPy broadcasting -> bool
  equal: None;
  less: None;
  lessEqual: None;
  logicalAnd: None;
  logicalOr: None;
  /** (a) bool -> bool */
  logicalNot: None;
  /** (condition bool, a, b), NumPy broadcasting of all three */
  select: None;

  // (a) float32
  neg: None;
  exp: None;
  log: None;
  sqrt: None;
  rsqrt: None;
  square: None;
  abs: None;
  erf: None;
  tanh: None;
  floor: None;
  /** (a) float32 -> int32 truncates towards zero; bool -> 0/1 */
  cast: { dtype: DType };
  /** (a) identity whose derivative is 0 */
  stopGradient: None;
  /** (a, ...dependencies) identity on `a`, evaluated only after the dependencies: bounds peak memory. */
  after: None;
  /**
   * Identity on `value` with a known derivative in place of the one its parts would give. Either
   * (value scalar, x1..xn, g1..gn): d value / d xi := gi (same shape as xi), or, with `derivative`,
   * (value, x1..xn): what it returns. Both are ordinary nodes, so second order differentiates through them.
   */
  withGradient: { count: number; derivative?: Derivative };

  // (a)
  sum: { axes: readonly number[]; keepDims: boolean };
  max: { axes: readonly number[]; keepDims: boolean };
  /** (a) -> int32, the lowest index among equals */
  argMax: { axis: number };

  // (a)
  reshape: { shape: Shape };
  transpose: { perm: readonly number[] };
  broadcastTo: { shape: Shape };
  slice: { begin: readonly number[]; size: readonly number[] };
  /** zeros before and after each axis */
  pad: { before: readonly number[]; after: readonly number[] };
  /** (a1, ..., an) */
  concat: { axis: number };

  /** (a [...B, M, K], b [...B, K, N]) with equal batch dimensions -> [...B, M, N]; flags transpose the last two axes. */
  matmul: { transposeA: boolean; transposeB: boolean; precision: MatmulPrecision };

  /** (params [R, ...rest], ids int32 [...K]) -> [...K, ...rest] */
  gather: None;
  /** (data [...K, ...rest], ids int32 [...K]) -> [segments, ...rest]; ids outside [0, segments) are an error */
  segmentSum: { segments: number };
  /** (ids int32 [...K]) -> float32 [...K, depth] */
  oneHot: { depth: number };

  // over the last axis
  /** (logits) */
  softmax: None;
  /** (logits) */
  logSoftmax: None;
  /** (logits [R, V], labels int32 [R]) -> [R], nats */
  sparseCrossEntropy: None;
  /** (logits [R, V], labels int32 [R]) -> [R, V], softmax(logits) - onehot(labels) */
  sparseCrossEntropyGrad: None;

  /** (key int32 [2]) -> float32 in [0, 1), a pure function of key, `stream` and the element's index */
  randomUniform: { shape: Shape; stream: number };
}

export type OpName = keyof OpAttributes;

export interface GraphNode<Op extends OpName = OpName> {
  readonly id: number;
  readonly op: Op;
  readonly inputs: readonly GraphNode[];
  readonly attributes: OpAttributes[Op];
  readonly shape: Shape;
  readonly dtype: DType;
  readonly graph: GraphHandle;
}

/** What `ops.ts` needs of the graph a node belongs to. */
export interface GraphHandle {
  apply<Op extends OpName>(op: Op, inputs: readonly GraphNode[], attributes: OpAttributes[Op]): GraphNode;
}

/** True when `node` has this op; narrows its attributes. */
export function isOp<Op extends OpName>(node: GraphNode, op: Op): node is GraphNode<Op> {
  return node.op === op;
}
