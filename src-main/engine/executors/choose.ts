import { AppError } from '../../../src-shared/app-error.ts';
import { diagnoseExecutor, type ExecutorDiagnosis } from './diagnose.ts';
import { EXECUTOR_NAMES } from './executor.ts';
import type { Executor, ExecutorName } from './executor.ts';
import { createTensorFlowExecutor } from './tensorflow/create-tensorflow-executor.ts';
import type { NativeSettings } from './tensorflow/native-environment.ts';

export interface ChooseOptions {
  /** Threads and determinism of the native TensorFlow. */
  readonly tensorflow?: NativeSettings;
}

export interface ChosenExecutor {
  readonly executor: Executor;
  /** Why this one, and why the better ones were not available; for the run's log. */
  readonly reason: string;
}

interface Candidate {
  readonly name: ExecutorName;
  /** Whether the device found is of the kind meant at this place of the order. */
  readonly fits: (diagnosis: ExecutorDiagnosis) => boolean;
}

const isGpu = ({ device }: ExecutorDiagnosis): boolean => device.startsWith('GPU');
const isAny = (): boolean => true;

/**
 * What "auto" takes, best first, by the kind of device that METALMO_DEVICE (or `npm start --cpu` and the like) allows.
 * TensorFlow stands twice: a GPU of another maker beats it on the processor alone.
 */
const ORDERS: Readonly<Record<string, readonly Candidate[]>> = {
  auto: [
    { name: 'tensorflow', fits: isGpu },
    { name: 'webgpu', fits: isGpu },
    { name: 'tensorflow', fits: isAny },
    { name: 'wasm', fits: isAny },
    { name: 'cpu', fits: isAny },
  ],
  cuda: [{ name: 'tensorflow', fits: isGpu }],
  webgpu: [{ name: 'webgpu', fits: isAny }],
  cpu: [
    { name: 'tensorflow', fits: (diagnosis) => !isGpu(diagnosis) },
    { name: 'wasm', fits: isAny },
    { name: 'cpu', fits: isAny },
  ],
};

function allowedOrder(): readonly Candidate[] {
  const device = process.env['METALMO_DEVICE'] || 'auto';
  const order = ORDERS[device];
  if (!order) {
    throw new AppError(
      'config/invalid',
      `METALMO_DEVICE is "${device}"; it may be ${Object.keys(ORDERS).join(', ')} (or not set, which means auto)`,
    );
  }
  // Which build of the native TensorFlow to load follows from it too.
  if (device === 'cpu' || device === 'cuda') process.env['METALMO_TENSORFLOW'] ??= device;
  return order;
}

async function create(name: ExecutorName, options: ChooseOptions): Promise<Executor> {
  if (name === 'tensorflow') return createTensorFlowExecutor(options.tensorflow ?? {});
  // TF.js is not for those who do without it.
  const { createKernelExecutor } = await import('./kernels/create-kernel-executor.ts');
  return createKernelExecutor(name);
}

async function chooseAutomatically(options: ChooseOptions): Promise<ChosenExecutor> {
  const seen = new Map<ExecutorName, ExecutorDiagnosis>();
  for (const { name, fits } of allowedOrder()) {
    // Looking at TensorFlow loads it: what the run wants of it must be known by then.
    const diagnosis = seen.get(name) ?? (await diagnoseExecutor(name, options.tensorflow));
    seen.set(name, diagnosis);
    if (!diagnosis.usable || !fits(diagnosis)) continue;
    // A usable TensorFlow without a GPU is passed over where WebGPU reaches one.
    const others = [...seen.values()]
      .filter((other) => other.name !== name)
      .map((other) => `${other.name} was passed over: ${other.usable ? other.device : other.reason}`);
    return {
      executor: await create(name, options),
      reason: [`${name} is the best executor usable here (${diagnosis.device})`, ...others].join('; '),
    };
  }
  throw new AppError(
    'executor/unavailable',
    `No executor is usable: ${[...seen.values()].map(({ name, reason }) => `${name}: ${reason}`).join('; ')}`,
  );
}

/**
 * The executor a run shall use, ready to compile. A named executor is that one or an error, never another.
 * @throws AppError executor/unavailable saying why and what to do
 */
export async function chooseExecutor(
  request: 'auto' | ExecutorName,
  options: ChooseOptions = {},
): Promise<ChosenExecutor> {
  if (request === 'auto') return chooseAutomatically(options);
  if (!EXECUTOR_NAMES.includes(request)) {
    throw new AppError(
      'config/invalid',
      `Unknown executor "${request as string}"; choose auto, ${EXECUTOR_NAMES.join(', ')}`,
    );
  }
  const executor = await create(request, options);
  return { executor, reason: `${request} was asked for (${executor.info.device})` };
}
