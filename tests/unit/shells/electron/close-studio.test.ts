import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../../src-shared/app-error.ts';
import { closeBeforeQuit, type Closing } from '../../../../src-main/shells/electron/close-studio.ts';

function closing(running: number, response: number, close: () => Promise<void> = () => Promise.resolve()) {
  const exit = vi.fn();
  const app = Object.assign(new EventEmitter(), { exit });
  const dialog = { showMessageBox: vi.fn(() => Promise.resolve({ response })), showErrorBox: vi.fn() };
  const studio = { supervisor: { ownRunIds: () => Array.from({ length: running }, String) }, close: vi.fn(close) };
  const [onSaving, onClosed] = [vi.fn(), vi.fn()];
  closeBeforeQuit({ app, dialog, studio, onSaving, onClosed } as unknown as Closing);
  const quit = () => {
    const event = { preventDefault: vi.fn() };
    app.emit('before-quit', event);
    return event;
  };
  return { quit, exit, dialog, studio, onSaving, onClosed };
}

describe('quitting', () => {
  it('saves and ends without a question where nothing runs, once however often it is asked', async () => {
    const { quit, exit, dialog, studio, onClosed } = closing(0, 0);
    expect(quit().preventDefault).toHaveBeenCalled();
    expect(quit().preventDefault).toHaveBeenCalled();
    await vi.waitFor(() => expect(exit).toHaveBeenCalledExactlyOnceWith(0));
    expect(studio.close).toHaveBeenCalledOnce();
    expect(onClosed).toHaveBeenCalledOnce();
    expect(dialog.showMessageBox).not.toHaveBeenCalled();
  });

  it('asks where runs are running, and can be asked again after a no', async () => {
    const { quit, exit, dialog, studio } = closing(2, 1);
    quit();
    await vi.waitFor(() => expect(dialog.showMessageBox).toHaveBeenCalledTimes(1));
    await Promise.resolve();
    quit();
    await vi.waitFor(() => expect(dialog.showMessageBox).toHaveBeenCalledTimes(2));
    expect(studio.close).not.toHaveBeenCalled();
    expect(exit).not.toHaveBeenCalled();
  });

  it('says why where saving failed', async () => {
    const { quit, exit, dialog, onSaving } = closing(1, 0, () => Promise.reject(new AppError('file/io', 'Disk full.')));
    quit();
    await vi.waitFor(() => expect(exit).toHaveBeenCalledWith(1));
    expect(onSaving).toHaveBeenCalled();
    expect(dialog.showErrorBox).toHaveBeenCalledWith('MetaLMO Studio', 'Disk full.');
  });
});
