import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { arch, cpus } from 'node:os';
import path from 'node:path';
import { nativeCache } from './locate-binding.ts';
import { thisProcessor, type Processor } from './this-processor.ts';

/**
 * TensorFlow reads its settings from the process's environment when its library is loaded and when the first session
 * is made: this is the one place that sets them, and it must run before `loadBinding`.
 */
export interface NativeSettings {
  /** Threads inside one op (a matrix product). TensorFlow's default: one per core. */
  readonly intraOpThreads?: number;
  /** Refuse kernels whose result depends on timing. Default true: a resumed run repeats bit for bit. */
  readonly deterministic?: boolean;
  /** Whether x86 processors take oneDNN's kernels: they are better at large products and passes, not at small ones. */
  readonly largeProducts?: boolean;
}

const ONEDNN = 'TF_ENABLE_ONEDNN_OPTS';

/** Whether x86 processors take oneDNN's kernels in this process, once its environment is decided (TensorFlow reads it so). */
export const takesOneDnn = (): boolean => /^(1|true)$/i.test(process.env[ONEDNN] ?? '');

/** Sets a variable unless the person who started the process has chosen its value. */
function setDefault(name: string, value: string): void {
  process.env[name] ??= value;
}

/**
 * Name of the folder of compiled steps of a processor. Machine code is for one set of instructions, and a virtual machine's
 * model ("AMD EPYC") does not tell which that is.
 */
export function compilationFolder(model: string, processor: Processor | undefined): string {
  const instructions = [...(processor?.flags ?? [])].sort().join(' ');
  const key = createHash('sha256').update(`${model}/${arch()}/${instructions}`).digest('hex').slice(0, 12);
  return `compiled-${key}`;
}

/** Where compiled steps are kept between runs: compiling a hard step takes seconds, reading it back a tenth of that. */
const compilationCache = (): string =>
  path.join(nativeCache(), compilationFolder(cpus()[0]?.model ?? '', thisProcessor()));

export function applyNativeEnvironment(settings: NativeSettings): void {
  // Library chatter belongs to nobody's output; errors still come back as exceptions.
  setDefault('TF_CPP_MIN_LOG_LEVEL', '3');
  if (settings.intraOpThreads !== undefined) process.env['TF_NUM_INTRAOP_THREADS'] = String(settings.intraOpThreads);
  // Ops run one after the other: -1 means on the thread that calls, which saves handing each call to another one.
  setDefault('TF_NUM_INTEROP_THREADS', '-1');
  if (settings.deterministic ?? true) process.env['TF_DETERMINISTIC_OPS'] = '1';
  if (process.env['TF_XLA_FLAGS'] === undefined) {
    const folder = compilationCache();
    try {
      mkdirSync(folder, { recursive: true });
      process.env['TF_XLA_FLAGS'] =
        `--tf_xla_persistent_cache_directory=${folder} --tf_xla_persistent_cache_device_types=CPU`;
    } catch {
      // A cache that cannot be written costs time, nothing else.
    }
  }
  // Of itself TensorFlow takes oneDNN only where a processor multiplies in half precision or less (VNNI, AMX); a small
  // model's numbers should not depend on that.
  if (arch() === 'x64') setDefault(ONEDNN, settings.largeProducts === true ? '1' : '0');
  // On a GPU float32 means float32: the libraries would round a product's operands to 10 bits (TF32).
  setDefault('NVIDIA_TF32_OVERRIDE', '0');
  // On a GPU: take memory as it is needed, so that two runs and a desktop can share it.
  setDefault('TF_FORCE_GPU_ALLOW_GROWTH', 'true');
}
