import { afterAll, expect, test } from 'vitest';
import { mustBeClear, mustBeClosed, screens, visit } from './visit.ts';

/** Analytics as a person sees it: the simulated Meta's 90 days of past, read by the product itself. */

const here = await visit({ env: { STATUS_SWEEP_SECONDS: '5', METRICS_CYCLE_SECONDS: '30' } });
const { product, database, page, complaints } = here;
afterAll(here.close);

/** Until the past of all accounts has been read. */
async function untilPastIsRead(): Promise<void> {
  await expect
    .poll(
      async () => {
        const [row] = await database.sql<{ left: number }>`
          select count(*)::int as left from accounts a left join particulars p on p.account_no = a.no
          where p.history_from is null or p.history_from > current_date - 80`;
        return row?.left;
      },
      { timeout: 100_000, interval: 500 },
    )
    .toBe(0);
}

const main = () => page.getByRole('main');
const spend = () => main().getByRole('img', { name: /^Spend per day in USD/ });

test('the page is closed to whoever is not signed in', async () => {
  await mustBeClosed(here, '/analytics');
});

test('the house leads to it; it says what its figures stand on, and agrees with a count of its own', async () => {
  await untilPastIsRead();
  await page
    .getByRole('navigation', { name: 'Main', exact: true })
    .getByRole('link', { name: 'Analytics' })
    .click();
  await page.getByRole('heading', { level: 1, name: 'Analytics' }).waitFor();
  await main()
    .getByText(/[0-9,]+ closed account-days, .+ to .+, each in its account’s own time zone/)
    .waitFor();
  // The days of the page end where the first account's running day begins.
  const [row] = await database.sql<{ accounts: number; minor: number; days: number }>`
    with own as (
      select a.no, (now() at time zone a.timezone)::date as today from accounts a where a.currency = 'USD'),
    frame as (select min((now() at time zone timezone)::date) as open from accounts)
    select (select count(*) from own)::int as accounts, sum(d.spend_minor)::int8 as minor, count(*)::int as days
    from account_days d join own on own.no = d.account_no, frame
    where d.day >= frame.open - 30 and d.day < frame.open and d.day < own.today`;
  const money = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' }).format(
    (row?.minor ?? 0) / 100,
  );
  const words = `${money} on ${row?.days} closed account-days of ${row?.accounts} accounts`;
  await main().getByText(words).waitFor();
});

test('charts are drawn, read out what is under the pointer, and zoom by dragging', async () => {
  await spend().locator('canvas').waitFor();
  const drawn = await spend()
    .locator('canvas')
    .evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const pixels =
        (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
      return pixels.some((value) => value > 0);
    });
  expect(drawn).toBe(true);
  const box = (await spend().locator('.u-over').boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const legend = main().getByRole('list', { name: 'Lines of Spend per day' }).first();
  await legend
    .getByText(/^\$[0-9,.]+$/)
    .first()
    .waitFor();
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.8, box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
  await main().getByRole('button', { name: 'Whole period' }).click();
  await expect.poll(() => main().getByRole('button', { name: 'Whole period' }).count()).toBe(0);
});

test('each chart has its figures as a table, the day that runs marked', async () => {
  await main().getByText('As a table').first().click();
  const table = main().getByRole('table', { name: 'Spend per day in USD' });
  await table
    .getByRole('rowheader', { name: /not over yet/ })
    .first()
    .waitFor();
  expect(await table.getByRole('row').count()).toBeGreaterThanOrEqual(32);
});

test('the switches are in the address, and go without loading the page anew', async () => {
  await page.evaluate(() => ((globalThis as unknown as { stayed: boolean }).stayed = true));
  await main().getByRole('navigation', { name: 'Group by' }).getByRole('link', { name: 'Currency' }).click();
  await page.waitForURL('**/analytics?by=currency');
  await main()
    .getByRole('list', { name: 'Lines of Spend per day' })
    .first()
    .getByText('All accounts in USD')
    .waitFor();
  await main().getByRole('navigation', { name: 'Period' }).getByRole('link', { name: '7 d' }).click();
  await page.waitForURL('**/analytics?by=currency&days=7');
  await main().getByText('deaths, days and limits of the last 7 days').waitFor();
  expect(await page.evaluate(() => (globalThis as unknown as { stayed?: boolean }).stayed)).toBe(true);
});

test('findings say who pays more, by how much and what it cost; the vendors’ table says where there is too little', async () => {
  await page.goto(`${product.url}/analytics`);
  await main()
    .getByText(/pays? \d+% more per outbound click than the rest of Agency/)
    .first()
    .waitFor();
  await main()
    .getByText(/At the rest’s price/)
    .first()
    .waitFor();
  const vendors = main().getByRole('table').filter({ hasText: 'Median life' });
  expect(await vendors.getByRole('row').count()).toBe(5);
  await vendors.getByText('too few to say').first().waitFor();
  // Three months under watch, told by hand: five of one vendor have died.
  const [{ vendor }] = (await database.sql<{ vendor: string }>`
    select v.name as vendor from accounts a join vendors v on v.id = a.vendor_id
    join latest l on l.account_no = a.no and l.status_code = 1
    group by v.name having count(*) >= 5 order by count(*) desc limit 1`) as [{ vendor: string }];
  await database.transaction(async (sql) => {
    await sql`update accounts set date_added = now() - interval '90 days'`;
    await sql`update transitions set detected_at = now() - interval '90 days' where kind = 'discovered'`;
    await sql`insert into transitions (account_no, kind, from_code, to_code, from_state, to_state, detected_at)
      select a.no, 'status_changed', 1, 2, 'active', 'suspended', now() - row_number() over (order by a.no) * interval '5 days'
      from accounts a join vendors v on v.id = a.vendor_id join latest l on l.account_no = a.no and l.status_code = 1
      where v.name = ${vendor} order by a.no limit 5`;
  });
  await page.goto(`${product.url}/analytics?days=90`);
  const row = vendors.getByRole('row', { name: new RegExp(vendor) });
  await row.getByText(/5 deaths/).waitFor();
  await row.getByText(/95%: [0-9.]+ to [0-9.]+, [0-9,]+ days watched/).waitFor();
  const curve = main().getByRole('img', { name: new RegExp(`Share of accounts still alive .*${vendor}`) });
  await curve.scrollIntoViewIfNeeded();
  await curve.locator('canvas').waitFor();
});

test.each(screens)('at %i x %i in %s nothing stands in the way', async (width, height, colorScheme) => {
  const view = await here.at(width, height, colorScheme);
  for (const address of ['/analytics', '/analytics?by=connection&days=90']) {
    await view.goto(`${product.url}${address}`);
    // Charts wait until they come near the window.
    await view
      .getByRole('img', { name: /^Spend per day/ })
      .first()
      .scrollIntoViewIfNeeded();
    await view.locator('canvas').first().waitFor();
    await view.getByText('As a table').first().click();
    await view.locator('summary').filter({ hasText: 'closed account-days of' }).first().click();
    await mustBeClear(view, address);
  }
  const shots = process.env['SCREENSHOTS'];
  if (shots !== undefined)
    await view.screenshot({ path: `${shots}/analytics-${width}-${colorScheme}.png`, fullPage: true });
  await view.context().close();
});

test('on the first day it says when figures appear', async () => {
  await database.sql`delete from account_days`;
  await page.goto(`${product.url}/analytics`);
  await main().getByRole('heading', { name: 'No closed account-day yet' }).waitFor();
});

test('nothing complained on the way', () => {
  expect(complaints).toEqual([]);
});
