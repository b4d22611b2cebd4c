import type { TensorInfo } from '@tensorflow/tfjs-core';
import { AppError, toAppError } from '../../../../src-shared/app-error.ts';
import { shapeSize } from '../../graph/infer-shape.ts';
import type { Program, VariableSpec } from '../../graph/program.ts';
import type { DType, Shape } from '../../graph/types.ts';
import type { Session, TensorData } from '../executor.ts';
import type { KernelDevice } from './kernel-device.ts';
import { checkFits, planFunction, walk } from './plan.ts';
import type { FunctionPlan, Slots } from './plan.ts';

const zeros = (shape: Shape, dtype: DType): TensorData =>
  dtype === 'float32' ? new Float32Array(shapeSize(shape)) : new Int32Array(shapeSize(shape));

function constantData(values: readonly number[], shape: Shape, dtype: DType): TensorData {
  const data = zeros(shape, dtype);
  if (values.length === 1 && data.length !== 1) data.fill(values[0] ?? 0);
  else data.set(values);
  return data;
}

/** Checks length and type of what is fed or written. */
function checked(what: string, data: TensorData | undefined, shape: Shape, dtype: DType): TensorData {
  const expected = `${dtype === 'float32' ? 'Float32Array' : 'Int32Array'} of ${shapeSize(shape)}`;
  if (data === undefined) throw new AppError('executor/failed', `${what} is missing: expected a ${expected}`);
  const isRightType = dtype === 'float32' ? data instanceof Float32Array : data instanceof Int32Array;
  if (!isRightType || data.length !== shapeSize(shape)) {
    throw new AppError(
      'executor/failed',
      `${what}: expected a ${expected}, got a ${data.constructor.name} of ${data.length}`,
    );
  }
  return data;
}

/** A program's functions as plans, and its variables' present values, on one device. */
export class KernelSession implements Session {
  readonly #device: KernelDevice;
  readonly #plans = new Map<string, FunctionPlan>();
  readonly #specs: ReadonlyMap<string, VariableSpec>;
  readonly #variables = new Map<string, TensorInfo>();
  /** Constants by node id: functions of one program share them. */
  readonly #constants = new Map<number, TensorInfo>();
  #isDisposed = false;
  /** Calls are made one after the other, whoever asks. */
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @throws AppError executor/out-of-memory, executor/failed
   */
  static async open(device: KernelDevice, program: Program): Promise<KernelSession> {
    const session = new KernelSession(device, program);
    try {
      if (device.kind === 'gpu') await device.ready();
    } catch (error) {
      session.dispose();
      throw error;
    }
    return session;
  }

