import { getContext, setContext } from 'svelte';
import type { AnswerBody } from '../../src-shared/ipc/contract.ts';
import { Client } from '../ipc/client.ts';
import { connectElectron, electronBridge } from '../ipc/electron-transport.ts';
import { connectWeb } from '../ipc/web-transport.ts';
import { showBrowserNotifications } from './browser-notifications.ts';
import { Clock } from './clock.svelte.ts';
import { Commands } from './commands.svelte.ts';
import { Hosts } from './hosts.svelte.ts';
import { Remote } from './remote.svelte.ts';
import { address, addressOfRun, Route } from './route.svelte.ts';
import { RunActions } from './run-actions.ts';
import { RunList } from './run-list.svelte.ts';
import { RunView } from './run-view.svelte.ts';
import { RunsPageState } from './runs-page.svelte.ts';
import { Theme } from './theme.svelte.ts';
import { Toasts } from './toasts.svelte.ts';

/** All state of the page, made once by the root component. */
export class App {
  readonly client: Client;
  readonly route = new Route();
  readonly theme = new Theme();
  readonly clock = new Clock();
  readonly toasts = new Toasts();
  readonly commands = new Commands((error) => this.toasts.fail(error));
  readonly hosts: Hosts;
  readonly runs: RunList;
  readonly actions: RunActions;
  readonly runsPage: RunsPageState;
  readonly view: RunView;
  readonly presets = new Remote<AnswerBody<'presets.list'>>();
  readonly doctor = new Remote<AnswerBody<'system.doctor'>>();
  #hasShell = $state(false);

  constructor() {
    const bridge = electronBridge();
    this.client = new Client(bridge === undefined ? connectWeb(socketAddress()) : connectElectron(bridge));
    this.hosts = new Hosts(this.client, {
      // Nothing of one machine may stay on the screen beside another's: the page begins again.
      onSwitch: () => {
        this.route.go(address('runs'));
        location.reload();
      },
      onMended: () => this.#readAgain(),
    });
    this.runs = new RunList(this.client);
    this.actions = new RunActions(this.client, this.runs, this.toasts);
    this.runsPage = new RunsPageState(this.client, this.route);
    this.view = new RunView(this.client);
    if (bridge === undefined) {
      showBrowserNotifications(this.client, (runId) => this.route.go(addressOfRun(runId)));
    }
    this.client.onConnected((connected) => {
      this.#hasShell = connected;
      // After a connection came up anything may have been missed.
      if (!connected) return;
      void this.hosts.load();
      this.#readAgain();
    });
  }

  /** Whether requests get through: to the shell, and from there to the host that is looked at. */
  get connected(): boolean {
    return this.#hasShell && this.hosts.connection.state === 'connected';
  }

  /** A run started in the terminal beside the app sends no events here; it is seen as soon as somebody looks again. */
  readListOnFocus(): void {
    addEventListener('focus', () => {
      if (this.connected) void this.runs.load();
    });
  }

  #readAgain(): void {
    this.view.reload();
    // One host answers in turn: what the page itself asks for now goes first, what lists and menus need after it.
    setTimeout(() => {
      void this.runs.load();
      void this.presets.load(() => this.client.request('presets.list', {}));
      void this.doctor.load(() => this.client.request('system.doctor', {}));
    });
  }
}

const KEY = Symbol('app');

export function provideApp(): App {
  const app = new App();
  app.readListOnFocus();
  return setContext(KEY, app);
}

export function useApp(): App {
  return getContext<App>(KEY);
}

function socketAddress(): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/socket`;
}
