import type { TensorInfo } from '@tensorflow/tfjs-core';
import { AppError } from '../../../../src-shared/app-error.ts';
import { shapeSize } from '../../graph/infer-shape.ts';
import { neededNodes, valueInputs } from '../../graph/needed-nodes.ts';
import type { ProgramFunction } from '../../graph/program.ts';
import { isOp } from '../../graph/types.ts';
import type { DType, GraphNode, OpName, Shape } from '../../graph/types.ts';
import type { KernelDevice } from './kernel-device.ts';
import { fuseElementwise, literalOf, lowerFused } from './wgsl/fused-elementwise.ts';
import type { FusedGroup } from './wgsl/fused-elementwise.ts';
import { LOWERINGS, PLANNED_OPS } from './lowering/lowerings.ts';
import type { PlannedOp } from './lowering/lowerings.ts';
import type { Lowered, Lowering } from './lowering/lowering.ts';

/** Where a value is kept during a call; several nodes share a slot when they are views of the same elements. */
export type Slot = number;

export interface PlanStep {
  readonly node: GraphNode;
  readonly inputs: readonly { readonly slot: Slot; readonly view: number[]; readonly dtype: DType }[];
  readonly output: Slot;
  readonly run: Lowered['run'];
  /** Slots whose last use this step is. */
  readonly frees: readonly Slot[];
}

export interface PlannedInput {
  readonly name: string;
  readonly slot: Slot;
  readonly shape: Shape;
  readonly dtype: DType;
}

export interface PlannedResult {
  readonly name: string;
  readonly slot: Slot;
  readonly shape: number[];
  readonly dtype: DType;
}

/** One function of a program, ready to be walked. */
export interface FunctionPlan {
  readonly slots: number;
  readonly inputs: readonly PlannedInput[];
  readonly variables: readonly { readonly name: string; readonly slot: Slot }[];
  readonly constants: readonly { readonly node: GraphNode<'constant'>; readonly slot: Slot }[];
  readonly steps: readonly PlanStep[];
  readonly fetches: readonly PlannedResult[];
  readonly updates: readonly PlannedResult[];
  /** Slots that hold a reference of their own when the steps are done: feeds and results. */
  readonly owned: readonly Slot[];
  /** Most bytes that feeds and intermediate values take at once. */
  readonly peakBytes: number;
}

const isPlanned = (op: OpName): op is PlannedOp => (PLANNED_OPS as readonly OpName[]).includes(op);

function lower(op: Exclude<OpName, PlannedOp>, node: GraphNode, device: KernelDevice): Lowered {
  // The table's entry for an op takes nodes of that op.
  const lowering = LOWERINGS[op] as Lowering<OpName>;
  return lowering(node, device);
}

const bytesOf = (node: GraphNode): number => 4 * shapeSize(node.shape);

/** Who computes from a node's value. */
function consumersOf(ordered: readonly GraphNode[]): Map<GraphNode, GraphNode[]> {
  const consumers = new Map<GraphNode, GraphNode[]>();
  for (const node of ordered) {
    for (const input of valueInputs(node)) {
      const list = consumers.get(input);
      if (list) list.push(node);
      else consumers.set(input, [node]);
    }
  }
  return consumers;
}

/** On a GPU: which elementwise nodes one kernel computes together. A kernel's start costs more than its arithmetic. */
function fuse(
  ordered: readonly GraphNode[],
  consumers: ReadonlyMap<GraphNode, readonly GraphNode[]>,
  kept: ReadonlySet<GraphNode>,
  device: KernelDevice,
): Map<GraphNode, FusedGroup> {
  if (device.kind !== 'gpu') return new Map();
  return fuseElementwise(ordered, {
    consumers,
    kept,
    maxLeaves: device.maxInputs,
  });
}

/** Whether nobody reads a constant but fused kernels, whose code holds its value. */
function isWrittenIntoCode(
  constant: GraphNode,
  consumers: ReadonlyMap<GraphNode, readonly GraphNode[]>,
  inside: ReadonlySet<GraphNode>,
  results: ReadonlySet<GraphNode>,
): boolean {
  const users = consumers.get(constant) ?? [];
  if (users.length === 0 || results.has(constant)) return false;
  return literalOf(constant) !== undefined && users.every((user) => inside.has(user));
}

interface Draft {
  node: GraphNode;
  inputs: PlanStep['inputs'];
  output: Slot;
  run: Lowered['run'];
}

/** How many bytes are alive at most, walking the steps. */
function peakOf(steps: readonly PlanStep[], fed: number, sizes: readonly number[]): number {
  let [now, peak] = [fed, fed];
  for (const step of steps) {
    now += sizes[step.output] ?? 0;
    peak = Math.max(peak, now);
    for (const slot of step.frees) now -= sizes[slot] ?? 0;
  }
  return peak;
}

/**
 * Orders a function's nodes, binds their kernels, and works out when each value is used for the last time.
 * @throws AppError config/invalid from a kernel that the device does not have
 */
