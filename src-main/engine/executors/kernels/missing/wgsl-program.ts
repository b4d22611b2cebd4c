import type { WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu/dist/webgpu_program.js';
import { shapeSize } from '../../../graph/infer-shape.ts';
import type { Shape } from '../../../graph/types.ts';

const THREADS = 64;

interface ElementProgram {
  /** Names the code; programs of one key must have equal code. Sizes that are written into the code belong into it. */
  readonly key: string;
  readonly inputs: readonly string[];
  readonly shape: Shape;
  /** Further uniforms, e.g. "begin : i32," */
  readonly uniforms?: string;
  /** Functions and constants before the main function. */
  readonly declarations?: string;
  /** Statements that compute `setOutputAtIndex(index, ...)` for one element `index`. */
  readonly body: string;
}

/** A program of one thread per output element. */
export function elementProgram({
  key,
  inputs,
  shape,
  uniforms,
  declarations = '',
  body,
}: ElementProgram): WebGPUProgram {
  const size = shapeSize(shape);
  return {
    variableNames: [...inputs],
    outputShape: [...shape],
    workgroupSize: [THREADS, 1, 1],
    dispatchLayout: { x: shape.map((_dim, axis) => axis) },
    dispatch: [Math.ceil(size / THREADS), 1, 1],
    shaderKey: `metalmo_${key}`,
    size: true,
    ...(uniforms === undefined ? {} : { uniforms }),
    getUserCode: () => `
      ${declarations}
      fn main(index : i32) {
        if (index < uniforms.size) {
          ${body}
        }
      }`,
  };
}

interface RowProgram {
  readonly key: string;
  readonly inputs: readonly string[];
  readonly shape: Shape;
  readonly rows: number;
  readonly uniforms?: string;
  readonly declarations?: string;
  /** Statements that handle row `row` with threads `lane` of `${ROW_THREADS}`; they write only where `isRow`. */
  readonly body: string;
}

export const ROW_THREADS = 64;

/** A program of one workgroup per row. `reduceMax(lane, x)` and `reduceSum(lane, x)` combine all lanes of a row. */
export function rowProgram({ key, inputs, shape, rows, uniforms, declarations = '', body }: RowProgram): WebGPUProgram {
  const reduction = (name: string, combine: string): string => `
      fn ${name}(lane : i32, x : f32) -> f32 {
        workgroupBarrier();
        lanes[lane] = x;
        workgroupBarrier();
        for (var half = ${ROW_THREADS / 2}; half > 0; half = half / 2) {
          if (lane < half) { let a = lanes[lane]; let b = lanes[lane + half]; lanes[lane] = ${combine}; }
          workgroupBarrier();
        }
        return lanes[0];
      }`;
  return {
    variableNames: [...inputs],
    outputShape: [...shape],
    workgroupSize: [ROW_THREADS, 1, 1],
    dispatchLayout: { x: shape.map((_dim, axis) => axis) },
    dispatch: [rows, 1, 1],
    shaderKey: `metalmo_${key}`,
    uniforms: `rows : i32, ${uniforms ?? ''}`,
    getUserCode: () => `
      var<workgroup> lanes : array<f32, ${ROW_THREADS}>;
      ${reduction('reduceMax', 'max(a, b)')}
      ${reduction('reduceSum', 'a + b')}
      ${declarations}
      fn main(index : i32) {
        let row = index / ${ROW_THREADS};
        let lane = index % ${ROW_THREADS};
        // No branch around the body: barriers must be reached by all threads. Surplus rows read within bounds.
        let isRow = row < uniforms.rows;
        ${body}
      }`,
  };
}
