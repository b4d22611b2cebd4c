import { shapeSize } from '../../../graph/infer-shape.ts';
import { collapseBroadcast } from '../collapse-shapes.ts';
import { hostKernel, inputOf, onHost, tensorAt } from '../lowering/lowering.ts';
import type { HostLoop, Lowering } from '../lowering/lowering.ts';

type Comparison = 'equal' | 'less' | 'lessEqual';

const KERNELS = { equal: 'Equal', less: 'Less', lessEqual: 'LessEqual' } as const;

/** A loop per comparison: one that calls a function per element would be ten times slower. Steps are 0 or 1. */
function loopOf(kind: Comparison, aStep: number, bStep: number): HostLoop {
  switch (kind) {
    case 'equal':
      return ([a, b], out) => {
        if (!a || !b) return;
        for (let i = 0; i < out.length; i++) out[i] = a[i * aStep] === b[i * bStep] ? 1 : 0;
      };
    case 'less':
      return ([a, b], out) => {
        if (!a || !b) return;
        for (let i = 0; i < out.length; i++) out[i] = (a[i * aStep] ?? 0) < (b[i * bStep] ?? 0) ? 1 : 0;
      };
    case 'lessEqual':
      return ([a, b], out) => {
        if (!a || !b) return;
        for (let i = 0; i < out.length; i++) out[i] = (a[i * aStep] ?? 0) <= (b[i * bStep] ?? 0) ? 1 : 0;
      };
  }
}

/**
 * Comparisons. A dropout mask compares hundreds of thousands of numbers with one: TF.js's wasm kernel works out
 * coordinates for each, so operands of one shape and scalars have loops of ours.
 */
export function compareKernel<Op extends Comparison>(kind: Op): Lowering<Op> {
  return (node, device) => {
    const [a, b] = [inputOf(node, 0), inputOf(node, 1)];
    const { inputs: views, output } = collapseBroadcast([a.shape, b.shape], node.shape);
    const size = shapeSize(output);
    const isSimple = views.every((view) => shapeSize(view) === size || shapeSize(view) === 1);
    if (!isSimple) {
      return { views, run: (inputs) => device.call(KERNELS[kind], { a: tensorAt(inputs, 0), b: tensorAt(inputs, 1) }) };
    }
    const [aStep = 0, bStep = 0] = views.map((view) => (shapeSize(view) === size ? 1 : 0));
    return { views, run: hostKernel(onHost(device), output, 'bool', loopOf(kind, aStep, bStep)) };
  };
}
