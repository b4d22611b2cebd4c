import type { Page } from 'playwright-core';
import type { AnswerBody, RequestInput, RequestName } from '../../src-shared/ipc/contract.ts';
import { askHost } from '../support/ask-host.ts';

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
  request<Name extends RequestName>(name: Name, body: RequestInput<Name>): Promise<AnswerBody<Name>> {
    return askHost(this.#page, name, body);
  }
}
