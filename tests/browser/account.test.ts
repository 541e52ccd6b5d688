import { afterAll, beforeAll, expect, test } from 'vitest';
import { databaseClock } from '../../src/adapters/database/database-clock.ts';
import { embeddedSignIn } from '../../src/adapters/sign-in/embedded-sign-in.ts';
import { addMember } from '../../src/services/members/add-member.ts';
import { until } from '../flows/until.ts';
import { mustBeClear, mustBeClosed, screens, silentLog as log, visit } from './visit.ts';
import { listen, violationsOf } from './watch.ts';

/** The page of one account as a person meets it, on the simulated Meta. */

const viewer = { email: 'viewer@example.com', password: 'looks and does not write' };
const here = await visit({
  env: { STATUS_SWEEP_SECONDS: '5', METRICS_CYCLE_SECONDS: '30' },
  // What a worker fetches cannot be answered in its place.
  context: { serviceWorkers: 'block' },
});
const { product, database, browser, context, page, complaints } = here;
afterAll(here.close);
let alive: string;
let dead: string;

beforeAll(async () => {
  const owner = { role: 'admin', name: 'owner' } as const;
  const deps = { database, clock: databaseClock(database), signIn: embeddedSignIn(), log };
  await addMember(deps, owner, {
    ...viewer,
    role: 'viewer',
  });
  await until(() => accountOf('active'), Boolean);
  // Whether any is suspended by itself depends on the day in the simulated world.
  await page.getByRole('button', { name: 'Suspend one' }).click();
  dead = await until(() => accountOf('suspended'), Boolean, 60_000);
  alive = await until(() => accountOf('active'), Boolean);
  // A week of hours, once the past has been read.
  await until(
    () => historyLength(alive),
    (length) => length > 140,
    60_000,
  );
});

async function accountOf(state: string): Promise<string> {
  const [row] = await database.sql<{ id: string }>`
    select a.account_id as id from accounts a join latest l on l.account_no = a.no
    where l.state = ${state} and l.metrics_at is not null and (l.state_since is not null or l.state = 'active')
    order by 1 limit 1`;
  return row?.id ?? '';
}

async function historyLength(id: string): Promise<number> {
  const response = await page.request.get(`${product.url}/api/accounts/${id}/history?range=7d`);
  return ((await response.json()) as { points: { at: number[] } }).points.at.length;
}

const main = () => page.getByRole('main');
const chart = (name: RegExp) => main().getByRole('img', { name });
const panel = (name: string | RegExp) => main().getByRole('region', { name });
const readout = () => panel('Spend against limit').locator('.chart-readout').textContent();

async function open(id: string, search = ''): Promise<void> {
  await page.goto(`${product.url}/accounts/${id}${search}`);
  await main().getByRole('heading', { level: 1 }).waitFor();
  await chart(/^Spend against limit/)
    .locator('canvas')
    .waitFor();
}

/** Whether anything but the background was drawn. */
function inkOf(): Promise<number> {
  return page.locator('[data-chart=spend] canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let drawn = 0;
    for (let at = 3; at < data.length; at += 4) if (data[at] !== 0) drawn += 1;
    return drawn;
  });
}

test('the page is closed to whoever is not signed in, and so is its history', async () => {
  await mustBeClosed(here, `/accounts/${alive}`);
  expect((await fetch(`${product.url}/api/accounts/${alive}/history`)).status).toBe(401);
});

test('the name on a card leads to the page; the card is still named by its id', async () => {
  await page.goto(`${product.url}/dashboard`);
  const card = page.getByRole('article', { name: new RegExp(`^${alive} `) });
  await card.getByRole('link').click();
  await page.waitForURL(`**/accounts/${alive}`);
  await main()
    .getByRole('button', { name: `Copy ${alive}` })
    .waitFor();
  await expect.poll(() => page.title()).toMatch(/, active – ArbHub$/);
});

test('the charts are drawn, over each range that the address names', async () => {
  await open(alive);
  expect(await inkOf()).toBeGreaterThan(1000);
  expect(await main().locator('.chart canvas').count()).toBe(5);
  for (const [words, range] of [
    ['24 h', '24h'],
    ['30 d', '30d'],
    ['90 d', '90d'],
  ] as const) {
    await main().getByRole('link', { name: words, exact: true }).click();
    await page.waitForURL(`**?range=${range}`);
    await expect
      .poll(() => main().getByRole('link', { name: words, exact: true }).getAttribute('aria-current'))
      .toBe('true');
    await expect.poll(inkOf).toBeGreaterThan(1000);
  }
  expect(await readout()).toMatch(/^Last: .*, so far · spend of the account-day .*\d/);
});

