import type { DataJob, DataKind, DataList, DataWish } from '../../../src-shared/ipc/contract/data.ts';
import type { App } from '../app.svelte.ts';
import { Remote } from '../remote.svelte.ts';
import { address } from '../route.svelte.ts';
import { parseShown, shownKey, type Shown } from './shown.ts';
import { isWishKind, type WishKind } from './wishes.ts';

/** What data sets there are and what is being made, kept current by events. Made by the page; its effects end with it. */
export class DataView {
  readonly list = new Remote<DataList>();
  readonly jobs = new Remote<readonly DataJob[]>();
  readonly #app: App;

  /** The form that is filled in. */
  readonly adding: WishKind | undefined = $derived.by(() => {
    const kind = this.#app.route.query.get('add') ?? '';
    return isWishKind(kind) ? kind : undefined;
  });
  /** The set that is looked into: the one the address names, else the first there is. */
  readonly shown: Shown | undefined = $derived.by(() => {
    const named = parseShown(this.#app.route.query.get('show') ?? '');
    return named !== undefined && this.has(named.kind, named.name) ? named : this.#first;
  });
  readonly isEmpty = $derived.by(() => {
    const list = this.list.value;
    return (
      list !== undefined &&
      [list.corpora, list.superglue, list.tokenizers, list.damaged].every((one) => one.length === 0)
    );
  });
  /** Of all sets and the cache. */
  readonly bytes = $derived.by(() => {
    const { value: list } = this.list;
    const all =
      list === undefined ? [] : [list.corpora, list.superglue, list.tokenizers, list.damaged, list.cache].flat();
    return all.reduce((sum, { bytes }) => sum + bytes, 0);
  });
  readonly #first: Shown | undefined = $derived.by(() => {
    const list = this.list.value;
    const of = (kind: DataKind, sets: readonly { readonly name: string }[]): Shown[] =>
      sets.slice(0, 1).map(({ name }) => ({ kind, name }));
    return list === undefined
      ? undefined
      : [...of('corpus', list.corpora), ...of('superglue', list.superglue), ...of('tokenizer', list.tokenizers)][0];
  });

  constructor(app: App) {
    this.#app = app;
    $effect(() => {
      if (!app.connected) return;
      this.reload();
      void this.jobs.load(() => app.client.request('data.jobs', {}));
    });
    $effect(() => {
      const ends = [
        app.client.on('data.changed', () => this.reload()),
        app.client.on('data.jobsChanged', (jobs) => {
          this.jobs.value = jobs;
        }),
      ];
      // What a terminal beside the app imports tells nobody; it is seen as soon as somebody looks again.
      const onFocus = (): void => {
        if (app.connected) this.reload();
      };
      addEventListener('focus', onFocus);
      return () => {
        for (const end of ends) end();
        removeEventListener('focus', onFocus);
      };
    });
  }

  reload(): void {
    void this.list.load(() => this.#app.client.request('data.list', {}));
  }

  has(kind: DataKind, name: string): boolean {
    const { list } = this;
    const sets = { corpus: list.value?.corpora, superglue: list.value?.superglue, tokenizer: list.value?.tokenizers }[
      kind
    ];
    return sets?.some((one) => one.name === name) === true;
  }

  isShown(kind: DataKind, name: string): boolean {
    return this.adding === undefined && this.shown?.kind === kind && this.shown.name === name;
  }

  /** @throws AppError, with the field of the form it is about */
  async start(wish: DataWish): Promise<void> {
    const job = await this.#app.client.request('data.start', wish);
    // The event may have been faster.
    const others = (this.jobs.value ?? []).filter(({ jobId }) => jobId !== job.jobId);
    if (others.length === (this.jobs.value ?? []).length) this.jobs.value = [job, ...others];
  }

  /** @throws AppError as the main process answered */
  async cancel(job: DataJob): Promise<void> {
    await this.#app.client.request('data.cancel', { jobId: job.jobId });
  }

  /** @throws AppError as the main process answered */
  async dismiss(job: DataJob): Promise<void> {
    this.jobs.value = await this.#app.client.request('data.dismiss', { jobId: job.jobId });
  }

  /** @throws AppError as the main process answered */
  async remove(kind: DataKind, name: string): Promise<{ freedBytes: number }> {
    return this.#app.client.request('data.delete', { kind, name });
  }

  /** @throws AppError as the main process answered */
  async clearCache(): Promise<{ freedBytes: number }> {
    return this.#app.client.request('data.clearCache', {});
  }

  addressOf(kind: DataKind, name: string): string {
    return address('data', { show: shownKey({ kind, name }) });
  }
}
