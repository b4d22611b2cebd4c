import type { IpcMain, WebContents, WebFrameMain } from 'electron';
import { AppError } from '../../../src-shared/app-error.ts';
import { EVENT_CHANNEL, REQUEST_CHANNEL } from '../../../src-shared/ipc/electron-bridge.ts';
import type { AnswerEnvelope } from '../../../src-shared/ipc/envelope.ts';
import { toWireError } from '../../../src-shared/ipc/wire-error.ts';
import type { Dispatcher } from '../../ipc/dispatcher.ts';
import type { EventBus } from '../../ipc/event-bus.ts';
import { isAppUrl } from './app-protocol.ts';

/** Answers requests of the app's own top frame, and of nobody else. */
export function answerPages(ipcMain: IpcMain, dispatch: Dispatcher): void {
  ipcMain.handle(REQUEST_CHANNEL, (event, message: unknown): Promise<AnswerEnvelope> => {
    return isOwnTopFrame(event.senderFrame) ? dispatch(message) : Promise.resolve(unauthorized());
  });
}

/** Sends every event to a window for as long as it lives. */
export function sendEvents(contents: WebContents, events: Pick<EventBus, 'subscribe'>): void {
  const unsubscribe = events.subscribe((envelope) => {
    if (!contents.isDestroyed()) contents.send(EVENT_CHANNEL, envelope);
  });
  contents.once('destroyed', unsubscribe);
}

/** `senderFrame` is null once the frame has gone. */
export function isOwnTopFrame(frame: Pick<WebFrameMain, 'url' | 'parent'> | null): boolean {
  return frame !== null && frame.parent === null && isAppUrl(frame.url);
}

function unauthorized(): AnswerEnvelope {
  const error = new AppError('ipc/unauthorized', 'Only the window of MetaLMO Studio may ask.');
  return { kind: 'answer', id: null, ok: false, error: toWireError(error) };
}