export function planFunction(fn: ProgramFunction, device: KernelDevice): FunctionPlan {
  const results = new Set([...Object.values(fn.fetches), ...Object.values(fn.updates)]);
  const slotOf = new Map<GraphNode, Slot>();
  const sizes: number[] = [];
  const inputs: PlannedInput[] = [];
  const variables: { name: string; slot: Slot }[] = [];
  const constants: { node: GraphNode<'constant'>; slot: Slot }[] = [];
  const drafts: Draft[] = [];
  const newSlot = (node: GraphNode): Slot => {
    slotOf.set(node, sizes.length);
    return sizes.push(bytesOf(node)) - 1;
  };
  const slot = (node: GraphNode): Slot => {
    const found = slotOf.get(node);
    if (found === undefined) throw new Error(`${node.op} ${node.id} is used before it is made`);
    return found;
  };

  const ordered = neededNodes(results);
  const consumers = consumersOf(ordered);
  const groups = fuse(ordered, consumers, results, device);
  const inside = new Set([...groups.values()].flatMap(({ members }) => [...members]));
  const draft = (node: GraphNode, from: readonly GraphNode[], { views, run }: Lowered): void => {
    const taken = from.map((input, i) => ({
      slot: slot(input),
      view: [...(views[i] ?? input.shape)],
      dtype: input.dtype,
    }));
    drafts.push({ node, inputs: taken, output: newSlot(node), run });
  };

  for (const node of ordered) {
    const group = groups.get(node);
    if (group && device.kind === 'gpu') {
      draft(node, group.leaves, lowerFused(group, device));
    } else if (inside.has(node)) {
      continue;
    } else if (isOp(node, 'input')) {
      inputs.push({ name: node.attributes.name, slot: newSlot(node), shape: node.shape, dtype: node.dtype });
    } else if (isOp(node, 'variable')) {
      variables.push({ name: node.attributes.name, slot: newSlot(node) });
    } else if (isOp(node, 'constant') && isWrittenIntoCode(node, consumers, inside, results)) {
      continue;
    } else if (isOp(node, 'constant')) {
      constants.push({ node, slot: newSlot(node) });
    } else if (isPlanned(node.op)) {
      const [value] = node.inputs;
      if (value === undefined) throw new Error(`${node.op} ${node.id} has no input`);
      slotOf.set(node, slot(value));
    } else {
      draft(node, node.inputs, lower(node.op, node, device));
    }
  }

  const named = (nodes: Readonly<Record<string, GraphNode>>): PlannedResult[] =>
    Object.entries(nodes).map(([name, node]) => ({
      name,
      slot: slot(node),
      shape: [...node.shape],
      dtype: node.dtype,
    }));
  const [fetches, updates] = [named(fn.fetches), named(fn.updates)];

  const kept = new Set([...fetches, ...updates].map((result) => result.slot));
  const borrowed = new Set([...variables, ...constants].map((entry) => entry.slot));
  const lastUse = new Map<Slot, number>();
  drafts.forEach((draft, index) => {
    lastUse.set(draft.output, index);
    for (const input of draft.inputs) lastUse.set(input.slot, index);
  });
  const freesAt = new Map<number, Slot[]>();
  for (const [at, index] of lastUse) {
    if (kept.has(at) || borrowed.has(at)) continue;
    const list = freesAt.get(index);
    if (list) list.push(at);
    else freesAt.set(index, [at]);
  }
  const steps = drafts.map((draft, index): PlanStep => ({ ...draft, frees: freesAt.get(index) ?? [] }));
  const made = new Set([...inputs.map((input) => input.slot), ...drafts.map((draft) => draft.output)]);
  return {
    slots: sizes.length,
    inputs,
    variables,
    constants,
    steps,
    fetches,
    updates,
    owned: [...made].filter((at) => kept.has(at) || !lastUse.has(at)),
    peakBytes: peakOf(
      steps,
      inputs.reduce((sum, input) => sum + 4 * shapeSize(input.shape), 0),
      sizes,
    ),
  };
}

/** Why the device cannot run the plan, found before anything runs. */
export function checkFits(name: string, plan: FunctionPlan, stateBytes: number, device: KernelDevice): void {
  const advice = 'Use a smaller batch, more accumulation steps, or another executor.';
  const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;
  const largest = plan.steps.reduce<GraphNode | undefined>(
    (found, { node }) => (found === undefined || bytesOf(node) > bytesOf(found) ? node : found),
    undefined,
  );
  if (largest && bytesOf(largest) > device.maxTensorBytes) {
    throw new AppError(
      'executor/out-of-memory',
      `${name}: ${largest.op} makes [${largest.shape.join(', ')}], ${mebibytes(bytesOf(largest))}; ${device.name} allows ` +
        `${mebibytes(device.maxTensorBytes)} per tensor. ${advice}`,
    );
  }
  if (plan.peakBytes + stateBytes > device.maxTotalBytes) {
    throw new AppError(
      'executor/out-of-memory',
      `${name} needs ${mebibytes(plan.peakBytes + stateBytes)}; ${device.name} has ${mebibytes(device.maxTotalBytes)}. ${advice}`,
    );
  }
}

/** Values by slot during one call. */
export type Slots = (TensorInfo | undefined)[];

/**
 * Walks the steps. Afterwards the slots in `plan.owned` hold references that the caller must free; on an error
 * everything made so far has been freed.
 */
export function walk(plan: FunctionPlan, slots: Slots, device: KernelDevice): void {
  const live = new Set(plan.inputs.map((input) => input.slot));
  const take = (at: Slot): TensorInfo => {
    const tensor = slots[at];
    if (tensor === undefined) throw new Error(`slot ${at} is empty`);
    return tensor;
  };
  for (const step of plan.steps) {
    try {
      slots[step.output] = step.run(
        step.inputs.map(({ slot, view, dtype }) => ({ dataId: take(slot).dataId, shape: view, dtype })),
      );
    } catch (error) {
      for (const at of live) device.free(take(at));
      if (error instanceof AppError) throw error;
      const shapes = step.node.inputs.map(({ dtype, shape }) => `${dtype}[${shape.join(', ')}]`).join(', ');
      const message = error instanceof Error ? error.message : String(error);
      throw new AppError('executor/failed', `${device.name}: ${step.node.op}(${shapes}) failed: ${message}`, {}, error);
    }
    live.add(step.output);
    for (const at of step.frees) {
      device.free(take(at));
      slots[at] = undefined;
      live.delete(at);
    }
  }
}
