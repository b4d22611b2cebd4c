import { AppError } from '../../../src-shared/app-error.ts';
import type { ParameterLayout } from '../model/parameter-layout.ts';

/** One named tensor; `data` is a view of the flat vector, not a copy. */
export interface ParameterTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, dim) => product * dim, 1);

/** A flat parameter vector [P] as its named tensors with PyTorch names and shapes, in the layout's order. */
export function parameterTensors(layout: ParameterLayout, flat: Float32Array): Record<string, ParameterTensor> {
  if (flat.length !== layout.size) {
    throw new AppError('internal', `A parameter vector of ${layout.size} values was expected, got ${flat.length}.`);
  }
  return Object.fromEntries(
    layout.entries.map(({ name, shape, offset }) => [
      name,
      { shape, data: flat.subarray(offset, offset + sizeOf(shape)) },
    ]),
  );
}

/** What of a layout a checkpoint keeps to be checked against another. */
export interface NamedShape {
  readonly name: string;
  readonly shape: readonly number[];
}

const shown = ({ name, shape }: NamedShape): string => `${name} [${shape.join(', ')}]`;

/**
 * @throws AppError checkpoint/incompatible that names the first parameter in which the file differs from the model
 */
export function assertSameParameters(
  file: string,
  found: readonly NamedShape[],
  expected: readonly NamedShape[],
): void {
  for (let i = 0; i < Math.max(found.length, expected.length); i++) {
    const [has, wants] = [found[i], expected[i]];
    if (has !== undefined && wants !== undefined && shown(has) === shown(wants)) continue;
    const hasText = has === undefined ? 'no further parameter' : shown(has);
    const wantsText = wants === undefined ? 'no further parameter' : shown(wants);
    throw new AppError(
      'checkpoint/incompatible',
      `${file} holds a model of another shape: expected ${wantsText}, got ${hasText}. ` +
        "Use the model settings of the checkpoint's run (sizes, vocabulary, preNorm), or another checkpoint.",
      { file, expected: wants ?? null, got: has ?? null },
    );
  }
}
