import type { RunSummary } from '../../../src-shared/ipc/run-views.ts';
import { isResumable, STATUS_TABLE } from '../../../src-shared/run/run-status.ts';
import type { App } from '../../state/app.svelte.ts';
import { address, addressOfRun } from '../../state/route.svelte.ts';
import type { MenuItem } from '../layers/menu-item.ts';

export interface RunMenuActions {
  readonly rename: (run: RunSummary) => void;
  readonly tags: (run: RunSummary) => void;
  readonly note: (run: RunSummary) => void;
  readonly purge: (run: RunSummary) => void;
}

/** What can be done to one run, by its status and whether it lies in the trash. */
export function runMenu(app: App, run: RunSummary, actions: RunMenuActions): MenuItem[] {
  const { runId, status } = run;
  const open: MenuItem = { label: 'Open', hint: 'Enter', run: () => app.route.go(addressOfRun(runId)) };
  if (run.trashedAtMs !== null) {
    return [
      open,
      'rule',
      { label: 'Restore', run: () => void app.runsPage.dropWhenDone([runId], app.actions.restore([runId])) },
      { label: 'Delete for good …', danger: true, run: () => actions.purge(run) },
    ];
  }
  const control: MenuItem[] = [
    ...(status === 'running' ? [{ label: 'Pause', run: () => void app.actions.command('runs.pause', [runId]) }] : []),
    ...(status === 'paused' || isResumable(status)
      ? [
          {
            label: run.resumeStep === null ? 'Resume' : `Resume from step ${run.resumeStep}`,
            run: () => void app.actions.command('runs.resume', [runId]),
          },
        ]
      : []),
    ...(!STATUS_TABLE[status].isEnd && status !== 'stopping'
      ? [{ label: 'Stop and save', run: () => void app.actions.command('runs.stop', [runId]) }]
      : []),
  ];
  const isArchived = run.archivedAtMs !== null;
  return [
    open,
    { label: 'New run from this one', run: () => app.route.go(address('new', { from: runId })) },
    'rule',
    ...control,
    ...(control.length > 0 ? (['rule'] as const) : []),
    { label: 'Rename', hint: 'F2', run: () => actions.rename(run) },
    { label: 'Tags …', hint: 't', run: () => actions.tags(run) },
    { label: 'Note …', hint: 'n', run: () => actions.note(run) },
    'rule',
    {
      label: isArchived ? 'Take out of the archive' : 'Archive',
      hint: 'a',
      run: () => void app.runsPage.dropWhenDone([runId], app.actions.archive([runId], !isArchived)),
    },
    {
      label: 'Move to the trash',
      hint: 'Delete',
      disabled: STATUS_TABLE[status].hasEngine,
      run: () => void app.runsPage.dropWhenDone([runId], app.actions.trash([runId])),
    },
  ];
}
