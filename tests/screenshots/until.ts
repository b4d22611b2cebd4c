import type { RunSummary } from '../../src-shared/ipc/run-views.ts';
import { STATUS_TABLE } from '../../src-shared/run/run-status.ts';
import type { PageClient } from './page-client.ts';

const LONGEST_MS = 600_000;

/** @throws Error where a run does not finish */
export async function ended(client: PageClient, runs: readonly RunSummary[]): Promise<void> {
  const runIds = runs.map(({ runId }) => runId);
  await until(async () => {
    const now = await client.request('runs.summaries', { runIds });
    const failed = now.find(({ status }) => STATUS_TABLE[status].isEnd && status !== 'finished');
    if (failed !== undefined) throw new Error(`${failed.name} is ${failed.status}: ${failed.error?.message ?? ''}`);
    return now.every(({ status }) => status === 'finished');
  });
}

/** @throws Error after ten minutes */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + LONGEST_MS;
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error('The runs took longer than ten minutes.');
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
