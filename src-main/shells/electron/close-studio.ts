import type { App, Dialog, MessageBoxOptions } from 'electron';
import { toAppError } from '../../../src-shared/app-error.ts';
import type { Studio } from '../../open-studio.ts';

export interface Closing {
  readonly app: Pick<App, 'on' | 'exit'>;
  readonly dialog: Pick<Dialog, 'showMessageBox' | 'showErrorBox'>;
  readonly studio: Pick<Studio, 'supervisor' | 'close'>;
  /** Shown while running runs are being saved. */
  readonly onSaving: () => void;
  /** Last, once everything is saved. */
  readonly onClosed: () => void;
}

/** Quitting asks where runs are running, then waits until they are saved. */
export function closeBeforeQuit({ app, dialog, studio, onSaving, onClosed }: Closing): void {
  let isClosing = false;
  const close = async (): Promise<void> => {
    const running = studio.supervisor.ownRunIds().length;
    if (running > 0) {
      const { response } = await dialog.showMessageBox(question(running));
      if (response !== 0) {
        isClosing = false;
        return;
      }
      onSaving();
    }
    try {
      await studio.close();
      onClosed();
      app.exit(0);
    } catch (error) {
      dialog.showErrorBox('MetaLMO Studio', toAppError(error).message);
      app.exit(1);
    }
  };
  app.on('before-quit', (event) => {
    // Every quit is ours to finish: Electron's own would not wait.
    event.preventDefault();
    if (isClosing) return;
    isClosing = true;
    void close();
  });
}

function question(running: number): MessageBoxOptions {
  const runs = running === 1 ? 'One run is' : `${running} runs are`;
  return {
    type: 'question',
    title: 'MetaLMO Studio',
    message: `${runs} running or waiting.`,
    detail: 'Quitting finishes the step, saves a checkpoint and stops; each run can be resumed from there.',
    buttons: ['Save and quit', 'Keep running'],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  };
}
