import { shapeSize } from '../../../graph/infer-shape.ts';
import { isOp } from '../../../graph/types.ts';
import type { DType, GraphNode, OpName } from '../../../graph/types.ts';
import { collapseBroadcast } from '../collapse-shapes.ts';
import type { GpuDevice } from '../kernel-device.ts';
import type { Lowered } from '../lowering/lowering.ts';
import { ERF_WGSL } from '../missing/erf.ts';
import { broadcastStrides } from '../row-major.ts';
import { elementProgram } from './program.ts';
import { coordinates, coordinateUniforms } from './strided-copy.ts';

type Expression = (inputs: readonly string[], node: GraphNode) => string;

const infix =
  (operator: string): Expression =>
  ([a, b]) =>
    `${a} ${operator} ${b}`;
const call =
  (name: string): Expression =>
  (inputs) =>
    `${name}(${inputs.join(', ')})`;

function castExpression([a]: readonly string[], node: GraphNode): string {
  const from = node.inputs[0]?.dtype;
  if (from === node.dtype) return a ?? '';
  const [type, zero, one] = node.dtype === 'float32' ? ['f32', '0.0', '1.0'] : ['i32', '0', '1'];
  return from === 'bool' ? `select(${zero}, ${one}, ${a})` : `${type}(${a})`;
}

/** WGSL of every elementwise op; bool is `bool` inside an expression. */
const EXPRESSIONS = {
  add: infix('+'),
  sub: infix('-'),
  mul: infix('*'),
  div: infix('/'),
  maximum: call('max'),
  minimum: call('min'),
  floorDiv: call('floorDivide'),
  mod: ([a, b]) => `${a} - ${b} * floorDivide(${a}, ${b})`,
  equal: infix('=='),
  less: infix('<'),
  lessEqual: infix('<='),
  logicalAnd: infix('&&'),
  logicalOr: infix('||'),
  logicalNot: ([a]) => `!${a}`,
  select: ([condition, a, b]) => `select(${b}, ${a}, ${condition})`,
  neg: ([a]) => `-${a}`,
  exp: call('exp'),
  log: call('log'),
  sqrt: call('sqrt'),
  rsqrt: call('inverseSqrt'),
  square: ([a]) => `${a} * ${a}`,
  abs: call('abs'),
  erf: call('errorFunction'),
  // Written with exponentials on some drivers, which overflow far out where the result is 1 anyway.
  tanh: ([a]) => `tanh(clamp(${a}, -15.0, 15.0))`,
  floor: call('floor'),
  cast: castExpression,
} as const satisfies Partial<Record<OpName, Expression>>;

const HELPERS = `
fn floorDivide(a : i32, b : i32) -> i32 {
  let quotient = a / b;
  return select(quotient, quotient - 1, a % b != 0 && (a < 0) != (b < 0));
}
${ERF_WGSL}`;

export const isElementwise = (op: OpName): op is keyof typeof EXPRESSIONS => op in EXPRESSIONS;

const isNumberLiteral = (value: number): boolean => Number.isFinite(Math.fround(value));

function literal(value: number, dtype: DType): string {
  if (dtype === 'bool') return value === 0 ? 'false' : 'true';
  if (dtype === 'int32') return `i32(${Math.trunc(value)})`;
  return `f32(${Math.fround(value)})`;
}

/** A constant that is one number everywhere is written into the code; its shape plays no part. */
export function literalOf(node: GraphNode): string | undefined {
  if (!isOp(node, 'constant')) return undefined;
  const { values, dtype } = node.attributes;
  const [value] = values;
  return values.length === 1 && value !== undefined && isNumberLiteral(value) ? literal(value, dtype) : undefined;
}

/** One kernel that computes `root` from `leaves`; `members` are all nodes it computes on the way. */
export interface FusedGroup {
  readonly root: GraphNode;
  readonly members: ReadonlySet<GraphNode>;
  readonly leaves: readonly GraphNode[];
}

/** Ops of one kernel at most: compilers take long over very long expressions. */
const MOST_MEMBERS = 64;

export interface Usage {
  readonly consumers: ReadonlyMap<GraphNode, readonly GraphNode[]>;
  /** Values that are needed as such. */
  readonly kept: ReadonlySet<GraphNode>;
  /** Buffers a kernel can read. */
  readonly maxLeaves: number;
}