  private constructor(device: KernelDevice, program: Program) {
    this.#device = device;
    this.#specs = new Map(program.variables.map((spec) => [spec.name, spec]));
    const stateBytes = program.variables.reduce((sum, { shape }) => sum + 4 * shapeSize(shape), 0);
    for (const [name, fn] of Object.entries(program.functions)) {
      const plan = planFunction(fn, device);
      checkFits(`${program.name}.${name}`, plan, stateBytes, device);
      this.#plans.set(name, plan);
    }
    for (const { name, shape, dtype } of program.variables) {
      this.#variables.set(name, device.upload(zeros(shape, dtype), shape, dtype));
    }
    for (const plan of this.#plans.values()) {
      for (const { node } of plan.constants) {
        if (this.#constants.has(node.id)) continue;
        const { values, shape, dtype } = node.attributes;
        this.#constants.set(node.id, device.upload(constantData(values, shape, dtype), shape, dtype));
      }
    }
  }

  run(functionName: string, feeds: Readonly<Record<string, TensorData>>): Promise<Record<string, TensorData>> {
    return this.#inTurn(() => this.#run(functionName, feeds));
  }

  async #run(functionName: string, feeds: Readonly<Record<string, TensorData>>): Promise<Record<string, TensorData>> {
    const plan = this.#plans.get(functionName);
    if (!plan) throw new AppError('executor/failed', `The program has no function "${functionName}"`);
    const device = this.#device;
    const fed = plan.inputs.map(({ name, shape, dtype }) =>
      checked(`${functionName}: input "${name}"`, feeds[name], shape, dtype),
    );
    const slots: Slots = new Array<TensorInfo | undefined>(plan.slots);
    plan.inputs.forEach(({ slot, shape, dtype }, i) => {
      const data = fed[i];
      if (data) slots[slot] = device.upload(data, shape, dtype);
    });
    for (const { name, slot } of plan.variables) slots[slot] = this.#variables.get(name);
    for (const { node, slot } of plan.constants) slots[slot] = this.#constants.get(node.id);
    walk(plan, slots, device);

    const results = (entries: FunctionPlan['fetches']): TensorInfo[] =>
      entries.map(({ slot, shape, dtype }) => {
        const tensor = slots[slot];
        if (tensor === undefined) throw new Error(`slot ${slot} is empty`);
        return { dataId: tensor.dataId, shape, dtype };
      });
    const release = (): void => {
      for (const slot of plan.owned) {
        const tensor = slots[slot];
        if (tensor) device.free(tensor);
      }
    };
    let arrays: TensorData[];
    // Shared before anything is freed: an update may be another variable's old value.
    const updates = results(plan.updates).map((tensor) => device.share(tensor));
    try {
      arrays = await device.download(results(plan.fetches));
      await device.check();
    } catch (error) {
      for (const tensor of updates) device.free(tensor);
      throw error;
    } finally {
      release();
    }
    plan.updates.forEach(({ name }, i) => {
      const tensor = updates[i];
      if (tensor) this.#replace(name, tensor);
    });
    return Object.fromEntries(plan.fetches.map(({ name }, i) => [name, arrays[i] ?? new Float32Array(0)]));
  }

  async read(variable: string): Promise<TensorData> {
    return this.#inTurn(async () => {
      const { shape, dtype } = this.#spec(variable);
      const tensor = this.#variables.get(variable);
      if (!tensor) throw new Error(`variable ${variable} has no value`);
      const [data] = await this.#device.download([{ dataId: tensor.dataId, shape: [...shape], dtype }]);
      await this.#device.check();
      return data ?? zeros(shape, dtype);
    });
  }

  async write(variable: string, data: TensorData): Promise<void> {
    return this.#inTurn(async () => {
      const { shape, dtype } = this.#spec(variable);
      this.#replace(variable, this.#device.upload(checked(`variable "${variable}"`, data, shape, dtype), shape, dtype));
      await this.#device.check();
    });
  }

  async readAll(): Promise<Record<string, TensorData>> {
    const values: Record<string, TensorData> = {};
    for (const variable of this.#specs.keys()) values[variable] = await this.read(variable);
    return values;
  }

  async writeAll(values: Readonly<Record<string, TensorData>>): Promise<void> {
    for (const variable of this.#specs.keys()) {
      const data = values[variable];
      if (data === undefined) throw new AppError('executor/failed', `No value is given for variable "${variable}"`);
      await this.write(variable, data);
    }
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    for (const tensor of [...this.#variables.values(), ...this.#constants.values()]) this.#device.free(tensor);
    this.#variables.clear();
    this.#constants.clear();
  }

  #spec(variable: string): VariableSpec {
    const spec = this.#specs.get(variable);
    if (!spec) throw new AppError('executor/failed', `The program has no variable "${variable}"`);
    return spec;
  }

  #replace(name: string, tensor: TensorInfo): void {
    const before = this.#variables.get(name);
    if (before) this.#device.free(before);
    this.#variables.set(name, tensor);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => {
      if (this.#isDisposed) throw new AppError('executor/failed', 'The session has been disposed');
      return work().catch((error: unknown) => {
        throw toAppError(error, 'executor/failed');
      });
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
