import type { AppendedPoints } from '../../src-shared/ipc/metric-series.ts';
import type { MetricSeries } from '../../src-shared/ipc/engine-protocol.ts';

/** What has changed since pages were told last. */
export interface Changes {
  /** Runs whose overview changed. */
  readonly runIds: ReadonlySet<string>;
  readonly queue: boolean;
  /** New points by run. */
  readonly points: ReadonlyMap<string, AppendedPoints[]>;
}

/**
 * Gathers what changes often, so that a page is told at most every `everyMs` however fast runs report. A change after
 * a quiet time is told at once (before the next turn of the event loop).
 */
export class EventBatch {
  readonly #tell: (changes: Changes) => void;
  readonly #everyMs: number;
  #runIds = new Set<string>();
  #queue = false;
  #points = new Map<string, Map<string, AppendedPoints>>();
  #timer: NodeJS.Timeout | undefined;
  #lastToldMs = -Infinity;

  constructor(tell: (changes: Changes) => void, everyMs = 100) {
    this.#tell = tell;
    this.#everyMs = everyMs;
  }

  runChanged(runId: string): void {
    this.#runIds.add(runId);
    this.#schedule();
  }

  queueChanged(): void {
    this.#queue = true;
    this.#schedule();
  }

  pointsAdded(runId: string, series: readonly MetricSeries[]): void {
    // A run that went back to a checkpoint measures steps again: those must not share a message with the old ones.
    if (series.some(({ name, steps }) => (steps[0] ?? Infinity) <= this.#lastStep(runId, name))) this.flush();
    const ofRun = this.#points.get(runId) ?? new Map<string, AppendedPoints>();
    this.#points.set(runId, ofRun);
    for (const { name, steps, values } of series) {
      const pending = ofRun.get(name);
      if (pending === undefined) ofRun.set(name, { name, steps: [...steps], values: [...values] });
      else {
        for (const step of steps) pending.steps.push(step);
        for (const value of values) pending.values.push(value);
      }
    }
    this.#schedule();
  }

  /** Tells what is pending now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#runIds.size === 0 && !this.#queue && this.#points.size === 0) return;
    const points = new Map([...this.#points].map(([runId, series]) => [runId, [...series.values()]]));
    const changes = { runIds: this.#runIds, queue: this.#queue, points };
    this.#runIds = new Set();
    this.#queue = false;
    this.#points = new Map();
    this.#lastToldMs = performance.now();
    this.#tell(changes);
  }

  /** Forgets what is pending. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#runIds.clear();
    this.#points.clear();
    this.#queue = false;
  }

  #lastStep(runId: string, name: string): number {
    return this.#points.get(runId)?.get(name)?.steps.at(-1) ?? -1;
  }

  #schedule(): void {
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#lastToldMs + this.#everyMs - performance.now());
    this.#timer = setTimeout(() => this.flush(), wait);
    this.#timer.unref();
  }
}
