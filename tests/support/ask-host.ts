import type { Page } from 'playwright-core';
import type { AnswerBody, RequestInput, RequestName } from '../../src-shared/ipc/contract.ts';

/** Asks the main process over the page's own connection, as the page does; the answer is as it is on the wire. */
export function askHost<Name extends RequestName>(
  page: Page,
  name: Name,
  body: RequestInput<Name>,
): Promise<AnswerBody<Name>> {
  return page.evaluate(
    (request) =>
      new Promise<unknown>((resolve, reject) => {
        const socket = new WebSocket(`ws://${location.host}/socket`);
        socket.onopen = () => socket.send(JSON.stringify({ kind: 'request', id: 1, ...request }));
        socket.onmessage = ({ data }) => {
          const message = JSON.parse(String(data)) as { id?: number; ok: boolean; body: unknown; error?: unknown };
          if (message.id !== 1) return;
          socket.close();
          if (message.ok) resolve(message.body);
          else reject(new Error(JSON.stringify(message.error)));
        };
      }),
    { name, body },
  ) as Promise<AnswerBody<Name>>;
}
