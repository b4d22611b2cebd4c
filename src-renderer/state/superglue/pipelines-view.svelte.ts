import { untrack } from 'svelte';
import type { AnswerBody } from '../../../src-shared/ipc/contract.ts';
import type { PipelineDetail, PipelineSummary } from '../../../src-shared/ipc/contract/superglue.ts';
import type { App } from '../app.svelte.ts';
import { Remote } from '../remote.svelte.ts';
import { Rereading } from './rereading.ts';

/** So many pipelines stand side by side. */
export const MOST_COMPARED = 6;

/** All pipelines, the one that is looked at, and those beside it, kept current by events. Made by the page; its effects end with it. */
export class PipelinesView {
  /** Newest first. */
  readonly list = new Remote<readonly PipelineSummary[]>();
  readonly #details = new Map<string, Rereading>();
  #read = $state.raw<ReadonlyMap<string, Remote<PipelineDetail>>>(new Map());
  readonly #app: App;

  /** Whether another one is put together. */
  readonly isNew: boolean = $derived.by(() => this.#app.route.query.has('new'));
  /** The one the address names, else the newest. */
  readonly shownId: string | undefined = $derived.by(
    () => this.#app.route.query.get('pipeline') ?? this.list.value?.[0]?.pipelineId,
  );
  /** Those beside it, in the order chosen. */
  readonly comparedIds: readonly string[] = $derived.by(() => {
    const ids = (this.#app.route.query.get('with') ?? '').split(',').filter((id) => id !== '' && id !== this.shownId);
    return [...new Set(ids)].slice(0, MOST_COMPARED - 1);
  });
  /** The shown one and those beside it. */
  readonly together: readonly PipelineSummary[] = $derived.by(() =>
    [this.shownId, ...this.comparedIds].flatMap(
      (id) => this.list.value?.find(({ pipelineId }) => pipelineId === id) ?? [],
    ),
  );
  readonly shown: Remote<PipelineDetail> | undefined = $derived.by(() => this.detailOf(this.shownId));

  constructor(app: App) {
    this.#app = app;
    $effect(() => {
      if (!app.connected) return;
      void this.list.load(() => app.client.request('superglue.list', {}));
    });
    $effect(() => {
      const wanted = [this.shownId, ...this.comparedIds].filter((id) => id !== undefined);
      if (!app.connected) return;
      untrack(() => {
        for (const id of wanted) this.#reread(id);
      });
    });
    $effect(() => {
      const ends = [
        app.client.on('superglue.changed', (summary) => {
          this.#put(summary);
          if (this.#details.has(summary.pipelineId)) this.#reread(summary.pipelineId);
        }),
        app.client.on('superglue.removed', ({ pipelineIds }) => this.#takeOut(pipelineIds)),
      ];
      return () => {
        for (const end of ends) end();
      };
    });
  }

  /** What was read of it; undefined where it was not asked for. */
  detailOf(pipelineId: string | undefined): Remote<PipelineDetail> | undefined {
    return pipelineId === undefined ? undefined : this.#read.get(pipelineId);
  }

  choices(): Promise<AnswerBody<'superglue.choices'>> {
    return this.#app.client.request('superglue.choices', {});
  }

  /** Takes in what an answer brought. */
  take(detail: PipelineDetail): void {
    this.#put(detail.summary);
    this.#remoteOf(detail.summary.pipelineId).value = detail;
  }

  /** @throws AppError as the main process answered */
  async command(name: 'superglue.stop' | 'superglue.resume', pipelineId: string): Promise<void> {
    this.take(await this.#app.client.request(name, { pipelineId }));
  }

  /** @throws AppError as the main process answered */
  async rename(pipelineId: string, name: string): Promise<void> {
    this.#put(await this.#app.client.request('superglue.rename', { pipelineId, name }));
    this.#reread(pipelineId);
  }

  /** Out of sight with all its runs; the message offers to undo it. @throws AppError as the main process answered */
  async trash({ pipelineId, name }: PipelineSummary): Promise<void> {
    await this.#app.client.request('superglue.trash', { pipelineIds: [pipelineId] });
    this.#takeOut([pipelineId]);
    this.#app.toasts.show(`“${name}” and its runs moved to the trash.`, {
      action: {
        label: 'Undo',
        run: async () => {
          const restored = await this.#app.client.request('superglue.restore', { pipelineIds: [pipelineId] });
          for (const summary of restored) this.#put(summary);
        },
      },
    });
  }

  #put(summary: PipelineSummary): void {
    const list = this.list.value;
    if (list === undefined) return;
    if (summary.trashedAtMs !== null) {
      this.#takeOut([summary.pipelineId]);
      return;
    }
    const others = list.filter(({ pipelineId }) => pipelineId !== summary.pipelineId);
    this.list.value = [...others, summary].sort((a, b) => b.createdAtMs - a.createdAtMs);
  }

  #takeOut(pipelineIds: readonly string[]): void {
    this.list.value = this.list.value?.filter(({ pipelineId }) => !pipelineIds.includes(pipelineId));
  }

  #remoteOf(pipelineId: string): Remote<PipelineDetail> {
    const known = this.#read.get(pipelineId);
    if (known !== undefined) return known;
    const remote = new Remote<PipelineDetail>();
    this.#read = new Map([...this.#read, [pipelineId, remote]]);
    return remote;
  }

  #reread(pipelineId: string): void {
    const remote = this.#remoteOf(pipelineId);
    let rereading = this.#details.get(pipelineId);
    if (rereading === undefined) {
      rereading = new Rereading(() => remote.load(() => this.#app.client.request('superglue.get', { pipelineId })));
      this.#details.set(pipelineId, rereading);
    }
    rereading.ask();
  }
}
