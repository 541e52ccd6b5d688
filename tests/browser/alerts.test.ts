import { afterAll, expect, test } from 'vitest';
import { makeAlertLink } from '../../src/services/alerts/alert-links.ts';
import { sendDigest } from '../../src/services/alerts/send-digest.ts';
import { mustBeClear, mustBeClosed, screens, silentLog as log, visit } from './visit.ts';
import { awake, listen } from './watch.ts';

/** Alerts as a person meets them: a wave of bans at the simulated Meta, the screen, and the link of a message. */

// No channel: nothing listens on this port, so that a delivery in trouble is to be seen.
const here = await visit({
  env: {
    STATUS_SWEEP_SECONDS: '5',
    METRICS_CYCLE_SECONDS: '30',
    SLACK_WEBHOOK_URL: 'http://127.0.0.1:9/services/T0/B0/secret',
  },
});
const { product, database, browser, page, complaints } = here;
afterAll(here.close);

const main = () => page.getByRole('main');
const wave = () =>
  main()
    .getByRole('region', { name: /12 accounts: account suspended/ })
    .first();

async function alertId(kind: string): Promise<number> {
  const rows = await database.sql<{ id: number }>`
    select id from alerts where kind = ${kind} and resolved_at is null and acknowledged_at is null order by id desc limit 1`;
  return rows[0]?.id ?? 0;
}

async function newLink(id: number): Promise<string> {
  const [channel] = await database.sql<{ id: number }>`select id from channels where name = 'default'`;
  const path = await makeAlertLink(database.sql, {
    alertId: id,
    channelId: channel?.id ?? 0,
    at: Date.now(),
  });
  return `${product.url}${path}`;
}

test('the screen is closed to whoever is not signed in', async () => {
  await mustBeClosed(here, '/alerts', '/alerts/digest/2026-11-24');
});

test('a wave of bans enters the open screen without a reload, as one incident', async () => {
  await page.goto(`${product.url}/alerts`);
  await page.getByText('Live', { exact: true }).waitFor();
  await page.evaluate(() => ((globalThis as unknown as { stayed: boolean }).stayed = true));
  await page.getByRole('button', { name: 'Ban wave' }).click();
  await wave().waitFor({ timeout: 30_000 });
  expect(await page.evaluate(() => (globalThis as unknown as { stayed?: boolean }).stayed)).toBe(true);
  await wave()
    .getByText(/Still down for/)
    .waitFor();
  await wave()
    .getByText(/\d+ down of \d+/)
    .first()
    .waitFor();
  expect(await page.title()).toMatch(/^\(\d+\) Alerts/);
  // The channel cannot be reached, and the alert says when it is tried again.
  await wave()
    .getByText(/default, try \d/)
    .waitFor({ timeout: 30_000 });
});

test('the board shows how many alerts are open, and keeps count', async () => {
  await page.goto(`${product.url}/dashboard`);
  const link = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /Alerts/ });
  const before = Number(/\d+/.exec((await link.textContent()) ?? '')?.[0]);
  expect(before).toBeGreaterThan(0);
  await page.getByText('Live', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Suspend one' }).click();
  await expect.poll(() => link.textContent(), { timeout: 30_000 }).toContain(`${before + 1} open`);
});

test('acknowledged by keyboard, with a reason, an alert moves to where it is looked after', async () => {
  await page.goto(`${product.url}/alerts`);
  await wave().getByRole('button', { name: 'Acknowledge' }).focus();
  await page.keyboard.press('Enter');
  // Escape closes and gives the focus back.
  await page.keyboard.press('Escape');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Acknowledge');
  await page.keyboard.press('Enter');
  await page.keyboard.type('vendor has been called');
  await page.keyboard.press('Enter');
  await page.getByText('Acknowledged. It is not told again.').waitFor();
  await expect.poll(() => wave().count()).toBe(0);
  await page.getByRole('link', { name: /^Acknowledged 1/ }).click();
  await page.waitForURL('**/alerts?state=acknowledged');
  await main()
    .getByText(/by owner@example.com: “vendor has been called”/)
    .first()
    .waitFor();
  const rows = await database.sql<{
    actor: string;
  }>`select actor from audit_log where action = 'alert.acknowledged'`;
  expect(rows).toEqual([{ actor: 'owner@example.com' }]);
});

