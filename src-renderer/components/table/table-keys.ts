/** What a key asks of a table. */
export type TableAction =
  | { readonly kind: 'move'; readonly to: number; readonly extends: boolean }
  | { readonly kind: 'toggle' | 'open' | 'menu' | 'selectAll' | 'selectNone' | 'copy' };

interface PressedKey {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/** Undefined for keys that are none of the table's. */
export function tableAction(
  { key, shiftKey, ctrlKey, metaKey }: PressedKey,
  active: number,
  total: number,
  page: number,
): TableAction | undefined {
  const isCommand = ctrlKey || metaKey;
  if (isCommand && key.toLowerCase() === 'a') return { kind: 'selectAll' };
  if (isCommand && key.toLowerCase() === 'c') return { kind: 'copy' };
  if (key === 'ContextMenu' || (shiftKey && key === 'F10')) return { kind: 'menu' };
  if (isCommand && key !== 'Home' && key !== 'End') return undefined;
  if (key === ' ') return { kind: 'toggle' };
  if (key === 'Enter') return { kind: 'open' };
  if (key === 'Escape') return { kind: 'selectNone' };
  const to = target(key, active, total, page);
  if (to === undefined || total === 0) return undefined;
  return { kind: 'move', to: Math.min(total - 1, Math.max(0, to)), extends: shiftKey };
}

function target(key: string, active: number, total: number, page: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return active + 1;
    case 'ArrowUp':
      return active - 1;
    case 'PageDown':
      return active + page;
    case 'PageUp':
      return active - page;
    case 'Home':
      return 0;
    case 'End':
      return total - 1;
    default:
      return undefined;
  }
}