test('a history of a range that does not exist is refused with a reason', async () => {
  const response = await page.request.get(`${product.url}/api/accounts/${alive}/history?range=1y`);
  expect(response.status()).toBe(400);
  expect(await response.text()).toContain('range must be one of 24h, 7d, 30d, 90d');
  expect((await page.request.get(`${product.url}/api/accounts/act_1/history`)).status()).toBe(404);
});

test('by keyboard the crosshair moves from point to point and says what it points at', async () => {
  await open(alive);
  await chart(/^Spend against limit/).focus();
  await page.keyboard.press('Home');
  const first = await readout();
  expect(first).toMatch(/^\w+ \d+, (.* [AP]M \S+|whole day) · spend of the account-day/);
  await page.keyboard.press('ArrowRight');
  expect(await readout()).not.toBe(first);
  await expect
    .poll(() => panel('Spend against limit').getByRole('status').textContent())
    .toBe(await readout());
  // The same moment on every chart.
  const moment = (await readout())?.split(' · ')[0];
  expect(await panel('Clicks').locator('.chart-readout').textContent()).toContain(moment);
  await page.keyboard.press('ArrowLeft');
  expect(await readout()).toBe(first);
});

test('it zooms by key, by button and by dragging, and goes back', async () => {
  await open(alive);
  const isZoomed = () => page.locator('[data-chart=spend]').getAttribute('data-zoomed');
  const whole = await inkOf();
  await chart(/^Spend against limit/).focus();
  await page.keyboard.press('+');
  await expect.poll(isZoomed).toBe('true');
  expect(await inkOf()).not.toBe(whole);
  await page.keyboard.press('0');
  await expect.poll(isZoomed).toBeNull();
  await main().getByRole('button', { name: 'Zoom in' }).click();
  await expect.poll(isZoomed).toBe('true');
  await main().getByRole('button', { name: 'Reset zoom' }).click();
  await expect.poll(isZoomed).toBeNull();
  const box = (await page.locator('[data-chart=spend] .u-over').boundingBox())!;
  await page.mouse.move(box.x + 100, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + 300, box.y + 60, { steps: 5 });
  await page.mouse.up();
  await expect.poll(isZoomed).toBe('true');
  await page.mouse.dblclick(box.x + 100, box.y + 60);
  await expect.poll(isZoomed).toBeNull();
});

test('by touch a finger moves the crosshair and two fingers zoom', async () => {
  const own = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    storageState: await context.storageState(),
  });
  const view = await own.newPage();
  listen(view, complaints);
  await view.goto(`${product.url}/accounts/${alive}`);
  const over = view.locator('[data-chart=spend] .u-over');
  await over.scrollIntoViewIfNeeded();
  const box = (await over.boundingBox())!;
  const words = view.locator('.chart-readout').first();
  const before = await words.textContent();
  await view.touchscreen.tap(box.x + 60, box.y + 40);
  await expect.poll(() => words.textContent()).not.toBe(before);
  const session = await own.newCDPSession(view);
  const fingers = (...places: number[]) => places.map((x, id) => ({ x: box.x + x, y: box.y + 60, id }));
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: fingers(100, 140) });
  for (const apart of [50, 70, 90])
    await session.send('Input.dispatchTouchEvent', {
      type: 'touchMove',
      touchPoints: fingers(120 - apart, 120 + apart),
    });
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await expect.poll(() => view.locator('[data-chart=spend]').getAttribute('data-zoomed')).toBe('true');
  await own.close();
});

test('each chart is a table as well, of the same points', async () => {
  await open(alive);
  const points = await historyLength(alive);
  await main().getByRole('button', { name: 'As a table: Spend against limit' }).click();
  const table = main().getByRole('table', { name: /Spend against limit/ });
  await table.waitFor();
  expect(await table.getByRole('row').count()).toBe(101);
  await main()
    .getByRole('button', { name: new RegExp(`older of (${points}|${points + 1}|${points + 2})$`) })
    .click();
  await expect.poll(() => table.getByRole('row').count()).toBeGreaterThan(101);
});

test('a suspended account has its last 72 hours, lane by lane, and what nobody knows is said', async () => {
  await open(dead);
  const replay = panel(/^Replay: the 72 hours before the ban/);
  for (const lane of ['State', 'Spend per hour', 'Daily limit', 'Ads rejected', 'Payment', 'Siblings'])
    await replay.getByText(lane, { exact: true }).waitFor();
  await replay.getByRole('button', { name: /^As a table/ }).click();
  await expect.poll(() => replay.getByRole('row').count()).toBeGreaterThan(70);
  await main().getByRole('button', { name: 'Share with Vendor' }).waitFor();
});

