import type { AnswerBody } from '../../../src-shared/ipc/contract.ts';
import type { App } from '../app.svelte.ts';
import { Remote } from '../remote.svelte.ts';
import { configurationsOf, totalOf, type SweepTotal } from './sweep-total.ts';
import type { ConfigBase, NewRunForm } from './form.svelte.ts';

/** What a whole sweep will need: every different configuration in it is asked for. */
export class SweepEstimate {
  readonly total = new Remote<SweepTotal>();
  readonly queue = new Remote<AnswerBody<'queue.get'>>();

  constructor(app: App, form: NewRunForm) {
    const question = $derived(
      form.sweepAnswer.value === undefined || form.sweep === undefined
        ? undefined
        : JSON.stringify({
            base: form.configBase(),
            preview: form.sweepAnswer.value.preview.map((one) => one.overrides),
          }),
    );
    $effect(() => {
      if (question === undefined || !app.connected) {
        this.total.clear();
        return;
      }
      const { base, preview } = JSON.parse(question) as { base: ConfigBase; preview: ConfigBase['overrides'][] };
      void this.queue.load(() => app.client.request('queue.get', {}));
      void this.total.load(async () => {
        const asked = configurationsOf(preview).map(({ overrides, runs }) =>
          app.client
            .request('config.check', { ...base, overrides: { ...base.overrides, ...overrides } })
            .then(({ estimate }) => ({ estimate, runs })),
        );
        return totalOf(await Promise.all(asked));
      });
    });
  }
}