const unique = (nodes: readonly GraphNode[]): GraphNode[] => [...new Set(nodes)];
const leavesOf = (members: ReadonlySet<GraphNode>): GraphNode[] =>
  unique([...members].flatMap((member) => member.inputs)).filter(
    (input) => !members.has(input) && literalOf(input) === undefined,
  );

/** Takes into `root`'s kernel what nothing outside it needs, latest first, as long as the kernel's inputs allow. */
function grow(root: GraphNode, { consumers, kept, maxLeaves }: Usage): FusedGroup {
  const members = new Set([root]);
  let leaves = leavesOf(members);
  const refused = new Set<GraphNode>();
  while (members.size < MOST_MEMBERS) {
    const next = leaves
      .filter(
        (leaf) =>
          isElementwise(leaf.op) &&
          !kept.has(leaf) &&
          !refused.has(leaf) &&
          (consumers.get(leaf) ?? []).every((consumer) => members.has(consumer)),
      )
      .reduce<GraphNode | undefined>((latest, leaf) => (latest && latest.id > leaf.id ? latest : leaf), undefined);
    if (next === undefined) break;
    members.add(next);
    const grown = leavesOf(members);
    if (grown.length > Math.max(maxLeaves, leaves.length)) {
      members.delete(next);
      refused.add(next);
    } else leaves = grown;
  }
  return { root, members, leaves };
}

/** Groups of all elementwise nodes of `ordered` (inputs first), by root. */
export function fuseElementwise(ordered: readonly GraphNode[], usage: Usage): Map<GraphNode, FusedGroup> {
  const groups = new Map<GraphNode, FusedGroup>();
  const taken = new Set<GraphNode>();
  for (const node of [...ordered].reverse()) {
    if (!isElementwise(node.op) || taken.has(node)) continue;
    const group = grow(node, usage);
    groups.set(node, group);
    for (const member of group.members) taken.add(member);
  }
  return groups;
}

/** The kernel of a group. */
export function lowerFused({ root, members, leaves }: FusedGroup, gpu: GpuDevice): Lowered {
  const { inputs: views, output } = collapseBroadcast(
    leaves.map((leaf) => leaf.shape),
    root.shape,
  );
  const rank = output.length;
  const uniforms: Record<string, number> = {};
  const names = new Map<GraphNode, string>();
  const lines: string[] = [];
  let needsCoordinates = false as boolean;
  leaves.forEach((leaf, i) => {
    let at = 'index';
    const view = views[i] ?? [];
    if (shapeSize(view) !== shapeSize(output)) {
      const terms = broadcastStrides(view, output).flatMap((stride, axis) => {
        if (stride === 0) return [];
        if (stride === 1) return [`c${axis}`];
        uniforms[`s${i}_${axis}`] = stride;
        return [`c${axis} * uniforms.s${i}_${axis}`];
      });
      if (terms.length > 0) needsCoordinates = true;
      at = terms.length === 0 ? '0' : terms.join(' + ');
    }
    lines.push(`let x${i} = ${leaf.dtype === 'bool' ? `in${i}[${at}] != 0` : `in${i}[${at}]`};`);
    names.set(leaf, `x${i}`);
  });
  const ordered = [...members].sort((a, b) => a.id - b.id);
  ordered.forEach((node, i) => {
    const operands = node.inputs.map((input) => names.get(input) ?? literalOf(input) ?? '');
    if (!isElementwise(node.op)) throw new Error(`${node.op} is not elementwise`);
    const expression: Expression = EXPRESSIONS[node.op];
    lines.push(`let t${i} = ${expression(operands, node)};`);
    names.set(node, `t${i}`);
  });
  const value = names.get(root) ?? '';
  const stored = root.dtype === 'bool' ? `select(0, 1, ${value})` : value;
  const run = gpu.prepare(
    elementProgram({
      inputs: Object.fromEntries(leaves.map((leaf, i) => [`in${i}`, leaf.dtype])),
      dtype: root.dtype,
      size: shapeSize(output),
      uniforms: { ...(needsCoordinates ? coordinateUniforms(output) : {}), ...uniforms },
      declarations: HELPERS,
      body: [...(needsCoordinates ? [coordinates(rank)] : []), ...lines, `result[index] = ${stored};`].join('\n  '),
    }),
  );
  return { views, run };
}