test('a note and tags are written, appear at once, and are in the audit log', async () => {
  await open(alive);
  await main().getByRole('button', { name: 'Edit tags' }).click();
  await page.keyboard.press('Escape');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Edit tags');
  await page.keyboard.press('Enter');
  await main().getByLabel('Tags, with commas').fill('US, <b>');
  await main().getByRole('button', { name: 'Save the tags' }).click();
  await main().getByRole('alert').filter({ hasText: 'A tag has 1 to 30 letters' }).waitFor();
  expect(await main().getByLabel('Tags, with commas').inputValue()).toBe('US, <b>');
  await main().getByLabel('Tags, with commas').fill('US, finance');
  await main().getByRole('button', { name: 'Save the tags' }).click();
  await expect
    .poll(() => main().getByRole('list', { name: 'Tags' }).getByRole('listitem').allTextContents())
    .toEqual(['finance', 'us']);
  await main().getByRole('button', { name: 'Add a note' }).click();
  await main().getByLabel('Note, for whoever').fill('New landing page,\nwatch <rejections>.');
  await main().getByRole('button', { name: 'Save the note' }).click();
  const timeline = panel('Timeline');
  await timeline.getByText('Note by owner@example.com').waitFor();
  await timeline.getByText('watch <rejections>.').waitFor();
  await timeline.getByLabel('Kind').selectOption('limits');
  await page.waitForURL('**kind=limits**');
  expect(await panel('Timeline').getByText('Note by').count()).toBe(0);
  const audited = await database.sql<{ action: string }>`
    select action from audit_log where action like 'account.%' order by id`;
  expect(audited.map(({ action }) => action)).toEqual(['account.tagged', 'account.noted']);
});

test('a change of the account comes to the open page', async () => {
  await open(alive);
  await page.getByText('Live', { exact: true }).waitFor();
  await database.sql`insert into account_tags select no, 'from elsewhere' from accounts where account_id = ${alive}`;
  await database.sql`select pg_notify('arbhub_live', ${JSON.stringify({ type: 'changed', accountIds: [alive] })})`;
  await main().getByRole('list', { name: 'Tags' }).getByText('from elsewhere').waitFor();
});

test('a viewer sees what was written and cannot write', async () => {
  const own = await browser.newContext();
  const view = await own.newPage();
  listen(view, complaints);
  await view.goto(`${product.url}/login`);
  await view.getByLabel('Email').fill(viewer.email);
  await view.getByLabel('Password').fill(viewer.password);
  await view.getByRole('button', { name: 'Sign in' }).click();
  await view.waitForURL('**/dashboard');
  await view.goto(`${product.url}/accounts/${alive}`);
  await view.getByRole('list', { name: 'Tags' }).getByText('finance').waitFor();
  await view.getByText('Note by owner@example.com').waitFor();
  expect(await view.getByRole('button', { name: /Edit tags|Add a note/ }).count()).toBe(0);
  await own.close();
});

test('an account that does not exist is said so', async () => {
  const own = await context.newPage();
  for (const id of ['act_1', 'nonsense']) {
    const response = await own.goto(`${product.url}/accounts/${id}`);
    expect(response?.status()).toBe(404);
    await own.getByRole('heading', { name: 'There is no such account' }).waitFor();
    // The browser puts this page together by itself, and it has its styles all the same.
    await expect
      .poll(() => own.getByRole('link').evaluate((link) => getComputedStyle(link).textDecorationLine))
      .toBe('none');
    expect(await violationsOf(own)).toEqual([]);
  }
  await own.close();
});

test('charts that cannot be loaded say why, and are loaded when asked again', async () => {
  const own = await context.newPage();
  // News would have the page ask again by itself.
  await own.routeWebSocket('**/api/live**', () => {});
  await own.route('**/history?**', (route) =>
    route.fulfill({
      status: 500,
      json: { error: { code: 'internal', message: 'Went wrong.', requestId: 'r-17' } },
    }),
  );
  await own.goto(`${product.url}/accounts/${alive}`);
  await own.getByRole('alert').filter({ hasText: 'Went wrong. Request r-17.' }).waitFor();
  await own.unroute('**/history?**');
  await own.getByRole('button', { name: 'Try again' }).click();
  await own.locator('[data-chart=spend] canvas').waitFor();
  await own.close();
});

test.each(screens)('at %i x %i in %s nothing stands in the way', async (width, height, colorScheme) => {
  const view = await here.at(width, height, colorScheme);
  for (const [id, isTable] of [
    [alive, false],
    [dead, false],
    [dead, true],
  ] as const) {
    await view.goto(`${product.url}/accounts/${id}`);
    await view.locator('[data-chart=spend] canvas').waitFor();
    if (isTable)
      for (const button of await view.getByRole('button', { name: /^As a table/ }).all())
        await button.click();
    await mustBeClear(view, `${id} ${isTable}`);
  }
  await view.context().close();
});

test('nothing complained on the way', () => {
  expect(complaints).toEqual([]);
});
