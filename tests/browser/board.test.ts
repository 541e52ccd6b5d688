import { afterAll, beforeAll, expect, test } from 'vitest';
import { slackReceiver } from '../slack-receiver.ts';
import { signIn } from './product.ts';
import { mustBeClear, visit } from './visit.ts';
import { awake } from './watch.ts';

/** The board as a person sees it: the built product, its simulated Meta, a real browser. Sweeps run every 5 s here. */

const slack = await slackReceiver();
const here = await visit({
  env: { STATUS_SWEEP_SECONDS: '5', METRICS_CYCLE_SECONDS: '30', SLACK_WEBHOOK_URL: slack.url },
  context: { permissions: ['clipboard-read', 'clipboard-write'] },
  isSignedIn: false,
});
const { product, context, page, complaints } = here;
beforeAll(untilHealthy);
afterAll(async () => {
  await here.close();
  await slack.close();
});

async function untilHealthy(): Promise<void> {
  const until = performance.now() + 30_000;
  while (performance.now() < until) {
    const response = await fetch(`${product.url}/api/health`);
    const health = (await response.json()) as { accounts_monitored: number };
    if (response.status === 200 && health.accounts_monitored === 30) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`the product did not become healthy:\n${product.output()}`);
}

const cards = () => page.getByRole('article');
const suspended = () => page.getByRole('article', { name: /suspended/i });
const clipboard = () => page.evaluate(() => navigator.clipboard.readText());

test('the board is closed to whoever is not signed in, and a wrong password says so', async () => {
  await page.goto(`${product.url}/dashboard`);
  expect(new URL(page.url()).pathname).toBe('/login');
  await page.getByLabel('Email').fill('nobody@example.com');
  await page.getByLabel('Password').fill('not the right one at all');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').filter({ hasText: 'Email or password is wrong' }).waitFor();
});

test('signed in, all 30 accounts are there, each named by its id, with the simulation named as such', async () => {
  await signIn(page, product.url);
  await expect.poll(() => cards().count()).toBe(30);
  for (const name of await cards().evaluateAll((all) => all.map((one) => one.getAttribute('aria-label'))))
    expect(name).toMatch(/^act_[0-9]+ /);
  await page.getByText('SIMULATION').first().waitFor();
  expect(await page.getByRole('button', { name: 'Suspend one' }).isVisible()).toBe(true);
});

test('the counts on top add up to the fleet', async () => {
  const counts = await page
    .getByRole('group', { name: /state/i })
    .getByRole('button')
    .evaluateAll((all) => all.map((one) => Number(/\d+/.exec(one.textContent ?? '')?.[0])));
  expect(counts).toHaveLength(8);
  // Stale figures are a mark beside a state, not a state.
  expect(counts.reduce((sum, n) => sum + n, 0)).toBeGreaterThanOrEqual(30);
});

test('a ban turns the card red without a reload and reaches Slack', async () => {
  const before = await suspended().count();
  await page.evaluate(() => ((globalThis as unknown as { stayed: boolean }).stayed = true));
  await page.getByRole('button', { name: 'Suspend one' }).click();
  await page
    .getByText(/Suspended act_\d+ at the simulated Meta/)
    .first()
    .waitFor();
  await expect.poll(() => suspended().count(), { timeout: 20_000 }).toBe(before + 1);
  const newest = suspended().first();
  expect(await newest.textContent()).toContain('SUSPENDED');
  const red = await newest.evaluate((card) => getComputedStyle(card).backgroundColor);
  expect(red).toBe('rgb(220, 38, 38)');
  expect(await page.evaluate(() => (globalThis as unknown as { stayed?: boolean }).stayed)).toBe(true);
  const id = /act_\d+/.exec((await newest.getAttribute('aria-label')) ?? '')?.[0] ?? 'none';
  await expect.poll(() => slack.messages.filter(({ text }) => text.includes(id)).length).toBe(1);
});

