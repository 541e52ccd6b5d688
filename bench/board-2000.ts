import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../tests/browser/launch.ts';
import { signIn, startProduct } from '../tests/browser/product.ts';
import { median, startServer } from './bench-house.ts';
import { measureHand, parts, type State, type Way, ways } from './board-hand.ts';
import type { Row } from './row.ts';

const small = 100;
const large = 2000;
const runs = 5;
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
