import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { DType, Shape } from '../../graph/types.ts';
import type { TensorData } from '../executor.ts';

export const KERNEL_BACKEND_NAMES = ['webgpu', 'wasm', 'cpu'] as const;
export type KernelBackendName = (typeof KERNEL_BACKEND_NAMES)[number];

/** Named inputs and attributes of a TF.js kernel. */
export type KernelInputs = Readonly<Record<string, TensorInfo> | readonly TensorInfo[]>;
export type KernelAttributes = Readonly<Record<string, unknown>>;

/**
 * One TF.js backend, used below its op API: no tape, no tidy scopes, no engine bookkeeping. Storage is counted by
 * reference: whoever receives a tensor owns one reference and gives it back with `free`. Tensors are never written
 * to after they were made, so sharing one is always safe.
 */
interface CommonDevice {
  readonly name: KernelBackendName;
  /** For people, e.g. "CPU: WebAssembly SIMD, 1 thread". */
  readonly description: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Bytes one tensor may have, and bytes a plan may need at once; Infinity where unknown. */
  readonly maxTensorBytes: number;
  readonly maxTotalBytes: number;
  call(kernel: string, inputs: KernelInputs, attributes?: KernelAttributes): TensorInfo;
  /** A tensor holding a copy of `data`. */
  upload(data: TensorData, shape: Shape, dtype: DType): TensorInfo;
  /** Another owner of the same storage. */
  share(tensor: TensorInfo): TensorInfo;
  free(tensor: TensorInfo): void;
  /** Fresh arrays; bool arrives as 0/1 in an Int32Array. All tensors in one round trip. */
  download(tensors: readonly TensorInfo[]): Promise<TensorData[]>;
  /** Storages alive, for leak checks. */
  liveTensors(): number;
  /** Bytes they take; 0 where the backend does not count them. */
  liveBytes(): number;
  /** Throws what went wrong on the device since the last call, if anything. */
  check(): Promise<void>;
  dispose(): void;
}

/** bool is kept as bytes. */
export type HostValues = Float32Array | Int32Array | Uint8Array;

/** A device whose storage JavaScript can read and write in place (cpu, wasm). */
export interface HostDevice extends CommonDevice {
  readonly kind: 'host';
  /** New storage with undefined content. Allocating may move other storage: take views afterwards. */
  allocate(shape: Shape, dtype: DType): TensorInfo;
  /** A view of a tensor's storage, valid until the next allocation. */
  view(tensor: TensorInfo): HostValues;
}

/** A complete compute program. Bindings: 0 the result, then the inputs, then the uniforms (int32). */
export interface WgslProgram {
  readonly code: string;
  readonly uniforms: readonly number[];
  /** Elements of the result. */
  readonly size: number;
  readonly dtype: DType;
  readonly workgroups: number;
}

/** A device that runs WGSL programs (webgpu). */
export interface GpuDevice extends CommonDevice {
  readonly kind: 'gpu';
  /** Tensors a program can read. */
  readonly maxInputs: number;
  /** Starts compiling a program (once per code) and returns what runs it. */
  prepare(program: WgslProgram): (inputs: readonly TensorInfo[]) => TensorInfo;
  /** Resolves when everything prepared so far is compiled. */
  ready(): Promise<void>;
  /** The inputs' elements one after the other. */
  join(inputs: readonly TensorInfo[], dtype: DType): TensorInfo;
}

export type KernelDevice = HostDevice | GpuDevice;
