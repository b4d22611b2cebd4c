import type { Program } from '../graph/program.ts';

/** float32 and int32 data; bool values travel as Int32Array of 0/1. */
export type TensorData = Float32Array | Int32Array;

export const EXECUTOR_NAMES = ['tensorflow', 'webgpu', 'wasm', 'cpu'] as const;
export type ExecutorName = (typeof EXECUTOR_NAMES)[number];

export interface CompileOptions {
  /**
   * TensorFlow only: compile every function with XLA (slow first call, faster steps). Other executors ignore it.
   * The choice is part of a run's identity: plain and compiled steps differ in the last bits.
   */
  readonly xla?: boolean;
}

export interface ExecutorInfo {
  readonly name: ExecutorName;
  /** E.g. "CPU: AMD EPYC, 2 threads" or "GPU: NVIDIA H200". */
  readonly device: string;
  readonly versions: Readonly<Record<string, string>>;
}

/** A way to run programs on one device. Created by `choose.ts`. */
export interface Executor {
  readonly info: ExecutorInfo;
  /** @throws AppError executor/failed, executor/out-of-memory */
  compile(program: Program, options?: CompileOptions): Promise<Session>;
  dispose(): void;
}

/** A compiled program and the present values of its variables (zeros until written). */
export interface Session {
  /**
   * Calls one function. Feeds are named after the function's `input` nodes and have their length and type.
   * The result arrays are fresh and owned by the caller.
   * @throws AppError executor/failed, executor/out-of-memory
   */
  run(functionName: string, feeds: Readonly<Record<string, TensorData>>): Promise<Record<string, TensorData>>;
  read(variable: string): Promise<TensorData>;
  write(variable: string, data: TensorData): Promise<void>;
  /** The values of all variables; cheaper than one by one where each way of calling has to be prepared. */
  readAll(): Promise<Record<string, TensorData>>;
  /** Sets all variables; every one must be given. */
  writeAll(values: Readonly<Record<string, TensorData>>): Promise<void>;
  dispose(): void;
}
