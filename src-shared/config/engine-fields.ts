import { z } from 'zod';
import { field } from './field.ts';

/** Where and how precisely a run computes. */
export const engineFields = {
  executor: field(z.enum(['auto', 'tensorflow', 'webgpu', 'wasm', 'cpu']), 'auto', {
    unit: '',
    help: 'What computes the steps; "auto" takes the best that works here (see `metalmo doctor`).',
  }),
  xla: field(z.boolean(), false, {
    unit: '',
    help: 'Compile steps with XLA on TensorFlow (others ignore it): slow first start; the last bits of results differ.',
  }),
  matmulPrecision: field(z.enum(['float32', 'bfloat16']), 'float32', {
    unit: '',
    help: 'Operands of matrix products; all else stays float32. bfloat16 is faster only on hardware made for it.',
  }),
};
