/** Messages to the engine (stop, pause) are seen this often. */
const YIELD_EVERY_MS = 50;
/** The first report comes at once after the first step, so that life shows; later ones this often. */
const REPORT_EVERY_MS = 250;
/** Weight of the newest second in the shown speed. */
const SMOOTHING = 0.3;

/** The trainer's clock: when to let other work of the process run, when to report, and how fast training is. */
export class Pace {
  readonly #now: () => number;
  #lastYieldMs: number;
  #lastReportMs = -Infinity;
  #excludedMs = 0;
  #mark: { atMs: number; examples: number } | undefined;
  #speed = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#lastYieldMs = now();
  }

  /** Called after each step. */
  tick(): { letOthersRun: boolean; report: boolean } {
    const nowMs = this.#now();
    const report = nowMs - this.#lastReportMs >= REPORT_EVERY_MS;
    const letOthersRun = nowMs - this.#lastYieldMs >= YIELD_EVERY_MS;
    if (report) this.#lastReportMs = nowMs;
    if (letOthersRun) this.#lastYieldMs = nowMs;
    return { letOthersRun, report };
  }

  /** Runs work whose time does not count as training (evaluation, saving, a pause). */
  async excluding<T>(work: () => Promise<T>): Promise<T> {
    const startMs = this.#now();
    try {
      return await work();
    } finally {
      this.#excludedMs += this.#now() - startMs;
    }
  }

  /** Examples trained on per second of training time, smoothed; 0 until it can be told. */
  samplesPerSecond(examplesSeen: number): number {
    const atMs = this.#now() - this.#excludedMs;
    const mark = this.#mark;
    if (mark === undefined) {
      this.#mark = { atMs, examples: examplesSeen };
      return 0;
    }
    const seconds = (atMs - mark.atMs) / 1000;
    // Over less than a fifth of a second the clock says more about pauses of the process than about the step.
    if (seconds < 0.2 || examplesSeen === mark.examples) return this.#speed;
    const speed = (examplesSeen - mark.examples) / seconds;
    this.#speed = this.#speed === 0 ? speed : (1 - SMOOTHING) * this.#speed + SMOOTHING * speed;
    this.#mark = { atMs, examples: examplesSeen };
    return this.#speed;
  }
}
