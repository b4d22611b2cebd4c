import axe from 'axe-core';
import type { Page } from 'playwright-core';

/**
 * What axe calls serious or critical on the page as it is, one line each.
 * @param alike selector of what is left out because enough like it stays: axe takes a millisecond for each element
 */
export async function findAccessibilityProblems(page: Page, alike?: string): Promise<string[]> {
  // Evaluated from outside, so the page's content security policy stays as it is.
  await page.evaluate(axe.source);
  const context = { include: [['html']], ...(alike !== undefined && { exclude: [[alike]] }) };
  const { violations } = await page.evaluate(
    (within) => (globalThis as unknown as { axe: typeof axe }).axe.run(within, { resultTypes: ['violations'] }),
    context,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`));
}
