import { SEP_ID, taskTokenId } from '../special-tokens.ts';
import type { ClassificationTask } from './task.ts';

/** Two Moons' labeled task: which half circle the point "x y" is on. */
export const WHICH_MOON: ClassificationTask<number> = {
  name: 'Which_MOON',
  taskToken: taskTokenId(2),
  labels: [
    { label: 0, token: SEP_ID },
    { label: 1, token: taskTokenId(2) },
  ],
};
