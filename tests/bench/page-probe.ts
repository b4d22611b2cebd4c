import type { Page } from 'playwright-core';

/** What the page's own clock measures; added to every page before its first script. */
declare global {
  interface Window {
    probe: {
      /** When a canvas was last drawn on. */
      drawnMs: number;
      /** When rows with values first stood in a table. */
      rowsMs: number | undefined;
      /** Longest pause between two frames since it was set to 0. */
      longestFrameMs: number;
      /** Times at which the run's page showed a step. */
      shownSteps: { step: number; atMs: number }[];
    };
  }
}

/** Installed in the page; must not refer to anything outside. */
export function installProbe(): void {
  const probe: Window['probe'] = { drawnMs: 0, rowsMs: undefined, longestFrameMs: 0, shownSteps: [] };
  window.probe = probe;
  const drawing = CanvasRenderingContext2D.prototype;
  for (const name of ['stroke', 'fill', 'clearRect', 'fillText', 'putImageData'] as const) {
    const original = drawing[name] as (...args: unknown[]) => unknown;
    (drawing as unknown as Record<string, unknown>)[name] = function (this: unknown, ...args: unknown[]): unknown {
      probe.drawnMs = performance.now();
      return original.apply(this, args);
    };
  }
  let lastFrameMs = performance.now();
  const frame = (nowMs: number): void => {
    probe.longestFrameMs = Math.max(probe.longestFrameMs, nowMs - lastFrameMs);
    lastFrameMs = nowMs;
    if (probe.rowsMs === undefined && document.querySelector('[role=grid] [role=row][id]:not([aria-busy])') !== null) {
      // The frame that showed them is done when the next one begins.
      requestAnimationFrame(() => (probe.rowsMs ??= performance.now()));
    }
    const figure = [...document.querySelectorAll('dl > div')].find(
      (one) => one.querySelector('dt')?.textContent === 'Step',
    );
    const text = figure?.querySelector('dd')?.textContent.split('/')[0]?.replace(/\D/g, '') ?? '';
    const step = text === '' ? 0 : Number(text);
    if (step > 0 && probe.shownSteps.at(-1)?.step !== step) {
      probe.shownSteps.push({ step, atMs: performance.timeOrigin + performance.now() });
    }
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

/** The table of runs as a text, "" while any row in sight is being read. */
export const TABLE_TEXT = `(() => {
  const grid = document.querySelector('[role=grid]');
  if (grid === null || grid.querySelector('[aria-busy]') !== null) return '';
  return [grid.getAttribute('aria-rowcount'), ...[...grid.querySelectorAll('[role=row][id]')].map((row) => row.textContent)].join('|');
})()`;

/**
 * Milliseconds from an action in the page to the frame that shows its result.
 * @param act a statement @param done an expression that is true when the screen shows the result; `startedMs` is known
 */
export function timeInPage(page: Page, act: string, done: string): Promise<number> {
  // Through the debugger, whose expressions the page's policy has no say in.
  return page.evaluate<number>(`new Promise((resolve, reject) => {
    const startedMs = performance.now();
    ${act};
    const look = () => {
      if (${done}) requestAnimationFrame(() => resolve(performance.now() - startedMs));
      else if (performance.now() - startedMs > 20000) reject(new Error('nothing happened in 20 s'));
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  })`);
}

/** Milliseconds from an action until the last drawing on a canvas that follows it; drawing ends with 150 ms of quiet. */
export function timeToDrawn(page: Page, act: string): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve, reject) => {
    const startedMs = performance.now();
    ${act};
    const look = () => {
      const { drawnMs } = window.probe;
      const nowMs = performance.now();
      if (drawnMs > startedMs && nowMs - drawnMs > 150) resolve(drawnMs - startedMs);
      else if (nowMs - startedMs > 20000) reject(new Error('nothing was drawn in 20 s'));
      else setTimeout(look, 10);
    };
    look();
  })`);
}
