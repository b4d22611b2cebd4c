/** The place the address names: "#/" is the start of a run, "#/runs/ID" a run. Back, forward and reload just work. */
export class Route {
  runId = $state<string>();

  constructor() {
    this.#read();
    addEventListener('hashchange', () => {
      this.#read();
    });
  }

  go(address: string): void {
    location.hash = address;
  }

  #read(): void {
    const match = /^#\/runs\/([^/]+)$/.exec(location.hash);
    this.runId = match?.[1] === undefined ? undefined : decodeURIComponent(match[1]);
  }
}

export function addressOfRun(runId: string): string {
  return `#/runs/${encodeURIComponent(runId)}`;
}

export const ADDRESS_OF_NEW_RUN = '#/';
