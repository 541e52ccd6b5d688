import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { startServer } from '../../bench/bench-house.ts';
import { signIn } from './product.ts';
import { mustBeClear, visit } from './visit.ts';
import { awake } from './watch.ts';

/** The table and what narrows the board, with 500 accounts of a Meta that runs beside the product. */

const accounts = 500;
const simulator = await startServer('simulator/main.ts', ['--port', '0', '--accounts', String(accounts)]);
const here = await visit({
  env: {
    ...{ FB_ACCESS_TOKEN: 'test', META_GRAPH_URL: simulator.url, META_REQUESTS_PER_MINUTE: '1000000' },
    STATUS_SWEEP_SECONDS: '5',
  },
  context: { permissions: ['clipboard-read', 'clipboard-write'] },
});
const { product, browser, page, complaints } = here;
afterAll(async () => {
  await here.close();
  await simulator.stop();
});

async function unread(): Promise<number> {
  const response = await page.request.get(`${product.url}/api/board`);
  const { cards } = (await response.json()) as { cards: { metricsAt: number | null }[] };
  return cards.length < accounts ? accounts : cards.filter(({ metricsAt }) => metricsAt === null).length;
}

const rows = (on = page) => on.locator('tbody tr[data-account]');
const head = (name: string | RegExp) => page.getByRole('columnheader', { name });
const search = () => new URL(page.url()).searchParams;
const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-account') ?? null);
const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
const idOf = (place: number) => rows().nth(place).getAttribute('data-account');
const total = async () => Number(await page.getByRole('table').getAttribute('aria-rowcount')) - 1;

test('every account is read', async () => {
  await expect.poll(unread, { timeout: 100_000, interval: 500 }).toBe(0);
});

test('the switch shows the same accounts as a table, of which only the rows near the screen are drawn', async () => {
  await page.goto(`${product.url}/dashboard`);
  await page.getByRole('button', { name: 'Table' }).click();
  await rows().nth(20).waitFor();
  expect(await total()).toBe(accounts);
  expect(await rows().count()).toBeLessThan(80);
  expect(search().get('view')).toBe('table');
  expect(await page.getByRole('navigation', { name: 'Main', exact: true }).getByText('Table').count()).toBe(
    1,
  );
  // The way that was used last is drawn first the next time.
  await page.goto(`${product.url}/dashboard`);
  await rows().nth(20).waitFor();
});

test('the wheel reaches the last account, each row with its number, and the head stays', async () => {
  const box = page.getByRole('region', { name: 'Accounts' });
  await box.evaluate((element) => (element.scrollTop = element.scrollHeight));
  await expect.poll(() => rows().last().getAttribute('aria-rowindex')).toBe(String(accounts + 1));
  const places = await rows().evaluateAll((all) =>
    all.map((one) => Number(one.getAttribute('aria-rowindex'))),
  );
  expect(places).toEqual(places.map((_, place) => (places[0] ?? 0) + place));
  const top = await head('State').evaluate((one) => one.getBoundingClientRect().top);
  expect(top).toBe(await box.evaluate((one) => one.getBoundingClientRect().top + one.clientTop));
  await box.evaluate((element) => (element.scrollTop = 0));
  await expect.poll(() => rows().first().getAttribute('aria-rowindex')).toBe('2');
});

test('every head sorts, by keyboard too, down, up and back; the address keeps it', async () => {
  const before = await idOf(0);
  const spend = head(/^Spend today/);
  await spend.getByRole('button').focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => spend.getAttribute('aria-sort')).toBe('descending');
  expect(search().get('sort')).toBe('-spend');
  const figures = async () => {
    const cells = await rows().locator('.c-spend').allTextContents();
    return cells.slice(0, 20).map((text) => Number(text.replaceAll(',', '')));
  };
  const down = await figures();
  expect(down).toEqual(down.toSorted((a, b) => b - a));
  await page.keyboard.press('Enter');
  await expect.poll(() => spend.getAttribute('aria-sort')).toBe('ascending');
  const up = await figures();
  expect(up).toEqual(up.toSorted((a, b) => a - b));
  expect(up[0]).toBeLessThan(down[0]!);
  await page.keyboard.press('Enter');
  await expect.poll(() => spend.getAttribute('aria-sort')).toBeNull();
  expect(await idOf(0)).toBe(before);
  const heads = page.getByRole('columnheader');
  for (let place = 0; place < (await heads.count()); place++) {
    await heads.nth(place).getByRole('button').click();
    await expect.poll(() => heads.nth(place).getAttribute('aria-sort')).not.toBeNull();
    expect(await page.locator('[aria-sort]').count()).toBe(1);
  }
  await page.goto(`${product.url}/dashboard?view=table`);
  await rows().nth(20).waitFor();
});

