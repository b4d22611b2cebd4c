import type { SystemSample } from '../../src-shared/ipc/contract/system.ts';
import { plotOfPoints, seriesLook, type Plot, type PlotPoint } from './plot.ts';

/** A chart of the machine; x is the time of day, in seconds since 1970. */
export interface SystemPlot extends Plot {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
}

const GIGA = 1e9;

/**
 * Processor, memory and graphics processors over the last hour; of `runId` what its engine takes of each. Quantities that
 * no sample has make no chart.
 */
export function systemPlots(samples: readonly SystemSample[], runId: string): SystemPlot[] {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return [];
  const rangeOfX = [first.atMs / 1000, last.atMs / 1000] as const;
  const line = (id: string, label: string, index: number, valueOf: (sample: SystemSample) => number | undefined) => {
    const points: PlotPoint[] = samples.flatMap((sample) => {
      const y = valueOf(sample);
      return y === undefined ? [] : [{ x: sample.atMs / 1000, y }];
    });
    return plotOfPoints(points, { id, label, ...seriesLook(index) });
  };
  const engineOf = (sample: SystemSample) => sample.engines.find((engine) => engine.runId === runId);
  const gpus = last.gpus.map((gpu, index) => ({ index, name: last.gpus.length > 1 ? `GPU ${index}` : gpu.name }));
  const plots: SystemPlot[] = [
    {
      id: 'cpu',
      title: 'Processor',
      unit: '% of all cores',
      rangeOfX,
      rangeOfY: [0, 100],
      series: [
        line('cpu', 'Machine', 0, ({ cpuShare }) => cpuShare * 100),
        line('cpu.engine', 'This run', 1, (sample) => scaled(engineOf(sample)?.cpuShare, 100)),
      ],
    },
    {
      id: 'memory',
      title: 'Memory',
      unit: `GB of ${(last.memoryTotalBytes / GIGA).toFixed(1)}`,
      rangeOfX,
      rangeOfY: [0, last.memoryTotalBytes / GIGA],
      series: [
        line('memory', 'Machine', 0, ({ memoryUsedBytes }) => memoryUsedBytes / GIGA),
        line('memory.engine', 'This run', 1, (sample) => scaled(engineOf(sample)?.memoryBytes, 1 / GIGA)),
      ],
    },
    {
      id: 'gpu',
      title: 'Graphics processor',
      unit: '%',
      rangeOfX,
      rangeOfY: [0, 100],
      series: gpus.map(({ index, name }) =>
        line(`gpu${index}`, name, index, (sample) => scaled(sample.gpus[index]?.share, 100)),
      ),
    },
    {
      id: 'gpu-memory',
      title: 'Graphics memory',
      unit: 'GB',
      rangeOfX,
      rangeOfY: [0, Math.max(0, ...last.gpus.map(({ memoryTotalBytes }) => memoryTotalBytes / GIGA))],
      series: gpus.map(({ index, name }) =>
        line(`gpu${index}`, name, index, (sample) => scaled(sample.gpus[index]?.memoryUsedBytes, 1 / GIGA)),
      ),
    },
  ];
  return plots
    .map((plot) => ({ ...plot, series: plot.series.filter(({ raw }) => raw.length > 0) }))
    .filter(({ series }) => series.length > 0);
}

function scaled(value: number | undefined, by: number): number | undefined {
  return value === undefined ? undefined : value * by;
}
