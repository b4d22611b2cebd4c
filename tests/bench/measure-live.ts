import type { Page } from 'playwright-core';
import type { HostQuestion } from './bench-host.ts';
import type { Measurement } from './measurements.ts';
import { METRICS_PER_STEP, STEPS_PER_SECOND } from './scripted-engine.ts';

const LIVE_MS = 20_000;
const IDLE_MS = 10_000;
/** The page may still work off what the load left. */
const QUIET_MS = 4000;

/** A run that goes on, under the load of the budget, and the app when nothing goes on. */
export async function measureLive(
  page: Page,
  origin: string,
  ask: <Answer>(question: HostQuestion) => Promise<Answer>,
): Promise<Measurement[]> {
  await page.goto(`${origin}/?live#/runs`);
  const runId = await page.evaluate<string>(`new Promise((resolve, reject) => {
    const socket = new WebSocket('ws://' + location.host + '/socket');
    const body = { base: { preset: 'two-moons-mlm', overrides: {} }, name: 'live' };
    socket.onopen = () => socket.send(JSON.stringify({ kind: 'request', id: 1, name: 'runs.start', body }));
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      if (message.id !== 1) return;
      if (message.ok) resolve(message.body.runId);
      else reject(new Error(message.error.message));
    };
  })`);
  await page.goto(`${origin}/?run#/runs/${runId}`);
  await page.waitForFunction(() => window.probe.shownSteps.length > 2, undefined, { timeout: 20_000 });
  await page.evaluate(() => {
    window.probe.longestFrameMs = 0;
    window.probe.shownSteps = [];
  });
  const answers: number[] = [];
  const endMs = performance.now() + LIVE_MS;
  while (performance.now() < endMs) {
    // A press that the page must handle and paint, twice a second.
    answers.push(
      await page.evaluate<number>(`new Promise((resolve) => {
        const startedMs = performance.now();
        setTimeout(() => requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - startedMs))));
      })`),
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const shown = await page.evaluate(() => window.probe.shownSteps);
  const computed = await ask<{ step: number; atMs: number }[]>({ kind: 'computed' });
  await page.evaluate(`new Promise((resolve) => {
    const socket = new WebSocket('ws://' + location.host + '/socket');
    socket.onopen = () => socket.send(JSON.stringify({ kind: 'request', id: 1, name: 'runs.stop', body: { runId: '${runId}' } }));
    socket.onmessage = ({ data }) => { if (JSON.parse(data).id === 1) resolve(); };
  })`);
  const stored = await ask<number>({ kind: 'stored', runId });
  const seconds = ((computed.at(-1)?.atMs ?? 0) - (computed[0]?.atMs ?? 0)) / 1000;

  await page.goto(`${origin}/?idle#/runs`);
  const idle = await idleShares(page, ask);
  return [
    {
      name: 'a step is on the screen',
      unit: 'ms',
      budget: 500,
      values: delays(computed, shown),
      how: 'from its computation to the frame that shows it, at 5500 points/s',
    },
    {
      name: 'points taken in',
      unit: 'points/s',
      budget: 5000,
      atLeast: true,
      values: [stored / seconds],
      how: `${METRICS_PER_STEP} metrics x ${STEPS_PER_SECOND} steps/s, stored by the end`,
    },
    {
      name: 'window answers meanwhile',
      unit: 'ms',
      budget: 100,
      values: answers,
      how: 'from a task of the page to its painted frame',
    },
    {
      name: 'idle: page',
      unit: '% of a core',
      budget: 2,
      values: [idle.page],
      how: `Runs in sight for ${IDLE_MS / 1000} s, nothing training`,
    },
    { name: 'idle: main process', unit: '% of a core', budget: 2, values: [idle.host], how: 'the same time' },
  ];
}

/** Of every step that was computed while the page was watched: how long until it or a later one was shown. */
function delays(
  computed: readonly { step: number; atMs: number }[],
  shown: readonly { step: number; atMs: number }[],
): number[] {
  const [first, last] = [shown[0]?.step ?? 0, shown.at(-1)?.step ?? 0];
  return computed
    .filter(({ step }) => step > first && step <= last)
    .map(({ step, atMs }) => (shown.find((one) => one.step >= step)?.atMs ?? NaN) - atMs);
}

/** Busy time of the page's main thread and of the host, percent of one core. */
async function idleShares(
  page: Page,
  ask: <Answer>(question: HostQuestion) => Promise<Answer>,
): Promise<{ page: number; host: number }> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busyMs = async (): Promise<{ page: number; host: number }> => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    const seconds = metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN;
    return { page: seconds * 1000, host: await ask<number>({ kind: 'cpu' }) };
  };
  // The benchmark's own look at every frame is not the page's doing.
  await page.evaluate('window.requestAnimationFrame = () => 0');
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  const before = await busyMs();
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  const after = await busyMs();
  return { page: (100 * (after.page - before.page)) / IDLE_MS, host: (100 * (after.host - before.host)) / IDLE_MS };
}
