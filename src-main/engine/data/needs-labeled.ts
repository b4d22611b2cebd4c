import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { stepMeasuresFeedback } from '../train/train-state.ts';

/** Which micro-batches need support and query: all with a teacher, for MLM those of steps that measure h. */
export function needsLabeled(config: RunConfig): (index: number) => boolean {
  if (config.objective !== 'mlm') return () => true;
  const { accumulation } = config.training;
  return (index) => stepMeasuresFeedback(config, Math.floor(index / accumulation));
}
