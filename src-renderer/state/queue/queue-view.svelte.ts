import type { Queue } from '../../../src-shared/ipc/contract/runs.ts';
import type { RunSummary } from '../../../src-shared/ipc/run-views.ts';
import { secondsLeft } from '../../format/run.ts';
import type { App } from '../app.svelte.ts';
import { Remote } from '../remote.svelte.ts';
import { followerAfterMove, moved } from './order.ts';
import { planQueue } from './planned-starts.ts';

/** Of so many waiting runs, first in line first, the expected time is asked for. */
const MOST_ASKED = 40;

/** What runs and what waits, kept current by events. Made by the page; its effects end with it. */
export class QueueView {
  readonly queue = new Remote<Queue>();
  /** Expected seconds of waiting runs by id; null where nothing is known. */
  #expected = $state.raw<ReadonlyMap<string, number | null>>(new Map());
  readonly #app: App;

  readonly running = $derived(this.queue.value?.running ?? []);
  readonly waiting = $derived(this.queue.value?.waiting ?? []);
  readonly plan = $derived(
    planQueue(
      // A paused run keeps its engine for as long as nobody resumes it.
      this.running.map((run) => (run.status === 'running' ? (secondsLeft(run) ?? null) : null)),
      this.waiting.map(({ runId }) => this.#expected.get(runId) ?? null),
      this.queue.value?.concurrency ?? 1,
    ),
  );

  constructor(app: App) {
    this.#app = app;
    $effect(() => {
      if (app.connected) void this.queue.load(() => app.client.request('queue.get', {}));
    });
    $effect(() => {
      const ends = [
        app.client.on('queue.changed', (queue) => {
          this.queue.value = queue;
        }),
        app.client.on('run.changed', (run) => this.#replace(run)),
      ];
      return () => {
        for (const end of ends) end();
      };
    });
    const asked = $derived(
      this.waiting
        .slice(0, MOST_ASKED)
        .map(({ runId }) => runId)
        .join(' '),
    );
    $effect(() => {
      for (const runId of asked.split(' ')) if (runId !== '') void this.#expect(runId);
    });
  }

  expectedSeconds(runId: string): number | null {
    return this.#expected.get(runId) ?? null;
  }

  /** Puts a waiting run at another place in line. @throws AppError as the main process answered */
  async move(from: number, to: number): Promise<void> {
    const queue = this.queue.value;
    const run = queue?.waiting[from];
    if (queue === undefined || run === undefined) return;
    const before = followerAfterMove(queue.waiting, from, to);
    // Shown at once; the answer is what counts.
    this.queue.value = { ...queue, waiting: moved(queue.waiting, from, to) };
    try {
      await this.#answer('queue.move', { runId: run.runId, before: before?.runId ?? null });
    } catch (error) {
      await this.queue.load(() => this.#app.client.request('queue.get', {}));
      throw error;
    }
  }

  /** @throws AppError as the main process answered */
  setConcurrency(concurrency: number): Promise<void> {
    return this.#answer('queue.setConcurrency', { concurrency });
  }

  /** Takes runs out of the line; offers to put them back where they were. */
  async cancel(runs: readonly RunSummary[]): Promise<void> {
    const line = this.waiting.map(({ runId }) => runId);
    for (const { runId } of runs) await this.#app.runs.command('runs.stop', runId);
    const what = runs.length === 1 ? `“${runs[0]?.name ?? ''}”` : `${runs.length} runs`;
    this.#app.toasts.show(`Took ${what} out of the queue.`, {
      action: { label: 'Undo', run: () => this.#putBack(runs, line) },
    });
  }

  async #putBack(runs: readonly RunSummary[], line: readonly string[]): Promise<void> {
    // From the last one on, so that whoever followed is there again.
    for (const { runId } of [...runs].reverse()) {
      await this.#app.runs.command('runs.resume', runId);
      // Asked for: the event that tells of it may come later than the answer.
      const { waiting } = await this.#app.client.request('queue.get', {});
      const waits = new Set(waiting.map((run) => run.runId));
      const follower = line.slice(line.indexOf(runId) + 1).find((one) => waits.has(one));
      if (waits.has(runId) && follower !== undefined) await this.#answer('queue.move', { runId, before: follower });
    }
  }

  async #answer(
    ...[name, body]:
      ['queue.move', { runId: string; before: string | null }] | ['queue.setConcurrency', { concurrency: number }]
  ): Promise<void> {
    const { client } = this.#app;
    this.queue.value = name === 'queue.move' ? await client.request(name, body) : await client.request(name, body);
  }

  #replace(run: RunSummary): void {
    const queue = this.queue.value;
    if (queue?.running.some(({ runId }) => runId === run.runId) !== true) return;
    this.queue.value = {
      ...queue,
      running: queue.running.map((one) => (one.runId === run.runId ? run : one)),
    };
  }

  async #expect(runId: string): Promise<void> {
    if (this.#expected.has(runId)) return;
    try {
      const { estimate } = await this.#app.client.request('config.check', { runId, overrides: {} });
      this.#expected = new Map([...this.#expected, [runId, estimate?.seconds ?? null]]);
    } catch {
      // Nothing is known of it then, which is what is shown.
    }
  }
}
