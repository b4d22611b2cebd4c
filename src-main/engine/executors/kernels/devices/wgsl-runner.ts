import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { AppError } from '../../../../../src-shared/app-error.ts';
import type { DType } from '../../../graph/types.ts';
import type { WgslProgram } from '../kernel-device.ts';

/** What TF.js declares private and a program of ours must share: the recording of commands. */
interface Recording {
  readonly commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
  dispatchCountInPass: number;
  readonly commandQueueOwnedIds: WeakSet<object>;
  releaseResource(dataId: object): void;
}

/** Programs and copies of ours, recorded between TF.js's own. */
export interface WgslRunner {
  prepare(program: WgslProgram): (inputs: readonly TensorInfo[]) => TensorInfo;
  ready(): Promise<void>;
  join(inputs: readonly TensorInfo[], dtype: DType): TensorInfo;
  /** Gives the buffer back at once, where TF.js waits for the next submit. */
  free(tensor: TensorInfo): void;
  dispose(): void;
}

export function bufferOf(backend: WebGPUBackend, tensor: TensorInfo): GPUBuffer {
  const { resource } = backend.tensorMap.get(tensor.dataId);
  if (!(resource instanceof GPUBuffer)) throw new Error('a tensor has no buffer');
  return resource;
}

/** The encoder that commands are recorded with, outside any compute pass. */
export function openEncoder(backend: WebGPUBackend): GPUCommandEncoder {
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  const { commandEncoder } = backend as unknown as Recording;
  if (commandEncoder === null) throw new Error('no encoder');
  return commandEncoder;
}

/** Work recorded and not yet handed to the queue goes there. */
export function submitPending(backend: WebGPUBackend): void {
  if ((backend as unknown as Recording).commandEncoder === null) return;
  backend.endComputePassEncoder();
  backend.submitQueue();
}

const MOST_GROUPS = 65535;

export function createWgslRunner(backend: WebGPUBackend, dispatchesPerSubmit: number): WgslRunner {
  const recording = backend as unknown as Recording;
  const { device } = backend;
  const pipelines = new Map<string, { pipeline: GPUComputePipeline | undefined; done: Promise<void> }>();
  const uniformBuffers = new Map<string, GPUBuffer>();

  const compile = (code: string): { pipeline: GPUComputePipeline | undefined; done: Promise<void> } => {
    const known = pipelines.get(code);
    if (known) return known;
    const module = device.createShaderModule({ code });
    const entry: { pipeline: GPUComputePipeline | undefined; done: Promise<void> } = {
      pipeline: undefined,
      done: device
        .createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint: 'main' } })
        .then((pipeline) => {
          entry.pipeline = pipeline;
        })
        .catch((error: unknown) => {
          throw new AppError('executor/failed', `WebGPU refuses a program: ${String(error)}\n${code}`, {}, error);
        }),
    };
    // Whoever awaits `ready` hears of a failure; until then it is not unhandled.
    entry.done.catch(() => undefined);
    pipelines.set(code, entry);
    return entry;
  };

  const uniformBuffer = (values: readonly number[]): GPUBuffer => {
    const key = values.join();
    let buffer = uniformBuffers.get(key);
    if (buffer === undefined) {
      const size = 16 * Math.ceil(values.length / 4);
      buffer = device.createBuffer({ size, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
      device.queue.writeBuffer(buffer, 0, Int32Array.from(values));
      uniformBuffers.set(key, buffer);
    }
    return buffer;
  };

  const newTensor = (size: number, dtype: DType): TensorInfo => {
    const tensor = backend.makeTensorInfo([size], dtype);
    backend.uploadToGPU(tensor.dataId);
    return tensor;
  };

  return {
    prepare(program) {
      const entry = compile(program.code);
      const uniforms = uniformBuffer(program.uniforms);
      const x = Math.min(program.workgroups, MOST_GROUPS);
      const y = Math.ceil(program.workgroups / x);
      return (inputs) => {
        const { pipeline } = entry;
        if (pipeline === undefined) throw new Error('a program runs before it is compiled');
        const out = newTensor(program.size, program.dtype);
        const buffers = [bufferOf(backend, out), ...inputs.map((input) => bufferOf(backend, input)), uniforms];
        const bindGroup = device.createBindGroup({
          layout: pipeline.getBindGroupLayout(0),
          entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
        });
        if (recording.computePassEncoder === null) {
          backend.ensureCommandEncoderReady();
          recording.computePassEncoder = recording.commandEncoder?.beginComputePass() ?? null;
        }
        const pass = recording.computePassEncoder;
        if (pass === null) throw new Error('no compute pass');
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, bindGroup);
        pass.dispatchWorkgroups(x, y);
        if (++recording.dispatchCountInPass >= dispatchesPerSubmit) submitPending(backend);
        return out;
      };
    },
    async ready() {
      await Promise.all([...pipelines.values()].map(({ done }) => done));
    },
    join(inputs, dtype) {
      const sizes = inputs.map((input) => input.shape.reduce((size, dim) => size * dim, 1));
      const out = newTensor(
        sizes.reduce((sum, size) => sum + size, 0),
        dtype,
      );
      const encoder = openEncoder(backend);
      const target = bufferOf(backend, out);
      let offset = 0;
      inputs.forEach((input, i) => {
        const bytes = 4 * (sizes[i] ?? 0);
        encoder.copyBufferToBuffer(bufferOf(backend, input), 0, target, offset, bytes);
        offset += bytes;
      });
      return out;
    },
    free(tensor) {
      if (backend.refCount(tensor.dataId) > 1) {
        backend.decRef(tensor.dataId);
        return;
      }
      // Commands run in the order of recording, so whatever takes the buffer next comes after its last use; and
      // nothing is written to buffers from the host while commands are pending.
      recording.releaseResource(tensor.dataId);
      backend.tensorMap.delete(tensor.dataId);
    },
    dispose() {
      for (const buffer of uniformBuffers.values()) buffer.destroy();
    },
  };
}
