/** Dawn (the npm package `webgpu`) as `navigator.gpu` of a Node process. */
import { existsSync, readdirSync } from 'node:fs';
import { constants } from 'node:os';
import { AppError } from '../../../../../src-shared/app-error.ts';

/** Set to 1 to allow a software device (for tests): without it only real graphics hardware is used. */
export const SOFTWARE_VARIABLE = 'METALMO_WEBGPU_SOFTWARE';

const CHROMIUM = '/usr/lib/chromium';
/** SwiftShader of Debian's chromium package. */
export const SWIFTSHADER_DRIVER = `${CHROMIUM}/vk_swiftshader_icd.json`;

export const isSoftwareAllowed = (): boolean => process.env[SOFTWARE_VARIABLE] === '1';

/** glibc's flag for "stays loaded whoever closes it". */
const RTLD_NODELETE = 0x1000;

/**
 * Loads a shared library into the process, so that Dawn finds it by its name. Node's loader complains that it is no
 * Node module and closes it again, which the flag makes harmless.
 */
function preload(library: string): void {
  try {
    process.dlopen({ exports: {} }, library, constants.dlopen.RTLD_NOW | RTLD_NODELETE);
  } catch {
    // Expected; whether Dawn found a device shows in what it answers.
  }
}

/** Where software is allowed and SwiftShader is installed: the Vulkan loader and driver that chromium brings. */
function prepareSoftware(): void {
  if (!isSoftwareAllowed() || !existsSync(SWIFTSHADER_DRIVER)) return;
  process.env['VK_ICD_FILENAMES'] = SWIFTSHADER_DRIVER;
  preload(`${CHROMIUM}/libvulkan.so.1`);
}

let gpu: GPU | undefined;

/** The process's GPU entry point; loaded at first use. */
export async function openGpu(): Promise<GPU> {
  if (gpu !== undefined) return gpu;
  const { create, globals } = await import('webgpu');
  // TF.js's backend expects what a browser has: the WebGPU globals and navigator.gpu.
  Object.assign(globalThis, globals);
  prepareSoftware();
  gpu = create([]);
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
  return gpu;
}

export interface FoundAdapter {
  readonly adapter: GPUAdapter;
  /** E.g. "nvidia hopper, NVIDIA H200". */
  readonly label: string;
  readonly isSoftware: boolean;
}

/**
 * Whether Linux shows any graphics device at all. Asking first spares a machine without one the loading of Dawn and
 * its complaint about a missing Vulkan library on standard error.
 */
function hasGraphicsDevice(): boolean {
  if (process.platform !== 'linux') return true;
  if (existsSync('/dev/nvidia0') || existsSync('/dev/dxg')) return true;
  try {
    return readdirSync('/dev/dri').some((name) => name.startsWith('render'));
  } catch {
    return false;
  }
}

function unavailable(reason: string, cause?: unknown): AppError {
  return new AppError('executor/unavailable', reason, { executor: 'webgpu' }, cause);
}

const SOFTWARE_NAMES = /swiftshader|llvmpipe|lavapipe|softpipe|warp|software/i;

export function describeAdapter(info: GPUAdapterInfo): { label: string; isSoftware: boolean } {
  const parts = [info.vendor, info.architecture, info.device, info.description].filter((part) => part !== '');
  const label = [...new Set(parts)].join(', ');
  return {
    label: label === '' ? 'unnamed device' : label,
    isSoftware: info.isFallbackAdapter || SOFTWARE_NAMES.test(label),
  };
}

/**
 * The adapter that WebGPU would use.
 * @throws AppError executor/unavailable when there is none
 */
export async function findAdapter(): Promise<FoundAdapter> {
  if (!hasGraphicsDevice() && !isSoftwareAllowed()) {
    throw unavailable('The machine shows no graphics device (no /dev/dri/render*, /dev/nvidia0 or /dev/dxg).');
  }
  let adapter: GPUAdapter | null;
  try {
    adapter = await (await openGpu()).requestAdapter({ powerPreference: 'high-performance' });
  } catch (error) {
    throw unavailable(`WebGPU could not be loaded: ${error instanceof Error ? error.message : String(error)}`, error);
  }
  if (!adapter) {
    throw unavailable(
      'WebGPU found no graphics device. It needs a graphics driver with Vulkan (Linux: also the package libvulkan1), ' +
        'Metal or Direct3D 12.',
    );
  }
  return { adapter, ...describeAdapter(adapter.info) };
}