test('copying an id and sharing with the vendor fill the clipboard and say so', async () => {
  const card = suspended().first();
  const id = /act_\d+/.exec((await card.getAttribute('aria-label')) ?? '')?.[0] ?? 'none';
  await card.getByRole('button', { name: `Copy ${id}` }).click();
  await page.getByText('Account ID copied').waitFor();
  expect(await clipboard()).toBe(id);
  await card.getByRole('button', { name: 'Share with Vendor' }).click();
  await page.getByText('Suspension report copied - paste to vendor').waitFor();
  const report = await clipboard();
  expect(report).toContain(`Account suspended: ${id}`);
  expect(report).toMatch(/Vendor: Agency (Alpha|Beta|Gamma|Delta)/);
  expect(report).toMatch(/\nReplacement needed$/);
});

test('vendor, state and search narrow the board, and the address keeps them', async () => {
  await page.getByRole('button', { name: /Agency Beta/ }).click();
  const beta = await cards().count();
  expect(beta).toBeGreaterThan(0);
  expect(beta).toBeLessThan(30);
  expect(new URL(page.url()).searchParams.get('vendor')).toBe('Agency Beta');
  await page.reload();
  await expect.poll(() => cards().count()).toBe(beta);
  await page.getByRole('button', { name: /All vendors/ }).click();
  await page.getByRole('button', { name: /^\s*\d+\s*Suspended/ }).click();
  await expect.poll(async () => (await cards().count()) === (await suspended().count())).toBe(true);
  await page.getByRole('button', { name: /^\s*\d+\s*Suspended/ }).click();
  await page.keyboard.press('/');
  await page.keyboard.type('Solar');
  await expect.poll(() => cards().count()).toBeLessThan(30);
  for (const text of await cards().allTextContents()) expect(text).toContain('Solar');
  await page.keyboard.type(' nothing like this');
  await page.getByText('No account matches').waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect.poll(() => cards().count()).toBe(30);
});

test('a lost line shows itself, and the board catches up when it is back', async () => {
  await context.setOffline(true);
  await page
    .getByText(/Offline/)
    .first()
    .waitFor({ timeout: 60_000 });
  await context.setOffline(false);
  await page.getByText('Live', { exact: true }).first().waitFor({ timeout: 60_000 });
});

test('going back to normal empties the red', async () => {
  const before = await suspended().count();
  await page.getByRole('button', { name: 'Back to normal' }).click();
  await expect.poll(() => suspended().count(), { timeout: 20_000 }).toBeLessThan(before);
});

test.each([
  ['desk', 1440, 900, 'light'],
  ['desk', 1440, 900, 'dark'],
  ['phone', 390, 844, 'light'],
  ['phone', 390, 844, 'dark'],
] as const)(
  'on a %s of %i x %i in %s nothing stands in the way',
  async (device, width, height, colorScheme) => {
    const view = await here.at(width, height, colorScheme);
    await view.goto(`${product.url}/dashboard`);
    await view.getByRole('article').nth(29).waitFor({ state: 'attached' });
    // In one turn: cards that come to life meanwhile are other elements.
    const lefts = await view.evaluate(() =>
      [...document.querySelectorAll('article')]
        .slice(0, 9)
        .map((one) => Math.round(one.getBoundingClientRect().left)),
    );
    expect(new Set(lefts).size).toBe(device === 'desk' ? 3 : 1);
    await mustBeClear(view);
    await view.context().close();
  },
);

test('on a phone a card comes to life when it comes near the screen, and not before', async () => {
  const view = await here.at(390, 844, 'light');
  await view.goto(`${product.url}/dashboard`);
  await awake(view);
  // What React draws it marks; what the server has drawn bears no mark.
  const isAlive = (card: Element) => Object.keys(card).some((key) => key.startsWith('__react'));
  const [first, last] = [view.getByRole('article').first(), view.getByRole('article').last()];
  await expect.poll(() => first.evaluate(isAlive)).toBe(true);
  expect(await last.evaluate(isAlive)).toBe(false);
  await last.scrollIntoViewIfNeeded();
  await expect.poll(() => last.evaluate(isAlive)).toBe(true);
  await view.context().close();
});

test('signing out closes the board, and the old cookie opens nothing', async () => {
  const cookies = await context.cookies();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL('**/login');
  await context.addCookies(cookies);
  await page.goto(`${product.url}/dashboard`);
  expect(new URL(page.url()).pathname).toBe('/login');
});

test('nothing complained on the way', () => {
  // A browser that is cut off says so itself.
  const own = complaints.filter((text) => !/ERR_INTERNET_DISCONNECTED|WebSocket connection to/.test(text));
  expect(own).toEqual([]);
});
