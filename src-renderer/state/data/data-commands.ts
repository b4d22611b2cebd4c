import type { App } from '../app.svelte.ts';
import type { Command } from '../commands.svelte.ts';
import { address } from '../route.svelte.ts';
import { WISH_KINDS, WISHES } from './wishes.ts';

/** The forms of the Data page, from anywhere. */
export function dataCommands(app: App): Command[] {
  return WISH_KINDS.map((kind) => ({
    id: `data.${kind}`,
    title: WISHES[kind].title,
    group: 'Data',
    words: 'text wikipedia superglue bpe vocabulary file folder zip add new',
    run: () => app.route.go(address('data', { add: kind })),
  }));
}
