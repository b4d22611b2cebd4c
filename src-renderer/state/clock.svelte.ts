const TICK_MS = 5000;

/** The present time for ages ("3 min"), moving on every few seconds while somebody looks. */
export class Clock {
  nowMs = $state(Date.now());

  constructor() {
    setInterval(() => {
      if (!document.hidden) this.nowMs = Date.now();
    }, TICK_MS);
    document.addEventListener('visibilitychange', () => {
      this.nowMs = Date.now();
    });
  }
}