test('a chosen alert shows its life; snoozed and silenced it says so', async () => {
  await page.goto(`${product.url}/alerts?kind=account_suspended`);
  await main()
    .getByRole('link', { name: /^Account suspended/ })
    .first()
    .click();
  await page.waitForURL('**&alert=*');
  const life = main()
    .getByRole('region', { name: /Account suspended/ })
    .last();
  await life.getByText('Opened').waitFor();
  await life.getByRole('button', { name: 'Snooze' }).click();
  await life.getByRole('button', { name: '4 h' }).click();
  await page.getByText(/Snoozed for 4 h/).waitFor();
  await life.getByText(/snoozed till/).waitFor();
  await life.getByRole('button', { name: 'Silence' }).click();
  await life.getByLabel('Why?').fill('card is being changed');
  await life.getByRole('button', { name: 'Silence' }).last().click();
  await main().getByText('1 silence in force').waitFor();
  await main()
    .getByRole('button', { name: /^End silence/ })
    .click();
  await expect.poll(() => main().getByText('1 silence in force').count()).toBe(0);
});

test('an empty answer says what to do next', async () => {
  await page.goto(`${product.url}/alerts`);
  await page.getByLabel('Kind').selectOption('token_dead');
  await page.waitForURL('**kind=token_dead**');
  await main().getByRole('heading', { name: 'No alert matches' }).waitFor();
  await main().getByRole('link', { name: 'Clear filters' }).click();
  await page.waitForURL('**/alerts');
  await main()
    .getByRole('heading', { name: /^Account suspended/ })
    .first()
    .waitFor();
});

test.each([true, false])(
  "a message's link works once, without signing in; scripts: %s",
  async (javaScriptEnabled) => {
    const before = await alertId('account_suspended');
    await page.goto(`${product.url}/dashboard`);
    await awake(page);
    await page.getByRole('button', { name: 'Suspend one' }).click();
    await expect.poll(() => alertId('account_suspended'), { timeout: 30_000 }).toBeGreaterThan(before);
    const id = await alertId('account_suspended');
    const link = await newLink(id);
    const stranger = await browser.newContext({ javaScriptEnabled });
    const view = await stranger.newPage();
    listen(view, complaints);
    // A scanner that opens it changes nothing, however often.
    for (let i = 0; i < 3; i++) {
      const response = await view.goto(link);
      expect(response?.headers()).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
      });
    }
    await view.getByText(/link sent to default/).waitFor();
    if (javaScriptEnabled) await view.getByLabel(/What are you doing/).fill('raised it again');
    await view.getByRole('button', { name: 'Acknowledge' }).click();
    await view.getByText(/^Acknowledged\./).waitFor();
    const [row] = await database.sql<{ by: string; reason: string }>`
    select acknowledged_by as by, acknowledged_reason as reason from alerts where id = ${id}::int8`;
    expect(row).toEqual({
      by: 'link sent to default',
      reason: javaScriptEnabled ? 'raised it again' : 'Acknowledged from the message',
    });
    await view.goto(link);
    await view.getByRole('heading', { name: 'This link does not work any more' }).waitFor();
    expect(product.output()).not.toContain(link.split('/').at(-1));
    await stranger.close();
  },
);

test("another site cannot post a link's form", async () => {
  const link = await newLink(await alertId('account_suspended'));
  const own = await browser.newContext();
  const view = await own.newPage();
  await view.goto(link);
  const fields = await view
    .locator('form input[type=hidden]')
    .evaluateAll((all) =>
      all.map((one) => [one.getAttribute('name') ?? '', one.getAttribute('value') ?? '']),
    );
  const form = new FormData();
  for (const [name = '', value = ''] of [...fields, ['act', 'acknowledge'], ['reason', '']])
    form.set(name, value);
  const response = await fetch(link, {
    method: 'POST',
    body: form,
    headers: { origin: 'https://elsewhere.example' },
  });
  expect(response.status).toBeGreaterThanOrEqual(400);
  await view.reload();
  await view.getByRole('button', { name: 'Acknowledge' }).waitFor();
  await own.close();
});

test.each(screens)('at %i x %i in %s nothing stands in the way', async (width, height, colorScheme) => {
  await database.sql`update members set created_at = now() - interval '2 days'`;
  const morning = Date.parse(`${new Date().toISOString().slice(0, 10)}T08:30:00Z`);
  await sendDigest({ database, log }, morning);
  const view = await here.at(width, height, colorScheme);
  const single = await alertId('account_suspended');
  for (const address of [
    '/alerts',
    `/alerts?alert=${single}`,
    '/alerts?state=all',
    '/alerts?kind=token_dead',
    `/alerts/digest/${new Date(morning).toISOString().slice(0, 10)}`,
    new URL(await newLink(single)).pathname,
    '/alerts/act/used-up',
  ]) {
    await view.goto(`${product.url}${address}`);
    await view.getByRole('heading', { level: 1 }).waitFor();
    const acknowledge = view.getByRole('button', { name: 'Acknowledge' }).first();
    if (address.includes('alert=')) await acknowledge.click();
    await mustBeClear(view, address);
  }
  await view.context().close();
});

test('nothing complained on the way', () => {
  expect(complaints).toEqual([]);
});
