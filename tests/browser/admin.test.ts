import { afterAll, expect, test } from 'vitest';
import { startServer } from '../../bench/bench-house.ts';
import { signIn } from './product.ts';
import { mustBeClear, mustBeClosed, screens, visit } from './visit.ts';
import { awake } from './watch.ts';

const tokens = ['sim-1-of-2', 'sim-2-of-2'] as const;
/** Ended in 2020. */
const expired = 'EAASimX1600000000Xexpired';
const meta = await startServer('simulator/main.ts', ['--port', '0', '--accounts', '12']);
const here = await visit({ env: { META_GRAPH_URL: meta.url, FB_ACCESS_TOKEN: tokens[0] } });
const { product, page, browser, complaints } = here;
afterAll(async () => {
  await here.close();
  await meta.stop();
});

const open = async (place: string) => {
  await page.goto(`${product.url}/admin${place}`);
  await awake(page);
};
const connection = (name: string) => page.getByRole('region', { name: `Connection ${name}` });
/** Opens a form; a button inside may have the same words. */
const opener = (words: string) => page.locator('summary').filter({ hasText: words });
const password = 'a long word for tests 7';

test('the way there is in the rail, and whoever is not signed in is sent away', async () => {
  await page.getByRole('link', { name: 'Admin' }).click();
  await page.getByRole('heading', { level: 1, name: 'Admin' }).waitFor();
  await mustBeClosed(here, '/admin', '/admin/members', '/admin/system', '/admin/audit');
});

test('a token that Meta refuses is not kept; a good one becomes a connection', async () => {
  await open('');
  await opener('Add connection').click();
  await page.getByLabel('Name').fill('Beta BM');
  await page.getByLabel('Access token', { exact: true }).fill(expired);
  await page.getByRole('button', { name: 'Check and add' }).click();
  await page.getByRole('alert').filter({ hasText: /token/i }).waitFor();
  expect(await connection('Beta BM').count()).toBe(0);
  expect(await page.getByLabel('Name').inputValue()).toBe('Beta BM');
  await page.getByLabel('Access token', { exact: true }).fill(tokens[1]);
  await page.getByRole('button', { name: 'Check and add' }).click();
  await connection('Beta BM').waitFor();
  expect(await page.content()).not.toContain(tokens[1]);
});

test('a connection is tested, paused, resumed, and removed only by its name', async () => {
  await connection('Beta BM').getByRole('button', { name: 'Test Beta BM' }).click();
  await page.getByText(/The token works/).waitFor();
  await connection('Beta BM').getByRole('button', { name: 'Pause Beta BM' }).click();
  await connection('Beta BM').getByText('Paused by an admin').waitFor();
  await connection('Beta BM').getByRole('button', { name: 'Resume Beta BM' }).click();
  await connection('Beta BM').getByText('Reads', { exact: true }).waitFor();
  await connection('Beta BM').getByText('Remove', { exact: true }).click();
  const confirm = connection('Beta BM').getByLabel('Type “Beta BM” to confirm');
  await confirm.fill('Beta');
  await connection('Beta BM').getByRole('button', { name: 'Remove connection' }).click();
  await connection('Beta BM').getByRole('alert').waitFor();
  await confirm.fill('Beta BM');
  await connection('Beta BM').getByRole('button', { name: 'Remove connection' }).click();
  await connection('Beta BM').waitFor({ state: 'detached' });
});

test('a member is added, given another role and shut out; each time at his next request', async () => {
  await open('/members');
  await opener('Add member').click();
  await page.getByRole('textbox', { name: 'Email' }).fill('analyst@example.com');
  await page.getByRole('combobox', { name: 'Role' }).first().selectOption('analyst');
  await page.getByLabel(/^Password/).fill(password);
  await page.getByRole('button', { name: 'Add member' }).click();
  await page.getByText('analyst@example.com', { exact: true }).waitFor();
  const his = await browser.newContext();
  const view = await his.newPage();
  await signIn(view, product.url, { email: 'analyst@example.com', password });
  expect(await view.getByRole('link', { name: 'Admin' }).count()).toBe(0);
  await view.goto(`${product.url}/admin/members`);
  await view.getByRole('heading', { name: 'This page is for admins' }).waitFor();
  expect(await view.content()).not.toContain('owner@');
  await view.goto(`${product.url}/dashboard`);
  expect(new URL(view.url()).pathname).toBe('/dashboard');
  await opener('Change role').click();
  await page.getByRole('combobox', { name: 'Role' }).last().selectOption('viewer');
  await page.getByRole('button', { name: 'Change role', exact: true }).click();
  await page.getByText('Changed. He has to sign in again.').waitFor();
  await view.goto(`${product.url}/dashboard`);
  expect(new URL(view.url()).pathname).toBe('/login');
  await signIn(view, product.url, { email: 'analyst@example.com', password });
  await opener('Shut out').click();
  await page.getByLabel('Type “analyst@example.com” to confirm').fill('analyst@example.com');
  await page.getByRole('button', { name: 'Shut out', exact: true }).click();
  await page.getByText('shut out', { exact: true }).waitFor();
  await view.goto(`${product.url}/dashboard`);
  expect(new URL(view.url()).pathname).toBe('/login');
  await his.close();
});

test('the audit log has told it all, without a secret', async () => {
  await open('/audit');
  const log = page.getByRole('region', { name: 'Audit log' });
  for (const act of [
    'connection added',
    'connection paused',
    'connection removed',
    'member added',
    'member disabled',
  ])
    await log.getByText(act).first().waitFor();
  const words = await log.innerText();
  for (const secret of [...tokens, password]) expect(words).not.toContain(secret);
  await page.getByLabel('What').selectOption('Members');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.waitForURL('**act=member.**');
  expect(await log.getByText('connection added').count()).toBe(0);
});

// Both themes and both kinds of screen; what they are made of stands on the other pages too.
const ownScreens = screens.filter(
  ([width, , theme]) => (width === 1440) === (theme === 'light') || width === 360,
);

test.each(ownScreens)('at %i x %i in %s nothing stands in the way', async (width, height, colorScheme) => {
  const view = await here.at(width, height, colorScheme);
  for (const place of ['', '/members', '/system', '/audit']) {
    await view.goto(`${product.url}/admin${place}`);
    await awake(view);
    await mustBeClear(view, place);
  }
  await view.context().close();
});

test('nothing complained on the way', () => {
  expect(complaints).toEqual([]);
});
