/**
 * A shortcut is one or more keys in a row, apart by spaces: "?", "F2", "mod+k" (Ctrl, on a Mac Cmd), "g r". A single character
 * stands for itself, whatever Shift it needs on the keyboard at hand.
 */
export type Shortcut = string;

interface PressedKey {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** The key as shortcuts write it; undefined for a modifier alone and for combinations that belong to others. */
export function nameOfKey({ key, ctrlKey, metaKey, altKey }: PressedKey): string | undefined {
  if (altKey || ['Control', 'Meta', 'Shift', 'Alt', 'AltGraph', 'Dead', 'Unidentified'].includes(key)) return undefined;
  return ctrlKey || metaKey ? `mod+${key.toLowerCase()}` : key;
}

export type KeyOutcome =
  | { readonly kind: 'run'; readonly shortcut: Shortcut }
  /** The beginning of a longer shortcut. */
  | { readonly kind: 'pending'; readonly keys: string }
  | { readonly kind: 'none' };

/** What a key means after those that wait; a key that continues nothing starts anew. */
export function nextKey(waiting: string, key: string, shortcuts: readonly Shortcut[]): KeyOutcome {
  for (const keys of waiting === '' ? [key] : [`${waiting} ${key}`, key]) {
    if (shortcuts.includes(keys)) return { kind: 'run', shortcut: keys };
    if (shortcuts.some((shortcut) => shortcut.startsWith(`${keys} `))) return { kind: 'pending', keys };
  }
  return { kind: 'none' };
}

/** For people: "Ctrl K", "g then r". */
export function describeShortcut(shortcut: Shortcut, isMac: boolean): string {
  return shortcut
    .split(' ')
    .map((key) => (key.startsWith('mod+') ? `${isMac ? '⌘' : 'Ctrl'} ${key.slice(4).toUpperCase()}` : key))
    .join(' then ');
}
