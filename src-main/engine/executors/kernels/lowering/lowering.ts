import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { DType, GraphNode, OpName, Shape } from '../../../graph/types.ts';
import type { GpuDevice, HostDevice, HostValues, KernelDevice } from '../kernel-device.ts';

/** A node as work for a device: what is called each time, with everything that never changes worked out before. */
export interface Lowered {
  /** The shapes under which `run` gets the inputs; views of the same elements, often of lower rank. */
  readonly views: readonly Shape[];
  /** A tensor of the node's elements and dtype (its shape is not looked at), owned by the caller. */
  readonly run: (inputs: readonly TensorInfo[]) => TensorInfo;
}

/** @throws AppError config/invalid where a device cannot do what the attributes ask for */
export type Lowering<Op extends OpName> = (node: GraphNode<Op>, device: KernelDevice) => Lowered;

export type LoweringTable<Op extends OpName> = { readonly [K in Op]: Lowering<K> };

export function inputOf(node: GraphNode, index: number): GraphNode {
  const input = node.inputs[index];
  if (input === undefined) throw new Error(`${node.op}: missing input ${index}`);
  return input;
}

export function tensorAt(inputs: readonly TensorInfo[], index: number): TensorInfo {
  const tensor = inputs[index];
  if (tensor === undefined) throw new Error(`missing tensor ${index}`);
  return tensor;
}

/** A loop over host storage: fills `out` from the inputs, all row-major. */
export type HostLoop = (inputs: readonly HostValues[], out: HostValues) => void;

/** A kernel of ours in JavaScript. */
export function hostKernel(device: HostDevice, shape: Shape, dtype: DType, loop: HostLoop): Lowered['run'] {
  return (inputs) => {
    const out = device.allocate(shape, dtype);
    try {
      loop(
        inputs.map((input) => device.view(input)),
        device.view(out),
      );
    } catch (error) {
      device.free(out);
      throw error;
    }
    return out;
  };
}

/** A kernel of ours for each kind of device. */
export function ownKernel(
  device: KernelDevice,
  views: readonly Shape[],
  make: { host: (device: HostDevice) => Lowered['run']; gpu: (device: GpuDevice) => Lowered['run'] },
): Lowered {
  return { views, run: device.kind === 'host' ? make.host(device) : make.gpu(device) };
}

/** For ops that a GPU computes otherwise (see wgsl/fused-elementwise.ts). */
export function onHost(device: KernelDevice): HostDevice {
  if (device.kind !== 'host') throw new Error(`${device.name} has no such kernel`);
  return device;
}
