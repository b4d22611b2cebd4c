import type { SystemSample } from '../../src-shared/ipc/contract/system.ts';
import type { App } from './app.svelte.ts';
import { Remote } from './remote.svelte.ts';

/** The host keeps as much. */
const KEPT_MS = 3_600_000;

/**
 * The last hour of the machine that trains, followed while the component that calls this is shown; oldest first.
 */
export function followMachine(app: App): Remote<readonly SystemSample[]> {
  const samples = new Remote<readonly SystemSample[]>();
  $effect(() => {
    if (!app.connected) return;
    void samples.load(() => app.client.request('system.samples', {}));
    return app.client.on('system.sampled', (sample) => {
      const known = samples.value ?? [];
      samples.value = [...known.filter(({ atMs }) => atMs > sample.atMs - KEPT_MS && atMs < sample.atMs), sample];
    });
  });
  return samples;
}
