import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AppError } from '../../../../src-shared/app-error.ts';
import type { Program } from '../../graph/program.ts';
import type { Session, TensorData } from '../executor.ts';
import type { BodyMode } from './export-function.ts';
import { exportProgram, type ExportedProgram, type ExportedVariable } from './export-program.ts';
import type { TensorFlowBinding } from './native-binding.ts';
import { allocate, type Packing } from './packed-values.ts';
import type { Tuning } from './processor.ts';
import { tensorFlowError } from './tensorflow-error.ts';
import { TF_TYPE } from './tensorflow-messages.ts';

/** Loads a program into a TensorFlow session of its own. */
export async function openTensorFlowSession(
  binding: TensorFlowBinding,
  program: Program,
  modeOf: (functionName: string) => BodyMode,
  tuning?: Tuning,
): Promise<Session> {
  const exported = exportProgram(program, modeOf, tuning);
  const folder = await mkdtemp(path.join(tmpdir(), `metalmo-graph-${process.pid}-`));
  try {
    await writeFile(path.join(folder, 'saved_model.pb'), exported.savedModel);
    const model = binding.loadSavedModel(folder, 'serve');
    return new TensorFlowSession(binding, model, exported, program.name);
  } catch (error) {
    throw tensorFlowError(error, `loading the program "${program.name}"`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

class TensorFlowSession implements Session {
  readonly #binding: TensorFlowBinding;
  readonly #exported: ExportedProgram;
  readonly #name: string;
  #model: number | undefined;
  /** Whether variables have values. The first call of each kind is dear, and most sessions begin by writing all of them. */
  #hasValues = false;

  constructor(binding: TensorFlowBinding, model: number, exported: ExportedProgram, name: string) {
    this.#binding = binding;
    this.#model = model;
    this.#exported = exported;
    this.#name = name;
  }

  #zeroWhereUnwritten(): void {
    if (this.#hasValues) return;
    this.#call([], '', this.#exported.initialiseName, 'setting variables to zero');
    this.#hasValues = true;
  }

  run(functionName: string, feeds: Readonly<Record<string, TensorData>>): Promise<Record<string, TensorData>> {
    try {
      this.#zeroWhereUnwritten();
      return Promise.resolve(this.#run(functionName, feeds));
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  async read(variable: string): Promise<TensorData> {
    const { readName } = this.#variable(variable);
    this.#zeroWhereUnwritten();
    const [data] = this.#call([], '', readName, `reading "${variable}"`);
    if (data === undefined) throw new Error('a read has one result');
    return Promise.resolve(data);
  }

  async write(variable: string, data: TensorData): Promise<void> {
    const { type, length, writeInputName, writeOutputName } = this.#variable(variable);
    checkValue(`variable "${variable}"`, data, type, length);
    const feed = { type, shape: [length], data };
    this.#zeroWhereUnwritten();
    this.#call([feed], writeInputName, writeOutputName, `writing "${variable}"`);
    return Promise.resolve();
  }

  readAll(): Promise<Record<string, TensorData>> {
    const variables = [...this.#exported.variables.values()];
    const names = variables.map(({ readName }) => readName).join(',');
    this.#zeroWhereUnwritten();
    const values = variables.length === 0 ? [] : this.#call([], '', names, 'reading all variables');
    return Promise.resolve(Object.fromEntries(variables.map(({ name }, i) => [name, values[i] as TensorData])));
  }

  async writeAll(values: Readonly<Record<string, TensorData>>): Promise<void> {
    const variables = [...this.#exported.variables.values()];
    const feeds = variables.map(({ name, type, length }) => {
      const data = values[name];
      checkValue(`variable "${name}"`, data, type, length);
      return { type, shape: [length], data };
    });
    const inputs = variables.map(({ writeInputName }) => writeInputName).join(',');
    const outputs = variables.map(({ writeOutputName }) => writeOutputName).join(',');
    if (variables.length > 0) this.#call(feeds, inputs, outputs, 'writing all variables');
    this.#hasValues = true;
    return Promise.resolve();
  }

  dispose(): void {
    if (this.#model !== undefined) this.#binding.deleteSavedModel(this.#model);
    this.#model = undefined;
  }

  #run(functionName: string, feeds: Readonly<Record<string, TensorData>>): Record<string, TensorData> {
    const exported = this.#exported.functions.get(functionName);
    if (exported === undefined) {
      const known = [...this.#exported.functions.keys()].join(', ');
      throw new AppError('executor/failed', `"${this.#name}" has no function "${functionName}"; it has: ${known}`);
    }
    const packed = exported.feeds.map((packing) => ({
      type: packing.type,
      shape: [packing.length],
      data: packFeeds(packing, feeds),
    }));
    const vectors = this.#call(packed, exported.inputNames, exported.outputNames, `running "${functionName}"`);
    const fetched: Record<string, TensorData> = {};
    for (const [i, packing] of exported.fetches.entries()) {
      const vector = vectors[i];
      if (vector === undefined) throw new Error('one vector per packing');
      for (const entry of packing.entries)
        fetched[entry.name] = vector.slice(entry.offset, entry.offset + entry.length);
    }
    return fetched;
  }

  #variable(name: string): ExportedVariable {
    const variable = this.#exported.variables.get(name);
    if (variable === undefined) throw new AppError('executor/failed', `"${this.#name}" has no variable "${name}"`);
    return variable;
  }

  /** One call of the binding. Every tensor it makes is deleted, whatever happens. */
  #call(
    feeds: readonly {
      readonly type: 'float32' | 'int32';
      readonly shape: readonly number[];
      readonly data: TensorData;
    }[],
    inputNames: string,
    outputNames: string,
    doing: string,
  ): TensorData[] {
    if (this.#model === undefined) throw new AppError('executor/failed', `the session of "${this.#name}" is closed`);
    const binding = this.#binding;
    const ids: number[] = [];
    try {
      for (const { type, shape, data } of feeds) ids.push(binding.createTensor(shape, TF_TYPE[type], data));
      const inputs = [...ids];
      const outputs = binding.runSavedModel(this.#model, inputs, inputNames, outputNames);
      for (const { id } of outputs) ids.push(id);
      return outputs.map(({ id }) => binding.tensorDataSync(id));
    } catch (error) {
      throw tensorFlowError(error, doing);
    } finally {
      for (const id of ids) binding.deleteTensor(id);
    }
  }
}

function checkValue(
  what: string,
  data: TensorData | undefined,
  type: 'float32' | 'int32',
  length: number,
): asserts data is TensorData {
  const isRightType = type === 'float32' ? data instanceof Float32Array : data instanceof Int32Array;
  if (data === undefined || !isRightType || data.length !== length) {
    const found = data === undefined ? 'nothing' : `${data.constructor.name} of ${data.length}`;
    throw new AppError('executor/failed', `${what}: expected ${type} data of length ${length}, got ${found}`);
  }
}

function packFeeds(packing: Packing, feeds: Readonly<Record<string, TensorData>>): TensorData {
  const vector = allocate(packing.type, packing.length);
  for (const entry of packing.entries) {
    const data = feeds[entry.name];
    checkValue(`input "${entry.name}"`, data, packing.type, entry.length);
    vector.set(data, entry.offset);
  }
  return vector;
}
