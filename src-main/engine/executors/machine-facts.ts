import { cpus, totalmem } from 'node:os';
import { findAdapter } from './kernels/devices/dawn.ts';
import { listNvidiaGpus } from './tensorflow/nvidia-gpus.ts';

/** The machine as `metalmo doctor` describes it. */
export interface MachineFacts {
  readonly processor: string;
  /** Logical processors that this process may use. */
  readonly threads: number;
  readonly memoryBytes: number;
  /** Names of graphics devices, those that only software imitates marked. */
  readonly gpus: readonly string[];
  readonly platform: string;
  readonly node: string;
}

async function listGpus(): Promise<string[]> {
  const nvidia = (await listNvidiaGpus()).map((gpu) => `${gpu} (NVIDIA driver)`);
  try {
    const { label, isSoftware } = await findAdapter();
    return [...nvidia, `${label} (${isSoftware ? 'WebGPU, SOFTWARE' : 'WebGPU'})`];
  } catch {
    // Why WebGPU finds none is the business of its diagnosis.
    return nvidia;
  }
}

export async function machineFacts(): Promise<MachineFacts> {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() ?? 'unknown processor',
    threads: processors.length,
    memoryBytes: totalmem(),
    gpus: await listGpus(),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
  };
}
