import { AppError } from '../../../../src-shared/app-error.ts';
import { createTensorFlowExecutor } from './create-tensorflow-executor.ts';
import type { NativeSettings } from './native-environment.ts';
import { listNvidiaGpus } from './nvidia-gpus.ts';

export interface TensorFlowProbe {
  readonly usable: boolean;
  /** In words, for `metalmo doctor`. */
  readonly reason: string;
  readonly version?: string;
  readonly devices: string[];
}

/** Loads the native TensorFlow, with the settings that then hold for the process, and says what it found; never throws. */
export async function probeTensorFlow(settings: NativeSettings): Promise<TensorFlowProbe> {
  try {
    const { info } = await createTensorFlowExecutor(settings);
    const gpus = await listNvidiaGpus();
    const isGpu = info.device.startsWith('GPU');
    const unused = gpus.length > 0 && !isGpu ? `; not used by this build: ${gpus.join(', ')}` : '';
    return {
      usable: true,
      reason: `native TensorFlow ${info.versions['tensorflow']} (${info.versions['build']} build) is loaded${unused}`,
      version: info.versions['tensorflow'] ?? 'unknown',
      devices: isGpu ? gpus.map((gpu) => `GPU: ${gpu}`) : [info.device],
    };
  } catch (error) {
    const reason = error instanceof AppError ? error.message : `TensorFlow does not load: ${String(error)}`;
    return { usable: false, reason, devices: [] };
  }
}
