import axeCore from 'axe-core';
import type { Page } from 'playwright-core';

/** Notes into `complaints` whatever the page complains of: errors on its console, and faults that nobody caught. */
export function listen(page: Page, complaints: string[]): void {
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`.trim());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
}

/** Till the page answers to hands: its line to the server stands then. */
export async function awake(page: Page): Promise<void> {
  await page.getByText('Live', { exact: true }).first().waitFor();
}

/** By how many pixels the page is wider than its window. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}

/** What axe finds on the page as it stands: the rule, and the first element that breaks it. */
export async function violationsOf(page: Page): Promise<string[]> {
  // The title may come a moment after the page, and goes for a moment when the page is drawn anew: waited for, not asked of axe.
  await page.waitForFunction(() => document.title !== '');
  await page.evaluate(axeCore.source);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof axeCore };
    // The size of what is to be touched is new in WCAG 2.2 and asked for only on request.
    const rules = { 'document-title': { enabled: false }, 'target-size': { enabled: true } };
    return (await axe.run({ rules })).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
  });
}
