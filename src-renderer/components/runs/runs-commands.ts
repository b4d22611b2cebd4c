import type { RunSummary } from '../../../src-shared/ipc/run-views.ts';
import type { App } from '../../state/app.svelte.ts';
import type { Command } from '../../state/commands.svelte.ts';
import { address } from '../../state/route.svelte.ts';
import { countRuns } from '../../state/run-actions.ts';

export interface RunsPageActions {
  readonly focusSearch: () => void;
  readonly rename: (run: RunSummary) => void;
  readonly tags: (runIds: readonly string[]) => void;
  readonly note: (run: RunSummary) => void;
  readonly copy: () => void;
}

const GROUP = 'Runs';

/** What the table's keys and the palette offer: for the chosen runs, or else for the row that the keys are on. */
export function runsCommands(
  app: App,
  active: RunSummary | undefined,
  chosen: readonly string[],
  actions: RunsPageActions,
): Command[] {
  const isTrash = app.runsPage.query.scope === 'trash';
  const isArchive = app.runsPage.query.scope === 'archived';
  const ids = chosen.length > 0 ? chosen : active === undefined ? [] : [active.runId];
  const which = chosen.length > 0 ? countRuns(ids.length) : (active?.name ?? '');
  const always: Command[] = [
    { id: 'runs.search', title: 'Search runs', group: GROUP, shortcut: '/', run: actions.focusSearch },
    { id: 'runs.copy', title: 'Copy the table as text', group: GROUP, hint: 'Ctrl C', run: actions.copy },
  ];
  if (ids.length === 0) return always;
  const ofActive: Command[] =
    active === undefined
      ? []
      : [
          {
            id: 'runs.rename',
            title: 'Rename',
            about: active.name,
            group: GROUP,
            shortcut: 'F2',
            run: () => actions.rename(active),
          },
          {
            id: 'runs.note',
            title: 'Note',
            about: active.name,
            group: GROUP,
            shortcut: 'n',
            run: () => actions.note(active),
          },
        ];
  if (isTrash) {
    return [
      ...always,
      {
        id: 'runs.restore',
        title: 'Restore',
        about: which,
        group: GROUP,
        run: () => app.runsPage.dropWhenDone(ids, app.actions.restore(ids)),
      },
    ];
  }
  const together = (place: 'compare' | 'examples' | 'two-moons') => (): void =>
    app.route.go(address(place, { runs: ids.join(',') }));
  return [
    { id: 'runs.compare', title: 'Compare these', about: which, group: GROUP, shortcut: 'c', run: together('compare') },
    {
      id: 'runs.examples',
      title: 'Teacher examples of these',
      about: which,
      group: GROUP,
      shortcut: 'e',
      run: together('examples'),
    },
    {
      id: 'runs.moons',
      title: 'Two Moons of these',
      about: which,
      group: GROUP,
      shortcut: 'm',
      run: together('two-moons'),
    },
    ...ofActive,
    { id: 'runs.tags', title: 'Tags', about: which, group: GROUP, shortcut: 't', run: () => actions.tags(ids) },
    {
      id: 'runs.archive',
      title: isArchive ? 'Take out of the archive' : 'Archive',
      about: which,
      group: GROUP,
      shortcut: 'a',
      run: () => app.runsPage.dropWhenDone(ids, app.actions.archive(ids, !isArchive)),
    },
    {
      id: 'runs.trash',
      title: 'Move to the trash',
      about: which,
      group: GROUP,
      words: 'delete remove',
      shortcut: 'Delete',
      run: () => app.runsPage.dropWhenDone(ids, app.actions.trash(ids)),
    },
    ...always,
  ];
}
