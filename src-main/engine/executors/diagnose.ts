import { AppError } from '../../../src-shared/app-error.ts';
import { EXECUTOR_NAMES } from './executor.ts';
import type { ExecutorName } from './executor.ts';
import { findAdapter, isSoftwareAllowed, SOFTWARE_VARIABLE } from './kernels/devices/dawn.ts';
import { openHostDevice } from './kernels/devices/host-device.ts';
import type { NativeSettings } from './tensorflow/native-environment.ts';
import { probeTensorFlow } from './tensorflow/probe-tensorflow.ts';

/** Whether one executor can be used on this machine, for `metalmo doctor` and for the choice. */
export interface ExecutorDiagnosis {
  readonly name: ExecutorName;
  readonly usable: boolean;
  /** E.g. "GPU: nvidia hopper"; empty where none was found. */
  readonly device: string;
  readonly reason: string;
  readonly versions: Readonly<Record<string, string>>;
  /** What would make it usable (or better); empty when there is nothing to do. */
  readonly whatToDo: string;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function diagnoseTensorFlow(settings: NativeSettings): Promise<ExecutorDiagnosis> {
  const { usable, reason, version, devices } = await probeTensorFlow(settings);
  return {
    name: 'tensorflow',
    usable,
    device: devices.join(', '),
    reason,
    versions: version === undefined ? {} : { tensorflow: version },
    whatToDo: usable ? '' : 'Run "npm start" once: it sets up the native TensorFlow and says what it lacks.',
  };
}

const NO_GPU = 'A graphics driver with Vulkan (Linux: with the package libvulkan1), Metal or Direct3D 12 is needed.';

async function diagnoseWebgpu(): Promise<ExecutorDiagnosis> {
  const base = { name: 'webgpu', versions: {} } as const;
  try {
    const { label, isSoftware } = await findAdapter();
    if (!isSoftware) {
      return { ...base, usable: true, device: `GPU: ${label}`, reason: `WebGPU reaches ${label}`, whatToDo: '' };
    }
    const usable = isSoftwareAllowed();
    return {
      ...base,
      usable,
      device: `SOFTWARE device: ${label}`,
      reason: usable
        ? `only a software device (${label}), allowed by ${SOFTWARE_VARIABLE}=1; it is slow`
        : `only a software device (${label}), which is slower than wasm`,
      whatToDo: NO_GPU,
    };
  } catch (error) {
    return { ...base, usable: false, device: '', reason: messageOf(error), whatToDo: NO_GPU };
  }
}

async function diagnoseHost(name: 'wasm' | 'cpu'): Promise<ExecutorDiagnosis> {
  try {
    const { description, versions } = await openHostDevice(name);
    return { name, usable: true, device: description, reason: 'always available', versions, whatToDo: '' };
  } catch (error) {
    const whatToDo = error instanceof AppError ? 'Run "npm ci" to install the packages again.' : '';
    return { name, usable: false, device: '', reason: messageOf(error), versions: {}, whatToDo };
  }
}

/** Looks at one executor; never throws. TensorFlow is loaded for it, with `settings` from then on. */
export function diagnoseExecutor(name: ExecutorName, settings: NativeSettings = {}): Promise<ExecutorDiagnosis> {
  switch (name) {
    case 'tensorflow':
      return diagnoseTensorFlow(settings);
    case 'webgpu':
      return diagnoseWebgpu();
    case 'wasm':
    case 'cpu':
      return diagnoseHost(name);
  }
}

/** Every executor, best first. Loads what it looks at: call it from a process of its own or before a run. */
export async function diagnoseExecutors(): Promise<ExecutorDiagnosis[]> {
  const found: ExecutorDiagnosis[] = [];
  for (const name of EXECUTOR_NAMES) found.push(await diagnoseExecutor(name));
  return found;
}
