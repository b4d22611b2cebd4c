const REDRAWS_PER_SECOND = 4;

/**
 * Runs `redraw` at once where it hasn't run for a quarter of a second, else at the end of that time, once for all
 * calls in between. What is drawn is always the newest state, and never more than 4 times per second.
 */
export function limitRedraws(redraw: () => void): { request: () => void; cancel: () => void } {
  const intervalMs = 1000 / REDRAWS_PER_SECOND;
  let lastMs = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = (): void => {
    timer = undefined;
    lastMs = performance.now();
    redraw();
  };
  return {
    request() {
      if (timer !== undefined) return;
      const waitMs = lastMs + intervalMs - performance.now();
      if (waitMs <= 0) run();
      else timer = setTimeout(run, waitMs);
    },
    cancel() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
