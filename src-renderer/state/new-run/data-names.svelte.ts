import { SAMPLE_NAME } from '../../../src-shared/config/presets/text.ts';
import { SUPERGLUE_TASK_NAMES } from '../../../src-shared/config/superglue-tasks.ts';
import type { DataList } from '../../../src-shared/ipc/contract/data.ts';
import type { App } from '../app.svelte.ts';
import { Remote } from '../remote.svelte.ts';

/** What fields that name imported data may hold: offered beside the field, kept current. Made by a component. */
export class DataNames {
  readonly #list = new Remote<DataList>();

  constructor(app: App) {
    const load = (): void => void this.#list.load(() => app.client.request('data.list', {}));
    $effect(() => {
      if (app.connected) load();
    });
    $effect(() => app.client.on('data.changed', load));
  }

  /** Empty for fields of another kind. */
  of(path: string): readonly string[] {
    const list = this.#list.value;
    switch (path) {
      case 'data.tokenizer':
        return withSample(list?.tokenizers);
      case 'data.corpus':
        return withSample(list?.corpora);
      case 'data.superglue':
        return withSample(list?.superglue);
      case 'data.tasks':
        return ['all', ...SUPERGLUE_TASK_NAMES];
      default:
        return [];
    }
  }
}

/** The shipped sample can be named before it was imported: its first use imports it. */
function withSample(sets: readonly { readonly name: string }[] | undefined): string[] {
  return [...new Set([...(sets ?? []).map(({ name }) => name), SAMPLE_NAME])];
}
