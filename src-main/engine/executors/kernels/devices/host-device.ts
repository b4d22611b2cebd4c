import { env, findBackendFactory, getKernel, getKernelsForBackend, version_core } from '@tensorflow/tfjs-core';
import type { DataType, KernelBackend, KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { AppError } from '../../../../../src-shared/app-error.ts';
import { shapeSize } from '../../../graph/infer-shape.ts';
import type { DType, Shape } from '../../../graph/types.ts';
import type { TensorData } from '../../executor.ts';
import type { HostDevice, HostValues, KernelAttributes, KernelInputs } from '../kernel-device.ts';

type Call = KernelConfig['kernelFunc'];

/** `data` as the device keeps it: bool as bytes. Always a copy. */
export function toStored(data: TensorData, dtype: DType): HostValues {
  if (dtype === 'bool') return Uint8Array.from(data);
  return dtype === 'int32' ? Int32Array.from(data) : Float32Array.from(data);
}

/** The reverse of `toStored`. Always a copy. */
export function fromStored(values: HostValues): TensorData {
  return values instanceof Uint8Array ? Int32Array.from(values) : values.slice();
}

/** The kernels of one backend by name, looked up once each. */
export function kernelLookup(backendName: string): (kernel: string) => Call {
  const found = new Map<string, Call>();
  return (kernel) => {
    let call = found.get(kernel);
    if (call === undefined) {
      // TF.js declares that there always is one.
      const config = getKernel(kernel, backendName) as KernelConfig | undefined;
      if (config === undefined) throw new Error(`the ${backendName} backend of TensorFlow.js has no kernel ${kernel}`);
      call = config.kernelFunc;
      found.set(kernel, call);
    }
    return call;
  };
}

interface HostBackendSpec {
  readonly name: 'cpu' | 'wasm';
  readonly backend: KernelBackend;
  readonly description: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly maxTotalBytes: number;
  view(tensor: TensorInfo): HostValues;
  make(shape: Shape, dtype: DType, values: HostValues | undefined): TensorInfo;
}

function hostDevice(spec: HostBackendSpec): HostDevice {
  const { backend, name } = spec;
  const lookup = kernelLookup(name);
  const single = (result: TensorInfo | TensorInfo[]): TensorInfo => {
    const tensor = Array.isArray(result) ? result[0] : result;
    if (tensor === undefined) throw new Error('a kernel returned nothing');
    return tensor;
  };
  return {
    kind: 'host',
    name,
    description: spec.description,
    versions: spec.versions,
    maxTensorBytes: spec.maxTotalBytes,
    maxTotalBytes: spec.maxTotalBytes,
    call: (kernel: string, inputs: KernelInputs, attributes: KernelAttributes = {}) =>
      // TF.js types inputs as a name map but passes an array for variadic kernels.
      single(lookup(kernel)({ inputs: inputs as Record<string, TensorInfo>, backend, attrs: attributes as never })),
    upload: (data, shape, dtype) => spec.make(shape, dtype, toStored(data, dtype)),
    allocate: (shape, dtype) => spec.make(shape, dtype, undefined),
    share: (tensor) => {
      backend.incRef(tensor.dataId);
      return tensor;
    },
    free: (tensor) => void backend.disposeData(tensor.dataId),
    view: (tensor) => spec.view(tensor),
    download: (tensors) => Promise.resolve(tensors.map((tensor) => fromStored(spec.view(tensor)))),
    liveTensors: () => backend.numDataIds(),
    liveBytes: () => 0,
    check: () => Promise.resolve(),
    // Backends of one process are shared by all executors (TF.js's wasm kernels hold on to one module) and stay.
    dispose: () => undefined,
  };
}

/** Takes TF.js's advertisement for its Node binding off the first write. */
const quiet = (): void => env().set('PROD', true);

async function createBackend(name: 'cpu' | 'wasm'): Promise<KernelBackend> {
  const factory = findBackendFactory(name) as ReturnType<typeof findBackendFactory> | undefined;
  if (!factory) throw new Error(`TensorFlow.js registered no backend ${name}`);
  const backend = await factory();
  for (const kernel of getKernelsForBackend(name)) kernel.setupFunc?.(backend);
  return backend;
}

/** What of TF.js's cpu backend is not in the type KernelBackend. */
interface CpuBackend extends KernelBackend {
  data: { get(dataId: object): { values?: unknown } };
  makeTensorInfo(shape: number[], dtype: DataType, values: HostValues): TensorInfo;
}

function emptyStorage(size: number, dtype: DType): HostValues {
  if (dtype === 'bool') return new Uint8Array(size);
  return dtype === 'int32' ? new Int32Array(size) : new Float32Array(size);
}

function typed(values: unknown, dtype: string): HostValues {
  if (values instanceof Float32Array || values instanceof Int32Array || values instanceof Uint8Array) return values;
  // Some cpu kernels keep plain arrays.
  if (Array.isArray(values)) {
    return dtype === 'bool'
      ? Uint8Array.from(values)
      : dtype === 'int32'
        ? Int32Array.from(values)
        : Float32Array.from(values);
  }
  throw new Error('a cpu kernel left unexpected storage');
}

async function createCpu(): Promise<HostDevice> {
  const { version_cpu } = await import('@tensorflow/tfjs-backend-cpu');
  quiet();
  const backend = (await createBackend('cpu')) as CpuBackend;
  return hostDevice({
    name: 'cpu',
    backend,
    description: 'CPU: plain JavaScript, 1 thread (meant for tests)',
    versions: { tfjs: version_core, 'tfjs-backend-cpu': version_cpu },
    maxTotalBytes: Number.POSITIVE_INFINITY,
    view: (tensor) => typed(backend.data.get(tensor.dataId).values, tensor.dtype),
    make: (shape, dtype, values) =>
      backend.makeTensorInfo([...shape], dtype, values ?? emptyStorage(shapeSize(shape), dtype)),
  });
}

/** What of TF.js's wasm backend is not in the type KernelBackend. */
interface WasmBackend extends KernelBackend {
  dataIdMap: { get(dataId: object): { memoryOffset: number } };
  makeOutput(shape: number[], dtype: DataType, memoryOffset?: number, values?: HostValues): TensorInfo;
  typedArrayFromHeap(tensor: TensorInfo): HostValues;
}

/** What TF.js's module lets its memory grow to: 4 GiB less one page. */
const WASM_MAX_BYTES = 4_294_901_760;

async function createWasm(): Promise<HostDevice> {
  const { version_wasm } = await import('@tensorflow/tfjs-backend-wasm');
  quiet();
  const backend = (await createBackend('wasm')) as WasmBackend;
  const simd = (await env().getAsync('WASM_HAS_SIMD_SUPPORT')) === true;
  return hostDevice({
    name: 'wasm',
    backend,
    description: `CPU: WebAssembly${simd ? ' SIMD' : ''}, 1 thread`,
    versions: { tfjs: version_core, 'tfjs-backend-wasm': version_wasm },
    maxTotalBytes: WASM_MAX_BYTES,
    view: (tensor) => backend.typedArrayFromHeap(tensor),
    make: (shape, dtype, values) => {
      const tensor = backend.makeOutput([...shape], dtype, undefined, values);
      if (backend.dataIdMap.get(tensor.dataId).memoryOffset === 0) {
        throw new AppError(
          'executor/out-of-memory',
          `The WebAssembly memory is full: no room for ${dtype}[${shape.join(', ')}]. Use a smaller batch, more ` +
            'accumulation steps, or another executor.',
        );
      }
      return tensor;
    },
  });
}

const created = new Map<'cpu' | 'wasm', Promise<HostDevice>>();

/**
 * The device over TF.js's cpu or wasm backend; one per process.
 * @throws AppError executor/unavailable
 */
export async function openHostDevice(name: 'cpu' | 'wasm'): Promise<HostDevice> {
  let device = created.get(name);
  if (device === undefined) {
    device = name === 'cpu' ? createCpu() : createWasm();
    created.set(name, device);
  }
  try {
    return await device;
  } catch (error) {
    created.delete(name);
    throw new AppError(
      'executor/unavailable',
      `The ${name} executor could not be started: ${error instanceof Error ? error.message : String(error)}. ` +
        'Run the set-up again (npm start), or choose another executor.',
      { executor: name },
      error,
    );
  }
}
