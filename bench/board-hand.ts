import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { median } from './bench-house.ts';

export const ways = ['cards', 'table'] as const;
export type Way = (typeof ways)[number];
export type State = Exclude<BrowserContextOptions['storageState'], undefined>;

/** What stands for one account in each way to look. */
export const parts: Readonly<Record<Way, string>> = { cards: 'article', table: 'tbody tr[data-account]' };
const runs = 5;
/** So that no true answer of the meantime is newer. */
const aheadMs = 10_000;

interface BoardAnswer {
  asOf: number;
  cards: { accountId: string; spendMinor: number | null }[];
}

interface Hand {
  keystrokeMs: number;
  frameMs: number;
  updateMs: number;
}

/** A hand that types and scrolls, and news that come in meanwhile. */
export async function measureHand(browser: Browser, url: string, state: State, way: Way): Promise<Hand> {
  const context = await browser.newContext({
    ...{ viewport: { width: 1440, height: 900 }, storageState: state },
    // What a worker fetches cannot be answered in its place.
    serviceWorkers: 'block',
  });
  const page = await context.newPage();
  // The page's own line, so that news can be told over it.
  await page.addInitScript({
    content: `const Line = WebSocket; globalThis.WebSocket = class extends Line {
      constructor(...given) { super(...given); globalThis.line = this; }
    };`,
  });
  await page.goto(`${url}/dashboard?view=${way}`);
  await page.locator(parts[way]).nth(5).waitFor();
  await page.getByText('Live', { exact: true }).first().waitFor();
  await page.waitForTimeout(1500);
  const keystrokeMs = await typingMs(page);
  const frameMs = await scrollingMs(page, way);

  const response = await page.request.get(`${url}/api/board`);
  const updateMs = await updatingMs(page, way, (await response.json()) as BoardAnswer);
  await context.close();
  return { keystrokeMs, frameMs, updateMs };
}

/** From the key to the next paint, the longest of some letters there and back. */
async function typingMs(page: Page): Promise<number> {
  const field = page.getByRole('searchbox').first();
  await field.focus();
  await page.evaluate(`
    globalThis.typed = [];
    addEventListener('keydown', (event) => {
      const at = event.timeStamp;
      requestAnimationFrame(() => setTimeout(() => globalThis.typed.push(performance.now() - at)));
    }, true);
  `);
  for (const key of ['s', 'o', 'l', 'a', 'r', ' ', '-', 'Backspace', 'Backspace', '0', '1', 'Backspace']) {
    await page.keyboard.press(key);
    await page.waitForTimeout(150);
  }
  await field.fill('');
  await page.waitForTimeout(500);
  const typed = (await page.evaluate('globalThis.typed')) as number[];
  return Math.max(...typed);
}

/** The longest time between two frames while a wheel turns through some thousand pixels. */
async function scrollingMs(page: Page, way: Way): Promise<number> {
  await page.mouse.move(700, 600);
  await page.evaluate(`
    globalThis.frames = [];
    let before = performance.now();
    const step = (now) => { globalThis.frames.push(now - before); before = now; requestAnimationFrame(step); };
    requestAnimationFrame(step);
  `);
  for (let turn = 0; turn < 60; turn++) {
    await page.mouse.wheel(0, 240);
    await page.waitForTimeout(16);
  }
  await page.waitForTimeout(300);
  const frames = (await page.evaluate('globalThis.frames')) as number[];
  const scrolled = await page.evaluate(
    (box) => (box === '' ? scrollY : (document.querySelector(box)?.scrollTop ?? 0)),
    way === 'cards' ? '' : '.table-wrap',
  );
  if (scrolled < 3000) throw new Error(`the ${way} did not scroll`);
  await page.evaluate(`scrollTo(0, 0); document.querySelector('.table-wrap')?.scrollTo(0, 0);`);
  return Math.max(...frames.slice(2));
}

/** From the arrival of 100 changed accounts to the paint that shows them; the last of them stands on the first screen. */
async function updatingMs(page: Page, way: Way, answer: BoardAnswer): Promise<number> {
  const shown = await page.locator(parts[way]).first().getAttribute('data-account');
  const changed = answer.cards.filter(({ accountId }) => accountId === shown);
  changed.push(...answer.cards.filter(({ accountId }) => accountId !== shown).slice(0, 99));
  const times: number[] = [];
  for (let run = 1; run <= runs; run++) {
    for (const card of changed) card.spendMinor = (card.spendMinor ?? 0) + 100;
    const body = JSON.stringify({ ...answer, asOf: answer.asOf + aheadMs + run });
    await page.route('**/api/board*', (route) => route.fulfill({ contentType: 'application/json', body }));
    await page.evaluate(`
      globalThis.applied = new Promise((resolve) => {
        const json = Response.prototype.json;
        Response.prototype.json = async function () {
          const text = await this.text();
          if (!this.url.includes('/api/board')) return JSON.parse(text);
          Response.prototype.json = json;
          const at = performance.now();
          const watch = new MutationObserver(() => {
            watch.disconnect();
            requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - at)));
          });
          const part = document.querySelector('[data-account="${shown}"]');
          watch.observe(part, { subtree: true, childList: true, characterData: true });
          return JSON.parse(text);
        };
      });
      // A promise as the last value would be waited for.
      undefined;
    `);
    // The line names more accounts than are worth asking for one by one, so the whole board is read again.
    await announce(
      page,
      changed.map(({ accountId }) => accountId),
    );
    times.push((await page.evaluate('globalThis.applied')) as number);
    await page.unroute('**/api/board*');
    await page.waitForTimeout(800);
  }
  return median(times);
}

/** Says over the page's own line that these accounts changed. */
async function announce(page: Page, accountIds: string[]): Promise<void> {
  await page.evaluate((ids) => {
    const { line } = globalThis as unknown as { line?: WebSocket };
    line?.onmessage?.(
      new MessageEvent('message', { data: JSON.stringify({ type: 'changed', accountIds: ids }) }),
    );
  }, accountIds);
}
