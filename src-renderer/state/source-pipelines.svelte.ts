import type { PipelineSummary } from '../../src-shared/ipc/contract/superglue.ts';
import type { Client } from '../ipc/client.ts';

/** The SuperGLUE pipelines that fine-tune some runs, newest first; kept current by events. */
export class SourcePipelines {
  summaries = $state.raw<readonly PipelineSummary[]>([]);

  readonly #client: Client;
  readonly #subscriptions: (() => void)[];
  #runIds: ReadonlySet<string> = new Set();

  constructor(client: Client) {
    this.#client = client;
    this.#subscriptions = [
      client.on('superglue.changed', (changed) => {
        if (changed.source?.runId == null || !this.#runIds.has(changed.source.runId)) return;
        const others = this.summaries.filter(({ pipelineId }) => pipelineId !== changed.pipelineId);
        const live = changed.trashedAtMs === null ? [...others, changed] : others;
        this.summaries = live.sort((a, b) => b.createdAtMs - a.createdAtMs);
      }),
      client.on('superglue.removed', ({ pipelineIds }) => {
        this.summaries = this.summaries.filter(({ pipelineId }) => !pipelineIds.includes(pipelineId));
      }),
    ];
  }

  dispose(): void {
    for (const end of this.#subscriptions) end();
  }

  /** @throws AppError where the host can't be asked */
  async read(runIds: readonly string[]): Promise<void> {
    const wanted = new Set(runIds);
    this.#runIds = wanted;
    const summaries =
      runIds.length === 0 ? [] : await this.#client.request('superglue.list', { sourceRunIds: [...runIds] });
    // Other runs may have been chosen meanwhile.
    if (this.#runIds === wanted) this.summaries = summaries;
  }
}
