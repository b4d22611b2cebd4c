import type { DType, GraphNode, Shape } from './types.ts';

/** State that stays inside an executor between calls (weights, optimizer moments, accumulators). */
export interface VariableSpec {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
}

/**
 * One callable entry of a program. A call reads every variable once at its start, evaluates the fetches and the
 * updates' values, and then assigns all updates together.
 */
export interface ProgramFunction {
  /** Name -> node to be returned. */
  readonly fetches: Readonly<Record<string, GraphNode>>;
  /** Variable name -> its new value (same shape and dtype). */
  readonly updates: Readonly<Record<string, GraphNode>>;
}

/** Everything an executor compiles: functions of one graph over one set of variables. */
export interface Program {
  readonly name: string;
  readonly variables: readonly VariableSpec[];
  /** Function name -> function. All nodes belong to one `Graph`. */
  readonly functions: Readonly<Record<string, ProgramFunction>>;
}
