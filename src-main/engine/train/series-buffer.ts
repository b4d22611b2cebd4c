import type { MetricSeries } from '../../../src-shared/ipc/engine-protocol.ts';

/** Metric points since the last report, as columns. */
export class SeriesBuffer {
  #series = new Map<string, { steps: number[]; values: number[] }>();

  add(name: string, step: number, value: number): void {
    let series = this.#series.get(name);
    if (series === undefined) {
      series = { steps: [], values: [] };
      this.#series.set(name, series);
    }
    series.steps.push(step);
    series.values.push(value);
  }

  take(): MetricSeries[] {
    const taken = [...this.#series].map(([name, { steps, values }]) => ({
      name,
      steps: Float64Array.from(steps),
      values: Float64Array.from(values),
    }));
    this.#series.clear();
    return taken;
  }
}
