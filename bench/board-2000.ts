import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser } from '../tests/browser/launch.ts';
import { signIn, startProduct } from '../tests/browser/product.ts';
import { median, startServer } from './bench-house.ts';
import type { Row } from './row.ts';

const small = 100;
const large = 2000;
const runs = 5;
const ways = ['cards', 'table'] as const;
type Way = (typeof ways)[number];
type State = Exclude<BrowserContextOptions['storageState'], undefined>;

/** What stands for one account in each way to look. */
const parts: Readonly<Record<Way, string>> = { cards: 'article', table: 'tbody tr[data-account]' };
const limits = { firstScreen: 1.3, keystrokeMs: 50, frameMs: 50, updateMs: 100 };

/** The board of a large fleet against that of a small one, and against the limits of a hand that types and scrolls. */
export async function benchBoard2000(): Promise<Row[]> {
  const browser = await launchBrowser();
  try {
    const few = await withFleet(browser, small, (url, state) => firstScreens(browser, url, state));
    return await withFleet(browser, large, async (url, state) => {
      const many = await firstScreens(browser, url, state);
      const rows: Row[] = [];
      for (const way of ways) {
        const name = (what: string) => `board, ${large} accounts, ${way}: ${what}`;
        const limit = limits.firstScreen * few[way];
        const baselineName = `the limit, ${limits.firstScreen} x ${small} accounts`;
        rows.push({
          name: name('first screen'),
          value: many[way],
          unit: 'ms',
          baseline: limit,
          baselineName,
        });
        const hand = await measureHand(browser, url, state, way);
        for (const [what, value, most] of [
          ['a key in the search, longest of 12', hand.keystrokeMs, limits.keystrokeMs],
          ['longest frame while scrolling', hand.frameMs, limits.frameMs],
          ['100 changed accounts, from arrival', hand.updateMs, limits.updateMs],
        ] as const)
          rows.push({ name: name(what), value, unit: 'ms', baseline: most, baselineName: 'the limit' });
      }
      return rows;
    });
  } finally {
    await browser.close();
  }
}

async function withFleet<T>(
  browser: Browser,
  accounts: number,
  work: (url: string, state: State) => Promise<T>,
): Promise<T> {
  const simulator = await startServer('simulator/main.ts', ['--port', '0', '--accounts', String(accounts)]);
  const product = await startProduct({
    env: {
      ...{ FB_ACCESS_TOKEN: 'bench', META_GRAPH_URL: simulator.url },
      // Reading is not what is measured here.
      META_REQUESTS_PER_MINUTE: '1000000',
    },
  });
  try {
    const context = await browser.newContext();
    const page = await context.newPage();
    await signIn(page, product.url);
    await untilRead(page, product.url, accounts);
    const state = await context.storageState();
    await context.close();
    return await work(product.url, state);
  } finally {
    await product.stop();
    await simulator.stop();
  }
}

/** Till every account has its figures: an empty card would be drawn faster than a true one. */
async function untilRead(page: Page, url: string, accounts: number): Promise<void> {
  const until = performance.now() + 240_000;
  while (performance.now() < until) {
    const response = await page.request.get(`${url}/api/board`);
    const { cards } = (await response.json()) as { cards: { metricsAt: number | null }[] };
    if (cards.length === accounts && cards.every(({ metricsAt }) => metricsAt !== null)) return;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  throw new Error(`${accounts} accounts were not read in time`);
}

/** From the request to a first screen that is painted and answers, in a fresh browser with a cold cache. */
async function firstScreens(browser: Browser, url: string, state: State): Promise<Record<Way, number>> {
  const times: Record<Way, number[]> = { cards: [], table: [] };
  for (const way of ways)
    for (let run = 0; run <= runs; run++) {
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        storageState: state,
      });
      const page = await context.newPage();
      await page.goto(`${url}/dashboard?view=${way}`, { waitUntil: 'commit' });
      await page.locator(parts[way]).nth(5).waitFor({ timeout: 60_000 });
      const ms = await page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
          }),
      );
      // The first one warms the server up.
      if (run > 0) times[way].push(ms);
      await context.close();
    }
  return { cards: median(times.cards), table: median(times.table) };
}

interface BoardAnswer {
  asOf: number;
  cards: { accountId: string; spendMinor: number | null }[];
}

interface Hand {
  keystrokeMs: number;
  frameMs: number;
  updateMs: number;
}

async function measureHand(browser: Browser, url: string, state: State, way: Way): Promise<Hand> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, storageState: state });
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
    const body = JSON.stringify({ ...answer, asOf: answer.asOf + run, cards: answer.cards });
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
