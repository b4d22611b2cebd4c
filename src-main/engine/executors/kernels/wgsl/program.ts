import type { DType } from '../../../graph/types.ts';
import type { WgslProgram } from '../kernel-device.ts';

/** bool is kept as 0 and 1 in 32 bits. */
export const storedType = (dtype: DType): 'f32' | 'i32' => (dtype === 'float32' ? 'f32' : 'i32');

/** Inputs by the name that the code calls them, in order. */
export type WgslInputs = Readonly<Record<string, DType>>;

/** Threads of a workgroup. */
export const THREADS = 64;

interface CommonParts {
  readonly inputs: WgslInputs;
  readonly dtype: DType;
  /** Sizes that the code reads as `uniforms.name`: not written into it, so that programs serve many shapes. */
  readonly uniforms?: Readonly<Record<string, number>>;
  /** Functions and constants before the main function. */
  readonly declarations?: string;
}

function bindings(inputs: WgslInputs, dtype: DType, uniforms: Readonly<Record<string, number>>): string {
  const names = Object.entries(inputs);
  return `
struct Uniforms { ${Object.keys(uniforms)
    .map((name) => `${name} : i32`)
    .join(', ')} };
@group(0) @binding(0) var<storage, read_write> result : array<${storedType(dtype)}>;
${names.map(([name, type], i) => `@group(0) @binding(${i + 1}) var<storage, read> ${name} : array<${storedType(type)}>;`).join('\n')}
@group(0) @binding(${names.length + 1}) var<uniform> uniforms : Uniforms;`;
}

interface ElementProgram extends CommonParts {
  /** Output elements. */
  readonly size: number;
  /** Statements that set `result[index]`. */
  readonly body: string;
}

/** A program of one thread per output element. */
export function elementProgram({ inputs, dtype, size, uniforms, declarations, body }: ElementProgram): WgslProgram {
  const all = { size, ...uniforms };
  return {
    code: `${bindings(inputs, dtype, all)}
${declarations ?? ''}
@compute @workgroup_size(${THREADS})
fn main(@builtin(global_invocation_id) thread : vec3<u32>, @builtin(num_workgroups) groups : vec3<u32>) {
  let index = i32(thread.y * groups.x * ${THREADS}u + thread.x);
  if (index >= uniforms.size) { return; }
  ${body}
}`,
    uniforms: Object.values(all),
    size,
    dtype,
    workgroups: Math.ceil(size / THREADS),
  };
}

interface RowProgram extends CommonParts {
  readonly rows: number;
  /** Output elements. */
  readonly size: number;
  /** Statements for row `row` and thread `lane` of `${THREADS}`; they write only where `isRow`. */
  readonly body: string;
}

const laneReduction = (name: string, combine: string): string => `
fn ${name}(lane : i32, x : f32) -> f32 {
  workgroupBarrier();
  lanes[lane] = x;
  workgroupBarrier();
  for (var half = ${THREADS / 2}; half > 0; half = half / 2) {
    if (lane < half) { let a = lanes[lane]; let b = lanes[lane + half]; lanes[lane] = ${combine}; }
    workgroupBarrier();
  }
  return lanes[0];
}`;

/** A program of one workgroup per row. `reduceMax(lane, x)` and `reduceSum(lane, x)` combine the threads of a row. */
export function rowProgram({ inputs, dtype, rows, size, uniforms, declarations, body }: RowProgram): WgslProgram {
  const all = { rows, ...uniforms };
  return {
    code: `${bindings(inputs, dtype, all)}
var<workgroup> lanes : array<f32, ${THREADS}>;
${laneReduction('reduceMax', 'max(a, b)')}
${laneReduction('reduceSum', 'a + b')}
${declarations ?? ''}
@compute @workgroup_size(${THREADS})
fn main(@builtin(local_invocation_id) local : vec3<u32>, @builtin(workgroup_id) group : vec3<u32>,
        @builtin(num_workgroups) groups : vec3<u32>) {
  let row = i32(group.y * groups.x + group.x);
  let lane = i32(local.x);
  // No branch around the body: barriers must be reached by all threads. Surplus rows read within bounds.
  let isRow = row < uniforms.rows;
  ${body}
}`,
    uniforms: Object.values(all),
    size,
    dtype,
    workgroups: rows,
  };
}

/** A program of one thread per row, for rows too short to share: the same body, with one thread that sees everything. */
export function shortRowProgram({ inputs, dtype, rows, size, uniforms, declarations, body }: RowProgram): WgslProgram {
  const all = { rows, ...uniforms };
  const program = elementProgram({
    inputs,
    dtype,
    size: rows,
    ...(uniforms === undefined ? {} : { uniforms }),
    declarations: `
fn reduceMax(lane : i32, x : f32) -> f32 { return x; }
fn reduceSum(lane : i32, x : f32) -> f32 { return x; }
${declarations ?? ''}`,
    body: `let row = index;
  let lane = 0;
  let isRow = true;
  ${body}`,
  });
  return { ...program, uniforms: Object.values({ size: all.rows, ...uniforms }), size };
}
