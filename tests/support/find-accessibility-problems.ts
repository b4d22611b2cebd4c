import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe calls serious or critical on the page as it is, one line each. */
export async function findAccessibilityProblems(page: Page): Promise<string[]> {
  // Evaluated from outside, so the page's content security policy stays as it is.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ['violations'] }),
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`));
}
