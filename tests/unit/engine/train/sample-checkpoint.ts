import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { preset } from '../../../../src-shared/config/presets/preset.ts';
import type { CheckpointContent } from '../../../../src-main/engine/train/checkpoint.ts';
import type { TrainState } from '../../../../src-main/engine/train/train-state.ts';

/** A folder that exists while `work` runs. */
export async function inFolder<T>(work: (folder: string) => Promise<T> | T): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'metalmo-test-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function contentAt(step: number, kind = 'latest'): CheckpointContent {
  return {
    runId: 'run-1',
    kind,
    config: preset('two-moons-mlm'),
    step,
    microStep: step * 4,
    examplesSeen: step * 16,
    executor: 'cpu',
    device: 'CPU',
    scores: { loss: 0.1, accuracy: 'NaN' },
    state: { anything: [step] },
    layouts: {},
  };
}

export function stateAt(step: number): TrainState {
  return {
    step,
    executor: 'cpu',
    device: 'CPU',
    best: { loss: { value: 0.1, step } },
    scores: { loss: 0.1 },
    interval: { 'student.loss': { sum: 0.1 + 0.2, count: 2, nonFinite: 0 } },
    nonFiniteStreak: 0,
    nonFiniteSteps: 1,
  };
}

/** `size` values that are a function of `seed`, with the odd ones that rounding through text would lose. */
export function values(size: number, seed: number): Float32Array {
  const data = Float32Array.from({ length: size }, (_, i) => Math.sin(seed * 1000 + i) / 3);
  data.set([NaN, -0, Infinity, 1.4e-45].slice(0, size));
  return data;
}
