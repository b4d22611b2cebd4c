import { shapeSize } from '../../graph/infer-shape.ts';
import type { Program } from '../../graph/program.ts';
import { isOp } from '../../graph/types.ts';
import type { BodyMode } from './export-function.ts';
import { neededNodes } from '../../graph/needed-nodes.ts';

/**
 * From this many floating-point operations in matrix products on, the library's products beat compiled ones by more
 * than calls between compiled parts cost.
 */
const LIBRARY_PRODUCTS_FROM = 5e9;

/** How a function is executed best: compiled as a whole where it is made of many small ops, in parts where products rule. */
export function bodyMode(program: Program, functionName: string, xla: boolean, isGpu: boolean): BodyMode {
  // On a GPU a node's cost is its launch: the single-threaded executor gains nothing there, fusing everything does.
  if (isGpu) return xla ? 'xla' : 'inline';
  if (!xla) return 'function';
  const definition = program.functions[functionName];
  if (definition === undefined) return 'xla';
  let operations = 0;
  for (const node of neededNodes([...Object.values(definition.fetches), ...Object.values(definition.updates)])) {
    if (!isOp(node, 'matmul')) continue;
    const inner = node.inputs[0]?.shape.at(node.attributes.transposeA ? -2 : -1) ?? 0;
    operations += 2 * inner * shapeSize(node.shape);
  }
  return operations >= LIBRARY_PRODUCTS_FROM ? 'clusters' : 'xla';
}
