import type { Page } from 'playwright-core';
import type { AnswerBody, RequestInput, RequestName } from '../../src-shared/ipc/contract.ts';

/** The contract, spoken from a page that has the session; in a page of its own, so that others may be reloaded. */
export class PageClient {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  static async connect(visited: Page): Promise<PageClient> {
    const page = await visited.context().newPage();
    await page.goto(new URL('/icon.svg', visited.url()).href);
    return new PageClient(page);
  }

  /** @throws Error with what the main process answered */
  async request<Name extends RequestName>(name: Name, body: RequestInput<Name>): Promise<AnswerBody<Name>> {
    const answer = await this.#page.evaluate(
      ([requestName, requestBody]) =>
        new Promise<unknown>((resolve, reject) => {
          const socket = new WebSocket(`ws://${location.host}/socket`);
          socket.onerror = () => reject(new Error('no connection'));
          socket.onopen = () =>
            socket.send(JSON.stringify({ kind: 'request', id: 1, name: requestName, body: requestBody }));
          socket.onmessage = ({ data }) => {
            const message = JSON.parse(String(data)) as {
              id?: number;
              ok: boolean;
              body: unknown;
              error: { message: string };
            };
            if (message.id !== 1) return;
            socket.close();
            if (message.ok) resolve(message.body);
            else reject(new Error(message.error.message));
          };
        }),
      [name, body] as const,
    );
    return answer as AnswerBody<Name>;
  }
}
