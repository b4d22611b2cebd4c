import { env, version_core } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { AppError } from '../../../../../src-shared/app-error.ts';
import { shapeSize } from '../../../graph/infer-shape.ts';
import type { DType } from '../../../graph/types.ts';
import type { TensorData } from '../../executor.ts';
import type { GpuDevice } from '../kernel-device.ts';
import { findAdapter, isSoftwareAllowed, SOFTWARE_VARIABLE } from './dawn.ts';
import { leaveProcessor } from './leave-processor.ts';
import { kernelLookup } from './host-device.ts';
import { bufferOf, createWgslRunner, openEncoder, submitPending } from './wgsl-runner.ts';

/** Dispatches recorded before they are handed to the queue: few enough to start early, many enough to be cheap. */
const DISPATCHES_PER_SUBMIT = 64;

/** Limits that TF.js's kernels gain from, as far as the adapter has them. */
function wantedLimits(limits: GPUSupportedLimits): Record<string, number> {
  return {
    maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
    maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
    maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
    maxBufferSize: limits.maxBufferSize,
    maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
    maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
  };
}

interface Faults {
  lost: string | undefined;
  error: string | undefined;
  outOfMemory: boolean;
}

function watch(device: GPUDevice): Faults {
  const faults: Faults = { lost: undefined, error: undefined, outOfMemory: false };
  void device.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed') faults.lost = message;
  });
  device.addEventListener('uncapturederror', (event) => {
    const { error } = event;
    faults.error ??= error.message;
    if (error instanceof GPUOutOfMemoryError) faults.outOfMemory = true;
  });
  return faults;
}

function throwFaults(faults: Faults): void {
  if (faults.outOfMemory) {
    throw new AppError(
      'executor/out-of-memory',
      `The graphics device is out of memory (${faults.error ?? ''}). Use a smaller batch, more accumulation steps, or ` +
        'another executor.',
    );
  }
  if (faults.lost !== undefined) {
    throw new AppError(
      'executor/failed',
      `The graphics device was lost (${faults.lost}). Resume the run from its last checkpoint; if it happens again, ` +
        'choose another executor.',
    );
  }
  if (faults.error !== undefined) {
    throw new AppError('executor/failed', `The graphics device reported: ${faults.error}`);
  }
}

/** TF.js keeps an int32 buffer behind what it calls float32 after some casts; the storage's own type counts. */
function storedType(backend: WebGPUBackend, tensor: TensorInfo): DType {
  return backend.tensorMap.get(tensor.dataId).dtype as DType;
}

/** Copies all tensors into one mappable buffer and waits once. */
async function readBack(
  backend: WebGPUBackend,
  tensors: readonly TensorInfo[],
  waitFor: <T>(work: Promise<T>) => Promise<T>,
): Promise<TensorData[]> {
  const sizes = tensors.map((tensor) => shapeSize(tensor.shape));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const types = tensors.map((tensor) => storedType(backend, tensor));
  if (total === 0) return types.map((type) => (type === 'float32' ? new Float32Array(0) : new Int32Array(0)));
  const staging = backend.device.createBuffer({
    size: 4 * total,
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
  });
  try {
    const encoder = openEncoder(backend);
    let offset = 0;
    tensors.forEach((tensor, i) => {
      const bytes = 4 * (sizes[i] ?? 0);
      if (bytes > 0) encoder.copyBufferToBuffer(bufferOf(backend, tensor), 0, staging, offset, bytes);
      offset += bytes;
    });
    backend.submitQueue();
    await waitFor(staging.mapAsync(GPUMapMode.READ));
    const all = staging.getMappedRange();
    let start = 0;
    return sizes.map((size, i) => {
      const bytes = all.slice(start, start + 4 * size);
      start += 4 * size;
      return types[i] === 'float32' ? new Float32Array(bytes) : new Int32Array(bytes);
    });
  } finally {
    staging.destroy();
  }
}

/**
 * A device over TF.js's webgpu backend on the machine's graphics hardware.
 * @throws AppError executor/unavailable when there is none, or only a software one and that was not asked for
 */
export async function openWebgpuDevice(): Promise<GpuDevice> {
  const { adapter, label, isSoftware } = await findAdapter();
  if (isSoftware && !isSoftwareAllowed()) {
    throw new AppError(
      'executor/unavailable',
      `WebGPU found only a software device (${label}), which is slower than the wasm executor. Install a graphics ` +
        `driver, choose wasm, or set ${SOFTWARE_VARIABLE}=1 to use it nevertheless.`,
      { executor: 'webgpu', device: label },
    );
  }
  const { WebGPUBackend: Backend } = await import('@tensorflow/tfjs-backend-webgpu');
  env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', DISPATCHES_PER_SUBMIT);
  // Everything stays on the device, so that a result does not depend on where a small operand happened to be.
  env().set('WEBGPU_CPU_FORWARD', false);
  const device = await adapter.requestDevice({ requiredLimits: wantedLimits(adapter.limits) });
  const faults = watch(device);
  const waitFor = isSoftware ? leaveProcessor : <T>(work: Promise<T>): Promise<T> => work;
  const backend = new Backend(device, adapter.info);
  const runner = createWgslRunner(backend, DISPATCHES_PER_SUBMIT);
  const lookup = kernelLookup('webgpu');
  const maxTensorBytes = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);
  return {
    kind: 'gpu',
    name: 'webgpu',
    description: `${isSoftware ? 'SOFTWARE device (slow): ' : 'GPU: '}${label}, by WebGPU`,
    versions: { tfjs: version_core },
    maxTensorBytes,
    maxTotalBytes: Number.POSITIVE_INFINITY,
    call: (kernel, inputs, attributes = {}) => {
      const result = lookup(kernel)({
        inputs: inputs as Record<string, TensorInfo>,
        backend,
        attrs: attributes as never,
      });
      const tensor = Array.isArray(result) ? result[0] : result;
      if (tensor === undefined) throw new Error('a kernel returned nothing');
      return tensor;
    },
    maxInputs: device.limits.maxStorageBuffersPerShaderStage - 1,
    prepare: (program) => runner.prepare(program),
    ready: () => waitFor(runner.ready()),
    join: (inputs, dtype) => runner.join(inputs, dtype),
    upload: (data, shape, dtype) => {
      const tensor = backend.makeTensorInfo([...shape], dtype);
      if (data.length === 0) return tensor;
      backend.uploadToGPU(tensor.dataId);
      // Writing goes ahead of everything recorded and not yet submitted, which may still read the buffer's old content.
      submitPending(backend);
      device.queue.writeBuffer(
        bufferOf(backend, tensor),
        0,
        data as Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>,
      );
      return tensor;
    },
    share: (tensor) => {
      backend.incRef(tensor.dataId);
      return tensor;
    },
    free: (tensor) => {
      runner.free(tensor);
    },
    download: (tensors) => readBack(backend, tensors, waitFor),
    liveTensors: () => backend.numDataIds(),
    liveBytes: () => backend.memory().numBytesInGPU,
    check: async () => {
      // Errors arrive with the queue's progress; a caller that has just read back has them all.
      await Promise.resolve();
      throwFaults(faults);
    },
    dispose: () => {
      runner.dispose();
      backend.dispose();
      device.destroy();
    },
  };
}
