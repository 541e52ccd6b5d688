import { type Browser, type BrowserContextOptions } from 'playwright-core';
import { connectDatabase } from '../src/adapters/database/connect.ts';
import { startEmbedded } from '../src/adapters/database/embedded.ts';
import type { Database } from '../src/ports/sql.ts';
import { utcDay } from '../src/domain/calendar.ts';
import { ensurePartitions, slotSeconds } from '../src/store/snapshots.ts';
import { launchBrowser } from '../tests/browser/launch.ts';
import { signIn, startProduct } from '../tests/browser/product.ts';
import { until } from '../tests/flows/until.ts';
import { marks } from '../src/ui/account/use-history.ts';
import { median } from './bench-house.ts';
import type { Row } from './row.ts';

const days = 30;
const perDay = 288;
const dayMs = 86_400_000;
const runs = 15;
/** What was asked: so many points are drawn within so many milliseconds of their arrival. */
const limitMs = 50;
const log = { info: () => {}, warn: () => {}, error: () => {} };

type State = BrowserContextOptions['storageState'];

/** Milliseconds from the data's arrival on. */
interface Drawn {
  drawnMs: number;
  allDrawnMs: number;
  points: number;
}

/** From the data's arrival in the browser to the drawn charts of an account's page: 30 days of a point each five minutes. */
export async function benchAccountPage(): Promise<Row[]> {
  const product = await startProduct();
  const guest = await startEmbedded({ dataDir: product.dataDir, holder: 'guest', log });
  const database = connectDatabase({ to: guest.target, maxConnections: 2 });
  const browser = await launchBrowser();
  try {
    const id = await fillHistory(database);
    const context = await browser.newContext();
    const page = await context.newPage();
    await signIn(page, product.url);
    const address = `${product.url}/accounts/${id}?range=30d`;
    const state = await context.storageState();
    await drawOnce(browser, address, state);
    const taken: Drawn[] = [];
    for (let run = 0; run < runs; run++) taken.push(await drawOnce(browser, address, state));
    const points = taken.at(-1)?.points ?? 0;
    const row = (name: string, value: number): Row => ({
      ...{ name: `account page, ${points} points: ${name}`, value, unit: 'ms' },
      ...{ baseline: limitMs, baselineName: 'the limit' },
    });
    return [
      row('data to drawn chart', median(taken.map(({ drawnMs }) => drawnMs))),
      row('the fastest of these', Math.min(...taken.map(({ drawnMs }) => drawnMs))),
      row('the slowest of these', Math.max(...taken.map(({ drawnMs }) => drawnMs))),
      row('data to all five charts', median(taken.map(({ allDrawnMs }) => allDrawnMs))),
    ];
  } finally {
    await browser.close();
    await database.close();
    await guest.stop();
    await product.stop();
  }
}

/** Gives one account a snapshot each five minutes, and steps of its limit. */
async function fillHistory({ sql }: Database): Promise<string> {
  const account = await until(
    async () =>
      (
        await sql<{ no: number; id: string }>`
          select a.no, a.account_id as id from accounts a join latest l on l.account_no = a.no
          where l.state = 'active' order by a.no limit 1`
      )[0],
    (found) => found !== undefined,
  );
  const { no, id } = account ?? { no: 0, id: '' };
  const now = Math.floor(Date.now() / 300_000) * 300_000;
  await ensurePartitions(sql, utcDay(now - days * dayMs), days + 2);
  await sql`
    insert into snapshots (slot, account_no, spend_minor, clicks, outbound_clicks)
    select ${slotSeconds(now)}::int - n * 300, ${no}::int, (${perDay}::int - n % ${perDay}::int) * 87,
      (${perDay}::int - n % ${perDay}::int) * 3 + n % 7, (${perDay}::int - n % ${perDay}::int) * 2
    from generate_series(0, ${days * perDay}::int - 1) as n
    on conflict do nothing`;
  await sql`
    insert into standings (account_no, since, status_code, daily_limit_minor, daily_limit_source, spend_cap_minor,
      spend_cap_source, active_ads, total_ads)
    select ${no}::int, ${now}::timestamptz - n * interval '8 hours', 1, 25000 + n * 100, 'meta', 500000, 'meta', n % 20, 20
    from generate_series(1, ${days * 3}::int) as n on conflict do nothing`;
  return id;
}

async function drawOnce(browser: Browser, address: string, storageState: State): Promise<Drawn> {
  const context = await browser.newContext({
    ...(storageState === undefined ? {} : { storageState }),
    viewport: { width: 1440, height: 900 },
  });
  const page = await context.newPage();
  const arrived = page.waitForResponse((response) => response.url().includes('/history?'));
  await page.goto(address);
  const history = (await (await arrived).json()) as { points: { at: number[] } };
  await page.waitForFunction((name) => performance.getEntriesByName(name).length > 0, marks.allDrawn);
  const [data = NaN, drawn = NaN, allDrawn = NaN] = await page.evaluate(
    (names) => names.map((name) => performance.getEntriesByName(name)[0]?.startTime ?? NaN),
    [marks.data, marks.drawn, marks.allDrawn],
  );
  await context.close();
  return { drawnMs: drawn - data, allDrawnMs: allDrawn - data, points: history.points.at.length };
}
