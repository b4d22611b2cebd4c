import type { RequestInput } from '../../src-shared/ipc/contract.ts';
import type { RunSummary } from '../../src-shared/ipc/run-views.ts';
import { formatBytes } from '../format/bytes.ts';
import type { Client } from '../ipc/client.ts';
import type { RunList } from './run-list.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

/** Most ids that one request takes. */
const IDS_PER_REQUEST = 500;

export type RunChanges = Omit<RequestInput<'runs.edit'>, 'runIds'>;

/**
 * What a person does to runs from any page: registry first, then the list, then a message that offers to undo it.
 * Failures are messages too, so callers need not catch anything.
 */
export class RunActions {
  readonly #client: Client;
  readonly #runs: RunList;
  readonly #toasts: Toasts;
  /** Messages that offer to take runs back out of the trash. */
  readonly #offers: { readonly id: number; readonly runIds: ReadonlySet<string> }[] = [];

  constructor(client: Client, runs: RunList, toasts: Toasts) {
    this.#client = client;
    this.#runs = runs;
    this.#toasts = toasts;
  }

  /** Out of sight, nothing deleted. */
  trash(runIds: readonly string[]): Promise<boolean> {
    return this.#attempt(async () => {
      await this.#inParts(runIds, (part) => this.#client.request('runs.trash', { runIds: part }));
      const id = this.#toasts.show(`${countRuns(runIds.length)} moved to the trash.`, {
        action: { label: 'Undo', run: () => this.#restoreQuietly(runIds) },
      });
      this.#offers.push({ id, runIds: new Set(runIds) });
    });
  }

  restore(runIds: readonly string[]): Promise<boolean> {
    return this.#attempt(async () => {
      await this.#restoreQuietly(runIds);
      this.#toasts.show(`${countRuns(runIds.length)} restored.`);
    });
  }

  archive(runIds: readonly string[], archived: boolean): Promise<boolean> {
    return this.#attempt(async () => {
      await this.#edit(runIds, { archived });
      this.#toasts.show(`${countRuns(runIds.length)} ${archived ? 'archived' : 'taken out of the archive'}.`, {
        action: { label: 'Undo', run: () => this.#edit(runIds, { archived: !archived }) },
      });
    });
  }

  rename(run: Pick<RunSummary, 'runId' | 'name'>, name: string): Promise<boolean> {
    return this.#attempt(async () => {
      await this.#edit([run.runId], { name });
      this.#toasts.show(`Renamed to “${name}”.`, {
        action: { label: 'Undo', run: () => this.#edit([run.runId], { name: run.name }) },
      });
    });
  }

  /** Tags and notes: what the dialog shows afterwards says enough. */
  edit(runIds: readonly string[], changes: RunChanges): Promise<boolean> {
    return this.#attempt(() => this.#edit(runIds, changes));
  }

  /** Deletes trashed runs for good. */
  purge(runIds: readonly string[]): Promise<boolean> {
    return this.#attempt(async () => {
      let [runs, freedBytes] = [0, 0];
      // What is about to be deleted can't be taken back any more.
      for (const offer of this.#offers.filter((one) => runIds.some((runId) => one.runIds.has(runId)))) {
        this.#toasts.dismiss(offer.id);
      }
      for (const part of partsOf(runIds)) {
        const done = await this.#client.request('runs.purge', { runIds: part });
        runs += done.runs;
        freedBytes += done.freedBytes;
      }
      this.#toasts.show(`${countRuns(runs)} deleted; ${formatBytes(freedBytes)} freed.`, { kind: 'good' });
    });
  }

  /** Bytes on disk of these runs together. @throws AppError */
  async diskUse(runIds: readonly string[]): Promise<number> {
    let bytes = 0;
    for (const part of partsOf(runIds)) {
      for (const use of await this.#client.request('runs.diskUse', { runIds: part })) bytes += use.bytes;
    }
    return bytes;
  }

  async command(
    name: 'runs.stop' | 'runs.kill' | 'runs.pause' | 'runs.resume',
    runIds: readonly string[],
  ): Promise<boolean> {
    // One after the other, so that the first refusal is the one that is said.
    return this.#attempt(async () => {
      for (const runId of runIds) await this.#runs.command(name, runId);
    });
  }

  #restoreQuietly(runIds: readonly string[]): Promise<void> {
    return this.#inParts(runIds, (part) => this.#client.request('runs.restore', { runIds: part }));
  }

  #edit(runIds: readonly string[], changes: RunChanges): Promise<void> {
    return this.#inParts(runIds, (part) => this.#client.request('runs.edit', { runIds: part, ...changes }));
  }

  async #inParts(
    runIds: readonly string[],
    request: (part: string[]) => Promise<readonly RunSummary[]>,
  ): Promise<void> {
    for (const part of partsOf(runIds)) this.#runs.put(await request(part));
  }

  async #attempt(act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      this.#toasts.fail(error);
      return false;
    }
  }
}

/** "1 run", "12 runs". */
export function countRuns(count: number): string {
  return count === 1 ? '1 run' : `${count} runs`;
}

function partsOf(runIds: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(runIds.length / IDS_PER_REQUEST) }, (_, part) =>
    runIds.slice(part * IDS_PER_REQUEST, (part + 1) * IDS_PER_REQUEST),
  );
}
