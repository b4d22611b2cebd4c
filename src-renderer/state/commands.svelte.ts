import { untrack } from 'svelte';
import { describeShortcut, nameOfKey, nextKey, type Shortcut } from './key-sequence.ts';

/** Something a person can ask for by name in the palette, or by its keys. */
export interface Command {
  /** Stable, e.g. "go.runs". */
  readonly id: string;
  readonly title: string;
  /** What it is done to, said behind the title in the palette ("3 runs"). */
  readonly about?: string;
  /** Heading in the palette and in the sheet of shortcuts. */
  readonly group: string;
  /** Said at the right end where there is no shortcut. */
  readonly hint?: string;
  /** Further words to be found by. */
  readonly words?: string;
  readonly shortcut?: Shortcut;
  readonly run: () => void | Promise<void>;
}

/** Keys of a sequence may be this far apart. */
const SEQUENCE_MS = 1200;
/** Opens and closes the palette from a field too. */
const PALETTE_KEY = 'mod+k';
const IS_MAC = /mac/i.test(navigator.platform);

export function shortcutText(shortcut: Shortcut): string {
  return describeShortcut(shortcut, IS_MAC);
}

/**
 * What can be done here and now: the app's own commands and those of the page that is shown. A page says
 * `$effect(() => app.commands.provide(() => [...]))`; later providers come first.
 */
export class Commands {
  paletteIsOpen = $state(false);
  sheetIsOpen = $state(false);
  #providers = $state.raw<readonly (() => readonly Command[])[]>([]);
  readonly all = $derived(this.#providers.flatMap((read) => read()));
  readonly #onError: (error: unknown) => void;
  #waiting = '';
  #waitingSinceMs = 0;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
    addEventListener('keydown', (event) => {
      this.#keydown(event);
    });
  }

  /** Returns what takes them away again. */
  provide(read: () => readonly Command[]): () => void {
    // An effect that provides must not depend on who provides.
    this.#providers = [read, ...untrack(() => this.#providers)];
    return () => {
      this.#providers = untrack(() => this.#providers).filter((one) => one !== read);
    };
  }

  async run(command: Command): Promise<void> {
    try {
      await command.run();
    } catch (error) {
      this.#onError(error);
    }
  }

  #keydown(event: KeyboardEvent): void {
    const key = nameOfKey(event);
    if (key === undefined || event.defaultPrevented || event.isComposing) return;
    if (key !== PALETTE_KEY && isElsewhere(event)) return;
    const now = performance.now();
    const waiting = now - this.#waitingSinceMs < SEQUENCE_MS ? this.#waiting : '';
    const commands = this.all.filter(({ shortcut }) => shortcut !== undefined);
    const outcome = nextKey(
      waiting,
      key,
      commands.map(({ shortcut }) => shortcut ?? ''),
    );
    this.#waiting = outcome.kind === 'pending' ? outcome.keys : '';
    this.#waitingSinceMs = now;
    if (outcome.kind === 'none') return;
    event.preventDefault();
    const command = commands.find(({ shortcut }) => outcome.kind === 'run' && shortcut === outcome.shortcut);
    if (command !== undefined) void this.run(command);
  }
}

/** Whether the key belongs to a field, a menu or a dialog rather than to the page. */
function isElsewhere(event: KeyboardEvent): boolean {
  if (document.querySelector('dialog[open]') !== null) return true;
  return event.target instanceof Element && event.target.closest('input, textarea, select, [popover]') !== null;
}
