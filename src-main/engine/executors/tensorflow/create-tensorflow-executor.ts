import { cpus } from 'node:os';
import type { CompileOptions, Executor, ExecutorInfo, Session } from '../executor.ts';
import type { Program } from '../../graph/program.ts';
import { bodyMode } from './body-mode.ts';
import { loadBinding } from './native-binding.ts';
import type { NativeSettings } from './native-environment.ts';
import { NO_TUNING, processorTuning } from './processor.ts';
import { openTensorFlowSession } from './tensorflow-session.ts';

/**
 * The executor that writes programs as SavedModels and runs them in TensorFlow through tfjs-node-gpu's binding.
 * TensorFlow's settings are the process's: those of the first executor hold.
 * @throws AppError executor/unavailable
 */
export async function createTensorFlowExecutor(options: NativeSettings = {}): Promise<Executor> {
  const { binding, location } = loadBinding(options);
  const threads = process.env['TF_NUM_INTRAOP_THREADS'] ?? cpus().length;
  const cpu = cpus()[0]?.model.trim() ?? 'unknown processor';
  const isGpu = binding.isUsingGpuDevice();
  const info: ExecutorInfo = {
    name: 'tensorflow',
    device: isGpu ? 'GPU: NVIDIA' : `CPU: ${cpu}, ${threads} threads`,
    versions: { tensorflow: binding.TF_Version, build: location.kind },
  };
  const tuning = isGpu ? NO_TUNING : processorTuning();
  return Promise.resolve({
    info,
    compile(program: Program, compileOptions: CompileOptions = {}): Promise<Session> {
      const xla = compileOptions.xla ?? false;
      return openTensorFlowSession(binding, program, (name) => bodyMode(program, name, xla, isGpu), tuning, isGpu);
    },
    dispose() {},
  });
}
