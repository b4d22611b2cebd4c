import type { SuperGlueTaskName } from '../../../src-shared/config/superglue-tasks.ts';
import type { PipelineCell, PipelineDetail } from '../../../src-shared/ipc/contract/superglue.ts';

/** One row of the grid: a task, its cells by learning rate, each with one run per seed. */
export interface GridRow {
  readonly task: SuperGlueTaskName;
  readonly cells: readonly { readonly learningRate: number; readonly runs: readonly PipelineCell[] }[];
}

/** Tasks down, learning rates across, in the pipeline's order. */
export function gridRows({ summary, cells }: Pick<PipelineDetail, 'summary' | 'cells'>): GridRow[] {
  return summary.tasks.map((task) => ({
    task,
    cells: summary.learningRates.map((learningRate) => ({
      learningRate,
      runs: cells.filter((cell) => cell.task === task && cell.learningRate === learningRate),
    })),
  }));
}
