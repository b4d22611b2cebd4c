/** A line of a menu: something to do, or a rule between groups. */
export type MenuItem =
  | {
      readonly label: string;
      /** Said at the right end, e.g. the shortcut. */
      readonly hint?: string;
      readonly danger?: boolean;
      readonly disabled?: boolean;
      readonly run: () => void;
    }
  | 'rule';

/** The next item to focus from `from` (-1 for none) in direction `by`, skipping rules and disabled items; -1 if none can. */
export function nextItem(items: readonly MenuItem[], from: number, by: 1 | -1): number {
  for (let count = 1; count <= items.length; count++) {
    const start = from < 0 && by < 0 ? 0 : from;
    const at = (((start + by * count) % items.length) + items.length) % items.length;
    const item = items[at];
    if (item !== undefined && item !== 'rule' && item.disabled !== true) return at;
  }
  return -1;
}

/** The first item after `from` that begins with what was typed, around the end. */
export function itemBeginningWith(items: readonly MenuItem[], typed: string, from: number): number {
  for (let count = 1; count <= items.length; count++) {
    const at = (from + count) % items.length;
    const item = items[at];
    if (item === undefined || item === 'rule' || item.disabled === true) continue;
    if (item.label.toLowerCase().startsWith(typed.toLowerCase())) return at;
  }
  return -1;
}