test('columns and the height of rows are chosen, and still there in another browser', async () => {
  await page.getByText(/^Columns 15 of 25$/).click();
  await page.getByLabel('Vendor', { exact: true }).last().uncheck();
  await page.getByLabel('Lifetime clicks').check();
  await page.keyboard.press('Escape');
  expect(await head('Vendor').count()).toBe(0);
  await head(/^Clicks ever/).waitFor();
  await page.getByRole('group', { name: 'Height of a row' }).getByRole('button', { name: '40' }).click();
  const heightOf = (on: Page) =>
    rows(on)
      .nth(3)
      .evaluate((row) => row.getBoundingClientRect().height);
  await expect.poll(() => heightOf(page)).toBe(40);
  await page.waitForLoadState('networkidle');
  const other = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const there = await other.newPage();
  await signIn(there, product.url);
  await rows(there).nth(10).waitFor();
  await there.getByRole('columnheader', { name: /^Clicks ever/ }).waitFor();
  expect(await there.getByRole('columnheader', { name: 'Vendor' }).count()).toBe(0);
  expect(await heightOf(there)).toBe(40);
  await other.close();
  await page.getByText(/^Columns 15 of 25$/).click();
  await page.getByRole('button', { name: 'Back to the usual columns' }).click();
  await page.keyboard.press('Escape');
  await head('Vendor').waitFor();
  await page.getByRole('group', { name: 'Height of a row' }).getByRole('button', { name: '32' }).click();
  await expect.poll(() => heightOf(page)).toBe(32);
});

