import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { table } from '../../src-main/cli/table.ts';
import { BUILDS, ensureBuilt } from '../../scripts/build/builds.mjs';
import { PROJECT_DIR } from '../../scripts/setup/project.mjs';
import { hasChromium, launchChromium } from '../support/chromium.ts';
import type { HostQuestion, HostReady } from './bench-host.ts';
import { BUDGET_SIZES } from './large-home.ts';
import { median, verdict, worst, type Measurement } from './measurements.ts';
import { measureLive } from './measure-live.ts';
import { measurePages } from './measure-pages.ts';
import { installProbe } from './page-probe.ts';

/**
 * `npm run bench:app`: every speed budget of the app beside what a real browser measures over the real studio with
 * 10 000 runs. Ends with 1 where a budget is broken by the median. `--renderer DIR` measures another build of the page.
 */
const HOST = fileURLToPath(new URL('bench-host.ts', import.meta.url));
const rendererAt = process.argv.indexOf('--renderer');
const renderer = rendererAt < 0 ? `${PROJECT_DIR}/out/renderer` : (process.argv[rendererAt + 1] ?? '');

process.exitCode = await main();

async function main(): Promise<number> {
  if (!hasChromium) {
    console.error('missing: chromium; nothing was measured');
    return 3;
  }
  if (rendererAt < 0 && !(await ensureBuilt(PROJECT_DIR, BUILDS.page, console.error))) return 1;
  const { runs, metricNames, points } = BUDGET_SIZES;
  console.error(`making ${runs} runs, ${metricNames} metrics in one of them, ${points} points in one series ...`);
  const host = fork(HOST, [JSON.stringify(BUDGET_SIZES), renderer], { serialization: 'advanced' });
  try {
    const ready = await nextMessage<HostReady>(host);
    console.error(`made in ${(ready.generatedMs / 1000).toFixed(1)} s; measuring ...`);
    const ask = async <Answer>(question: HostQuestion): Promise<Answer> => {
      host.send(question);
      return nextMessage<Answer>(host);
    };
    const browser = await launchChromium();
    try {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
      await context.addInitScript(installProbe);
      const page = await context.newPage();
      await page.goto(ready.address);
      // The token's page leads on to the app by itself.
      await page.getByRole('heading', { level: 1 }).waitFor();
      const origin = new URL(ready.address).origin;
      const measured = [...(await measurePages(page, origin, ready.home)), ...(await measureLive(page, origin, ask))];
      report(measured);
      return measured.some((one) => verdict(one) === 'broken') ? 1 : 0;
    } finally {
      await browser.close();
    }
  } finally {
    if (host.connected) host.disconnect();
    if (host.exitCode === null) await once(host, 'exit');
  }
}

async function nextMessage<Message>(host: ChildProcess): Promise<Message> {
  const gone = once(host, 'exit').then(() => Promise.reject(new Error('The host of the benchmark ended.')));
  gone.catch(() => undefined);
  const [message] = (await Promise.race([once(host, 'message'), gone])) as [Message];
  return message;
}

function report(measured: readonly Measurement[]): void {
  const rows = measured.map((one) => [
    one.name,
    `${one.atLeast === true ? 'at least' : 'at most'} ${one.budget} ${one.unit}`,
    shown(median(one.values)),
    shown(worst(one)),
    String(one.values.length),
    verdict(one),
    one.how,
  ]);
  const [load = 0] = loadavg();
  console.log(table([['budget', 'allowed', 'median', 'worst', 'n', 'verdict', 'how'], ...rows]));
  console.log(
    `\n${cpus()[0]?.model ?? ''}, ${cpus().length} threads, load ${load.toFixed(1)}, Node ${process.version}`,
  );
}

function shown(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}
