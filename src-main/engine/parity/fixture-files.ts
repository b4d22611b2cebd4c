import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../src-shared/app-error.ts';
import { decodeSafetensors } from '../train/safetensors.ts';
import type { IdMatrix } from '../data/micro-batch.ts';
import type { ParameterLayout } from '../model/parameter-layout.ts';

export interface FixtureTensor {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** One folder of recorded numbers: `<case>/<variant>/data.json` and its tensors. */
export interface Fixture {
  readonly caseName: string;
  readonly variant: string;
  readonly folder: string;
  readonly json: Record<string, unknown>;
  readonly tensors: FixtureTensors;
}

/** Tensors by name, with the groupings the fixtures use. */
export class FixtureTensors {
  readonly #byName: ReadonlyMap<string, FixtureTensor>;
  readonly #path: string;

  constructor(byName: ReadonlyMap<string, FixtureTensor>, path: string) {
    this.#byName = byName;
    this.#path = path;
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  hasPrefix(prefix: string): boolean {
    return [...this.#byName.keys()].some((name) => name.startsWith(prefix));
  }

  /** @throws AppError file/invalid when there is no such tensor */
  get(name: string): FixtureTensor {
    const tensor = this.#byName.get(name);
    if (tensor === undefined) throw new AppError('file/invalid', `${this.#path} has no tensor "${name}"`);
    return tensor;
  }

  /** An id tensor [rows, length]. */
  ids(name: string): IdMatrix {
    const { shape, values } = this.get(name);
    const [rows, length] = shape;
    if (rows === undefined || length === undefined || shape.length !== 2) {
      throw new AppError(
        'file/invalid',
        `${this.#path}: "${name}" has shape [${shape.join(', ')}], expected [rows, length]`,
      );
    }
    return { ids: Int32Array.from(values), rows, length };
  }

  /** The parameters `${prefix}${name}` of a layout as one flat vector; a missing one counts as zeros where allowed. */
  flat(prefix: string, layout: ParameterLayout, missingAsZero = false): Float64Array {
    const flat = new Float64Array(layout.size);
    for (const { name, shape, offset } of layout.entries) {
      if (missingAsZero && !this.has(prefix + name)) continue;
      const tensor = this.get(prefix + name);
      if (tensor.shape.join() !== shape.join()) {
        throw new AppError(
          'file/invalid',
          `${this.#path}: "${prefix}${name}" has shape [${tensor.shape.join(', ')}], expected [${shape.join(', ')}]`,
        );
      }
      flat.set(tensor.values, offset);
    }
    return flat;
  }
}

export function readFixtureTensors(path: string): FixtureTensors {
  const byName = new Map<string, FixtureTensor>();
  for (const [name, tensor] of decodeSafetensors(readFileSync(path), path).tensors) {
    byName.set(name, { shape: tensor.shape, values: Float64Array.from(tensor.data, Number) });
  }
  return new FixtureTensors(byName, path);
}

function readJson(path: string): Record<string, unknown> {
  const text = readFileSync(path, 'utf8');
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (cause) {
    throw new AppError('file/invalid', `${path} is not valid JSON: ${(cause as Error).message}`, { path }, cause);
  }
}

export function readFixture(root: string, caseName: string, variant: string): Fixture {
  const folder = join(root, caseName, variant);
  return {
    caseName,
    variant,
    folder,
    json: readJson(join(folder, 'data.json')),
    tensors: readFixtureTensors(join(folder, 'data.safetensors')),
  };
}

/** Names of the variants of a case: its sub-folders that hold recorded numbers. */
export function variantsOf(root: string, caseName: string): string[] {
  const folder = join(root, caseName);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'data.safetensors')))
    .map((entry) => entry.name)
    .sort();
}

/** A case that is one JSON file, or undefined when DIR does not hold it. */
export function readJsonCase(root: string, ...path: readonly string[]): Record<string, unknown> | undefined {
  const file = join(root, ...path);
  return existsSync(file) ? readJson(file) : undefined;
}
