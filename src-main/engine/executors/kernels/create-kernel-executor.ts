import { toAppError } from '../../../../src-shared/app-error.ts';
import type { Program } from '../../graph/program.ts';
import type { Executor, Session } from '../executor.ts';
import { openHostDevice } from './devices/host-device.ts';
import { openWebgpuDevice } from './devices/webgpu-device.ts';
import type { KernelBackendName } from './kernel-device.ts';
import { KernelSession } from './kernel-session.ts';

/**
 * The portable executor: a program's functions walked node by node with TensorFlow.js kernels.
 * @throws AppError executor/unavailable
 */
export async function createKernelExecutor(backend: KernelBackendName): Promise<Executor> {
  const device = backend === 'webgpu' ? await openWebgpuDevice() : await openHostDevice(backend);
  return {
    info: { name: backend, device: device.description, versions: device.versions },
    compile: (program: Program): Promise<Session> =>
      KernelSession.open(device, program).catch((error: unknown) => {
        throw toAppError(error, 'executor/failed');
      }),
    dispose: () => {
      device.dispose();
    },
  };
}
