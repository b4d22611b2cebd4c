/**
 * A bucket of rights to ask, filled at a steady rate. A page's own bursts (a table scrolled fast, a comparison of many
 * runs) fit in; a page gone wild is slowed without harm to the studio behind it.
 */
export class RequestLimit {
  readonly #burst: number;
  readonly #perSecond: number;
  readonly #now: () => number;
  #left: number;
  #countedMs: number;

  /** @param now milliseconds of a clock that never goes back */
  constructor(burst: number, perSecond: number, now: () => number = () => performance.now()) {
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#now = now;
    this.#left = burst;
    this.#countedMs = now();
  }

  /** Whether one more request is within the limit. */
  take(): boolean {
    const nowMs = this.#now();
    this.#left = Math.min(this.#burst, this.#left + ((nowMs - this.#countedMs) / 1000) * this.#perSecond);
    this.#countedMs = nowMs;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
