import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AppError } from '../../../../src-shared/app-error.ts';
import type { Program } from '../../graph/program.ts';
import type { Session, TensorData } from '../executor.ts';
import { FEED_NAMES, FETCH_NAME } from './border.ts';
import type { BodyMode } from './export-function.ts';
import { exportProgram, type ExportedProgram, type ExportedVariable } from './export-program.ts';
import type { TensorFlowBinding } from './native-binding.ts';
import { allocate, asBits, asWords, borderType, takeWords, type Packing } from './packed-values.ts';
import { NO_TUNING, type Tuning } from './processor.ts';
import { tensorFlowError } from './tensorflow-error.ts';
import { TF_TYPE } from './tensorflow-messages.ts';

/** Loads a program into a TensorFlow session of its own. */
export async function openTensorFlowSession(
  binding: TensorFlowBinding,
  program: Program,
  modeOf: (functionName: string) => BodyMode,
  tuning: Tuning = NO_TUNING,
  isGpu = false,
): Promise<Session> {
  const exported = exportProgram(program, modeOf, tuning, isGpu);
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

const NO_WORDS = new Float32Array(0);

class TensorFlowSession implements Session {
  readonly #binding: TensorFlowBinding;
  readonly #exported: ExportedProgram;
  readonly #name: string;
  #model: number | undefined;
  /** Whether variables have values; most sessions begin by writing all of them. */
  #hasValues = false;

  constructor(binding: TensorFlowBinding, model: number, exported: ExportedProgram, name: string) {
    this.#binding = binding;
    this.#model = model;
    this.#exported = exported;
    this.#name = name;
  }

  #zeroWhereUnwritten(): void {
    if (this.#hasValues) return;
    for (const variable of this.#exported.variables.values())
      this.#write(variable, allocate(variable.type, variable.length));
    this.#hasValues = true;
  }

  async run(functionName: string, feeds: Readonly<Record<string, TensorData>>): Promise<Record<string, TensorData>> {
    this.#zeroWhereUnwritten();
    return this.#run(functionName, feeds);
  }

  async read(name: string): Promise<TensorData> {
    const variable = this.#variable(name);
    this.#zeroWhereUnwritten();
    return this.#read(variable);
  }

  async write(name: string, data: TensorData): Promise<void> {
    const variable = this.#variable(name);
    checkValue(`variable "${name}"`, data, variable.type, variable.length);
    this.#zeroWhereUnwritten();
    this.#write(variable, data);
  }

  async readAll(): Promise<Record<string, TensorData>> {
    const variables = [...this.#exported.variables.values()];
    this.#zeroWhereUnwritten();
    return Object.fromEntries(variables.map((variable) => [variable.name, this.#read(variable)]));
  }

  async writeAll(values: Readonly<Record<string, TensorData>>): Promise<void> {
    const checked = [...this.#exported.variables.values()].map((variable) => {
      const data = values[variable.name];
      checkValue(`variable "${variable.name}"`, data, variable.type, variable.length);
      return { variable, data };
    });
    for (const { variable, data } of checked) this.#write(variable, data);
    this.#hasValues = true;
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
    const words = packFeeds(exported.feeds, feeds);
    const vector = this.#call(exported.branch, words, `running "${functionName}"`);
    return Object.fromEntries(
      exported.fetches.entries.map(({ name, dtype, offset, length }) => [
        name,
        takeWords(vector, borderType(dtype), offset, length),
      ]),
    );
  }

  #read({ name, type, length, readBranch }: ExportedVariable): TensorData {
    return takeWords(this.#call(readBranch, NO_WORDS, `reading "${name}"`), type, 0, length);
  }

  #write({ name, writeBranch }: ExportedVariable, data: TensorData): void {
    this.#call(writeBranch, asWords(data), `writing "${name}"`);
  }

  #variable(name: string): ExportedVariable {
    const variable = this.#exported.variables.get(name);
    if (variable === undefined) throw new AppError('executor/failed', `"${this.#name}" has no variable "${name}"`);
    return variable;
  }

  /** One call of the binding. Every tensor it makes is deleted, whatever happens. */
  #call(branch: number, words: Float32Array, doing: string): TensorData {
    if (this.#model === undefined) throw new AppError('executor/failed', `the session of "${this.#name}" is closed`);
    const binding = this.#binding;
    const ids: number[] = [];
    try {
      ids.push(binding.createTensor([], TF_TYPE.int32, Int32Array.of(branch)));
      ids.push(binding.createTensor([words.length], TF_TYPE.float32, words));
      const outputs = binding.runSavedModel(this.#model, [...ids], FEED_NAMES, FETCH_NAME);
      for (const { id } of outputs) ids.push(id);
      const [fetched] = outputs;
      if (fetched === undefined) throw new Error('a call has one result');
      return binding.tensorDataSync(fetched.id);
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

function packFeeds({ entries, length }: Packing, feeds: Readonly<Record<string, TensorData>>): Float32Array {
  const bits = new Int32Array(length);
  for (const entry of entries) {
    const data = feeds[entry.name];
    checkValue(`input "${entry.name}"`, data, borderType(entry.dtype), entry.length);
    bits.set(asBits(data), entry.offset);
  }
  return asWords(bits);
}
