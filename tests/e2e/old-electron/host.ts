import type { IpcMain, WebContents } from 'electron';
import { doctorInOwnProcess } from '../../../src-main/doctor-process.ts';
import { createHostSwitch } from '../../../src-main/hosts/host-switch.ts';
import { openStudio } from '../../../src-main/open-studio.ts';
import { forkEngine } from '../../../src-main/runs/engine-process.ts';
import { answerAppRequest } from '../../../src-main/shells/electron/app-protocol.ts';
import { answerPages, sendEvents } from '../../../src-main/shells/electron/page-channel.ts';

/** The product behind the window of main.cjs: page, policy, sender check, contract, studio and engines. */
type Question =
  | { readonly id: number; readonly kind: 'page'; readonly url: string; readonly method: string }
  | { readonly id: number; readonly kind: 'request'; readonly url: string; readonly message: unknown };
type Listener = (event: { senderFrame: { url: string; parent: null } }, message: unknown) => Promise<unknown>;

const [home = '', page = ''] = process.argv.slice(2);
const studio = openStudio({ home, launch: forkEngine(), doctor: doctorInOwnProcess() });
const pages = createHostSwitch({ home, dispatch: studio.dispatch, events: studio.events });

let answerRequest: Listener | undefined;
answerPages(
  { handle: (_channel: string, listener: Listener) => (answerRequest = listener) } as unknown as IpcMain,
  pages.dispatch,
);
const contents = {
  isDestroyed: () => false,
  send: (_channel: string, event: unknown) => process.send?.({ event }),
  once: () => undefined,
};
sendEvents(contents as unknown as WebContents, pages.events);

async function answer(question: Question): Promise<unknown> {
  if (question.kind === 'request') {
    return answerRequest?.({ senderFrame: { url: question.url, parent: null } }, question.message);
  }
  const response = await answerAppRequest(question.url, question.method, page);
  const base64 = Buffer.from(await response.arrayBuffer()).toString('base64');
  return { status: response.status, headers: Object.fromEntries(response.headers), base64 };
}

process.on('message', (question: Question) => {
  void answer(question).then((answered) => process.send?.({ id: question.id, answer: answered }));
});

const end = (): void => {
  pages.close();
  void studio.close().finally(() => process.exit(0));
};
process.once('SIGTERM', end);
process.once('disconnect', end);
