import type { PresetView, RunSummary } from '../../../src-shared/ipc/run-views.ts';
import { STATUS_TABLE } from '../../../src-shared/run/run-status.ts';
import type { App } from '../../state/app.svelte.ts';
import type { Command } from '../../state/commands.svelte.ts';
import { addressOfRun } from '../../state/route.svelte.ts';

/** Opens a run. */
export function runCommand(app: App, run: RunSummary, age: string): Command {
  return {
    id: `run.${run.runId}`,
    title: run.name,
    group: 'Runs',
    hint: `${STATUS_TABLE[run.status].label} · ${age}`,
    run: () => app.route.go(addressOfRun(run.runId)),
  };
}

/** Starts a run of each preset as it is, and opens it. */
export function presetCommands(app: App, presets: readonly PresetView[]): Command[] {
  return presets.map(({ name, title, description }) => ({
    id: `start.${name}`,
    title: `Start ${title}`,
    group: 'Start a run',
    hint: name,
    words: `${name} ${description} preset new`,
    run: async () => {
      const run = await app.runs.start({ base: { preset: name, overrides: {} } });
      app.route.go(addressOfRun(run.runId));
    },
  }));
}
