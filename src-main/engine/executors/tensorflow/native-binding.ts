import { existsSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../../../src-shared/app-error.ts';
import type { TensorData } from '../executor.ts';
import { locateBinding, type BindingLocation } from './locate-binding.ts';
import { applyNativeEnvironment, type NativeSettings } from './native-environment.ts';
import type { TfType } from './tensorflow-messages.ts';

/** The part of tfjs-node-gpu's binding that is used. Tensors live in a table of the binding until deleted. */
export interface TensorFlowBinding {
  readonly TF_Version: string;
  isUsingGpuDevice(): boolean;
  createTensor(shape: readonly number[], dtype: TfType, data: TensorData): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): TensorData;
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(id: number): void;
  /** Names are "node:output", separated by commas. */
  runSavedModel(
    model: number,
    inputIds: readonly number[],
    inputNames: string,
    outputNames: string,
  ): readonly { readonly id: number; readonly shape: readonly number[]; readonly dtype: number }[];
  getNumOfTensors(): number;
  getNumOfSavedModels(): number;
}

export interface LoadedBinding {
  readonly binding: TensorFlowBinding;
  readonly location: BindingLocation;
}

let loaded: LoadedBinding | undefined;

/** XLA's GPU compiler looks for `libdevice` under its data folder, which the CUDA wheels bring. */
function pointToCudaData(location: BindingLocation): void {
  const data = path.join(location.dir, 'nvidia', 'cuda_nvcc');
  if (location.kind === 'cuda' && existsSync(data) && !process.env['XLA_FLAGS']?.includes('cuda_data_dir')) {
    process.env['XLA_FLAGS'] = `${process.env['XLA_FLAGS'] ?? ''} --xla_gpu_cuda_data_dir=${data}`.trim();
  }
}

/**
 * Loads the binding, once per process; later settings have no effect.
 * @throws AppError executor/unavailable when it is not set up or does not load
 */
export function loadBinding(settings: NativeSettings): LoadedBinding {
  if (loaded !== undefined) return loaded;
  const location = locateBinding();
  if ('missing' in location)
    throw new AppError('executor/unavailable', `TensorFlow is not available: ${location.missing}`);
  applyNativeEnvironment(settings);
  pointToCudaData(location);
  const module: { exports: unknown } = { exports: {} };
  try {
    process.dlopen(module, location.binding);
  } catch (error) {
    throw new AppError(
      'executor/unavailable',
      `TensorFlow's library does not load (${error instanceof Error ? error.message : String(error)}); ` +
        `delete ${location.dir} and run "node scripts/setup/tensorflow.mjs"`,
      { binding: location.binding },
      error,
    );
  }
  loaded = { binding: module.exports as TensorFlowBinding, location };
  return loaded;
}