test('keys move between rows, copy and open; never while somebody types', async () => {
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await expect.poll(focused).toBe(await idOf(1));
  await page.keyboard.press('k');
  await expect.poll(focused).toBe(await idOf(0));
  await page.keyboard.press('c');
  await page.getByText('Account ID copied').waitFor();
  expect(await clipboard()).toBe(await idOf(0));
  // Far below the screen as well.
  for (let press = 0; press < 60; press++) await page.keyboard.press('j');
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-rowindex')))
    .toBe('62');
  const inSight = () =>
    page.evaluate(() => {
      const row = document.activeElement?.getBoundingClientRect();
      const box = document.querySelector('.table-wrap')?.getBoundingClientRect();
      return row !== undefined && box !== undefined && row.top >= box.top + 32 && row.bottom <= box.bottom;
    });
  await expect.poll(inSight).toBe(true);
  await page.keyboard.press('/');
  await page.keyboard.type('jk?c');
  expect(await page.getByRole('searchbox').inputValue()).toBe('jk?c');
  expect(await page.getByRole('dialog').count()).toBe(0);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  const dialog = page.getByRole('dialog', { name: 'Keys' });
  await dialog.waitFor();
  await page.keyboard.press('a');
  expect(new URL(page.url()).pathname).toBe('/dashboard');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await rows().nth(2).focus();
  const id = await focused();
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/accounts/${id}`);
  await page.goBack();
  await rows().nth(20).waitFor();
  await awake(page);
  await page.keyboard.press('a');
  await page.waitForURL('**/alerts');
  await page.goBack();
  await rows().nth(20).waitFor();
  await awake(page);
});

test('the keys can be switched off', async () => {
  await page.keyboard.press('?');
  await page.getByLabel(/Keys work on this device/).uncheck();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await page.keyboard.press('j');
  expect(await focused()).toBeNull();
  await page.getByRole('button', { name: /^Keys/ }).click();
  await page.getByLabel(/Keys work on this device/).check();
  await page.keyboard.press('Escape');
});

test('filters are told as chips, can be dropped one by one and all, and live in the address', async () => {
  await page.getByRole('combobox', { name: 'Currency', exact: true }).selectOption('EUR');
  await expect.poll(total).toBeLessThan(accounts);
  const ofCurrency = await total();
  await page
    .getByRole('button', { name: /Active/ })
    .first()
    .click();
  await page.getByRole('searchbox').fill('solar');
  await expect.poll(total).toBeLessThan(ofCurrency);
  expect([...search()].map(([name]) => name)).toEqual(['currency', 'state', 'q', 'view']);
  const cells = await rows().locator('.c-cur').allTextContents();
  expect(new Set(cells)).toEqual(new Set(['EUR']));
  await page.getByRole('button', { name: 'Drop “solar”' }).click();
  await page.getByRole('button', { name: 'Drop state: active' }).click();
  await expect.poll(total).toBe(ofCurrency);
  await page.getByRole('button', { name: 'Clear all' }).click();
  await expect.poll(total).toBe(accounts);
  await page.getByRole('searchbox').fill('nothing like this');
  await page.getByText('No account matches').waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await rows().nth(20).waitFor();
});

test('a view is saved under a name with its filters and order, counted, opened and removed', async () => {
  await page.getByRole('combobox', { name: 'Currency', exact: true }).selectOption('EUR');
  await head(/^Funds left/)
    .getByRole('button')
    .click();
  await expect.poll(total).toBeLessThan(accounts);
  const shown = await total();
  await page.getByRole('button', { name: 'Save view' }).click();
  await page.getByLabel('Name of the view').fill('Euros by funds');
  await page.keyboard.press('Enter');
  const views = page.getByRole('combobox', { name: 'Saved view', exact: true });
  const own = `Euros by funds (${shown})`;
  await expect.poll(() => views.locator('option').allTextContents()).toContain(own);
  await page.goto(`${product.url}/dashboard?view=cards`);
  await page.getByRole('article').nth(5).waitFor();
  const named = page.getByRole('button', { name: new RegExp(`^Euros by funds\\s*${shown}$`) });
  await named.click();
  await expect.poll(total).toBe(shown);
  expect(search().get('sort')).toBe('-funds');
  await views.selectOption({ label: await views.locator('option', { hasText: 'What burns' }).innerText() });
  const burning = Number(/\((\d+)\)/.exec(await views.locator('option:checked').innerText())?.[1]);
  await expect.poll(total).toBe(burning);
  await page.getByRole('button', { name: 'Cards' }).click();
  await page.getByRole('button', { name: 'Remove the view Euros by funds' }).click();
  await expect.poll(() => named.count()).toBe(0);
});

test('of many cards only those near the screen are drawn, each with its number, to the very last', async () => {
  await page.goto(`${product.url}/dashboard?view=cards`);
  const cards = page.getByRole('article');
  await cards.nth(5).waitFor();
  await expect.poll(() => cards.first().getAttribute('aria-setsize')).toBe(String(accounts));
  expect(await cards.count()).toBeLessThan(60);
  await page.keyboard.press('j');
  for (let press = 0; press < 40; press++) await page.keyboard.press('j');
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-posinset')))
    .toBe('41');
  // A page whose parts are measured as they come grows a little on the way down.
  const atTheEnd = async () => {
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    return cards.last().getAttribute('aria-posinset');
  };
  await expect.poll(atTheEnd).toBe(String(accounts));
  expect(await cards.last().isVisible()).toBe(true);
});

test('cut off, the table says of when it is, and catches up by itself', async () => {
  await page.goto(`${product.url}/dashboard?view=table`);
  await awake(page);
  await here.context.setOffline(true);
  await page.getByText(/Offline\. This is the board of \d\d:\d\d/).waitFor({ timeout: 60_000 });
  await rows().nth(20).waitFor();
  await here.context.setOffline(false);
  await awake(page);
  await page.getByText(/This is the board of/).waitFor({ state: 'detached' });
});

test('fifty bans at once are one sentence, and fifty rows in red and in words above all others', async () => {
  const suspended = () => page.locator('tbody tr[data-account]:has([data-state="suspended"])').count();
  const response = await fetch(`${simulator.url}/__sim/scenarios`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify({ kind: 'ban_wave', count: 50 }),
  });
  expect(response.status).toBe(200);
  await page.getByText(/^5\d accounts were suspended within the last hour:/).waitFor({ timeout: 60_000 });
  await page.goto(`${product.url}/dashboard?view=table`);
  await awake(page);
  expect(await suspended()).toBe(await rows().count());
  expect(await rows().first().textContent()).toContain('SUSPENDED');
  const counted = page.getByRole('group', { name: /state/i }).getByRole('button', { name: /Suspended/ });
  expect(Number(/\d+/.exec((await counted.textContent()) ?? '')?.[0])).toBeGreaterThanOrEqual(50);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await mustBeClear(page);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto(`${product.url}/dashboard?view=cards`);
  await awake(page);
  for (const name of await page.getByRole('article').evaluateAll((all) => all.map((one) => one.ariaLabel)))
    expect(name).toMatch(/suspended/i);
  await mustBeClear(page);
});

test.each([
  [1440, 900, 'light'],
  [1440, 900, 'dark'],
  [1024, 800, 'light'],
  [390, 844, 'light'],
  [390, 844, 'dark'],
  [360, 740, 'light'],
] as const)(
  'at %i x %i in %s the page never goes sideways and nothing stands in the way',
  async (width, height, colorScheme) => {
    const view = await here.at(width, height, colorScheme);
    await view.goto(`${product.url}/dashboard?view=table&vendor=Unassigned`);
    await rows(view).nth(10).waitFor();
    await mustBeClear(view);
    if (width < 1424) await view.getByRole('button', { name: 'Search and filters' }).click();
    await view.getByText(/^Columns 15 of 25$/).click();
    await mustBeClear(view);
    const account = rows(view).nth(2).getByRole('rowheader');
    const left = () => account.evaluate((cell) => Math.round(cell.getBoundingClientRect().left));
    const before = await left();
    const scrolled = await view.locator('.table-wrap').evaluate((box) => {
      box.scrollLeft = 300;
      return box.scrollLeft;
    });
    if (width < 1424) expect(scrolled).toBeGreaterThan(200);
    expect(await left()).toBe(before);
    await view.context().close();
  },
);

test('nothing complained on the way', () => {
  // The page of an account is not part of this room; and a browser that is cut off says so itself.
  expect(
    complaints.filter(
      (text) => !/status of 404|ERR_(INTERNET_DISCONNECTED|FAILED)|WebSocket connection to/.test(text),
    ),
  ).toEqual([]);
});
