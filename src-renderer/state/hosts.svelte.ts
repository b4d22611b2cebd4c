import type { HostsView, RememberedHost } from '../../src-shared/ipc/contract/hosts.ts';
import type { RequestInput } from '../../src-shared/ipc/contract.ts';
import type { Client } from '../ipc/client.ts';
import { Remote } from './remote.svelte.ts';

export interface HostsListener {
  /** Another machine's runs from now on: nothing that is shown is of it. */
  onSwitch(): void;
  /** The connection to the host elsewhere came up again. */
  onMended(): void;
}

/** Which machine's runs this window shows: this one's, or those of a host elsewhere. */
export class Hosts {
  readonly view = new Remote<HostsView>();
  readonly #client: Client;
  readonly #listener: HostsListener;

  constructor(client: Client, listener: HostsListener) {
    this.#client = client;
    this.#listener = listener;
    client.on('host.changed', (view) => {
      this.#take(view);
    });
  }

  /** Null: this machine. */
  get current(): RememberedHost | null {
    return this.view.value?.current ?? null;
  }

  get connection(): HostsView['connection'] {
    return this.view.value?.connection ?? { state: 'connected', reason: null };
  }

  load(): Promise<void> {
    return this.view.load(async () => {
      const view = await this.#client.request('hosts.list', {});
      this.#take(view);
      return view;
    });
  }

  /** @throws AppError which says why the host can't be opened */
  async open(body: RequestInput<'hosts.open'>): Promise<void> {
    this.#take(await this.#client.request('hosts.open', body));
  }

  /** Back to this machine. @throws AppError */
  async leave(): Promise<void> {
    this.#take(await this.#client.request('hosts.leave', {}));
  }

  /** @throws AppError */
  async forget(hostId: string): Promise<void> {
    this.#take(await this.#client.request('hosts.forget', { hostId }));
  }

  #take(view: HostsView): void {
    const before = this.view.value;
    this.view.value = view;
    this.view.error = undefined;
    if (before === undefined) return;
    if (before.current?.hostId !== view.current?.hostId) this.#listener.onSwitch();
    else if (before.connection.state !== 'connected' && view.connection.state === 'connected')
      this.#listener.onMended();
  }
}
