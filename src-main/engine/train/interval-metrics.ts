import type { StepMetrics } from '../objectives/objective.ts';

/** Plain numbers, so that a checkpoint's JSON holds them exactly. */
export interface IntervalState {
  [metric: string]: { sum: number; count: number; nonFinite: number };
}

/**
 * Means of a step's metrics over a logging interval. A metric may be missing in some calls (h of MLM); its mean is
 * over the calls that had it. NaN and infinite values are left out of the mean and counted; a metric that never was
 * finite is NaN. A schedule's value (a name ending in "learningRate") is that of the interval's last call.
 */
export class IntervalMetrics {
  #state: IntervalState;

  constructor(state: IntervalState = {}) {
    this.#state = structuredClone(state);
  }

  add(metrics: StepMetrics): void {
    for (const name in metrics) {
      const value = metrics[name] ?? NaN;
      const entry = (this.#state[name] ??= { sum: 0, count: 0, nonFinite: 0 });
      if (!Number.isFinite(value)) entry.nonFinite += 1;
      else if (isSchedule(name)) {
        entry.sum = value;
        entry.count = 1;
      } else {
        entry.sum += value;
        entry.count += 1;
      }
    }
  }

  /** The means, and how many values were not finite; starts the next interval. */
  take(): { means: Map<string, number>; nonFinite: number } {
    const means = new Map<string, number>();
    let nonFinite = 0;
    for (const [name, entry] of Object.entries(this.#state)) {
      means.set(name, entry.count === 0 ? NaN : entry.sum / entry.count);
      nonFinite += entry.nonFinite;
    }
    this.#state = {};
    return { means, nonFinite };
  }

  state(): IntervalState {
    return structuredClone(this.#state);
  }
}

function isSchedule(name: string): boolean {
  return name.endsWith('earningRate');
}
