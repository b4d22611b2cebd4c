import type { App } from '../app.svelte.ts';
import type { Command } from '../commands.svelte.ts';
import { addressOfNewPipeline } from './places.ts';

/** What the SuperGLUE page can begin, from anywhere. */
export function superGlueCommands(app: App): Command[] {
  return [
    {
      id: 'superglue.new',
      title: 'New SuperGLUE pipeline',
      group: 'SuperGLUE',
      words: 'fine-tune evaluate tasks benchmark leaderboard start',
      run: () => app.route.go(addressOfNewPipeline(app.route.place === 'run' ? app.route.runId : undefined)),
    },
  ];
}
