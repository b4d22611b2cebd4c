import { shapeSize } from '../../../graph/infer-shape.ts';
import { hostKernel, onHost } from '../lowering/lowering.ts';
import type { Lowering } from '../lowering/lowering.ts';

/**
 * erf(x) = x P(x^2) / Q(x^2) on [-4, 4], constant beyond: the rational approximation that Eigen (and so TensorFlow)
 * uses in float32, within some 3 units in the last place. TF.js's kernels take a polynomial that is off by 1.5e-7
 * absolutely, so by far more relatively near 0.
 */
const NUMERATOR = [
  -1.60960333262415e-2, -2.95459980854025e-3, -7.34990630326855e-4, -5.69250639462346e-5, -2.10102402082508e-6,
  2.77068142495902e-8, -2.72614225801306e-10,
];
const DENOMINATOR = [
  -1.42647390514189e-2, -7.37332916720468e-3, -1.68282697438203e-3, -2.13374055278905e-4, -1.45660718464996e-5,
];

const LIMIT = 4;

/** Horner's scheme, written out. */
const horner = (coefficients: readonly number[], x: string): string =>
  coefficients.reduceRight((code, value) => (code === '' ? `${value}` : `(${value} + ${x} * ${code})`), '');

function evaluate(coefficients: readonly number[], x: number): number {
  let value = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) value = value * x + (coefficients[i] ?? 0);
  return value;
}

/** The error function of one number. */
function erf(x: number): number {
  const clamped = Math.min(Math.max(x, -LIMIT), LIMIT);
  const square = clamped * clamped;
  return (clamped * evaluate(NUMERATOR, square)) / evaluate(DENOMINATOR, square);
}

/** `errorFunction(x)` in WGSL. */
export const ERF_WGSL = `
fn errorFunction(a : f32) -> f32 {
  let x = clamp(a, -${LIMIT}.0, ${LIMIT}.0);
  let s = x * x;
  return x * ${horner(NUMERATOR, 's')} / ${horner(DENOMINATOR, 's')};
}`;

export const erfKernel: Lowering<'erf'> = (node, device) => {
  const view = [shapeSize(node.shape)];
  return {
    views: [view],
    run: hostKernel(onHost(device), view, 'float32', ([x], out) => {
      if (x === undefined) return;
      for (let i = 0; i < out.length; i++) out[i] = erf(x[i] ?? 0);
    }),
  };
};
