import type { Page } from 'playwright-core';

/** What goes wrong in a page from now on: uncaught errors, and what it writes to the console as an error. */
export function collectErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  return errors;
}
