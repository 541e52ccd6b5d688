import { afterAll, expect, test } from 'vitest';
import { announceChanged } from '../../src/store/live.ts';
import { until } from '../flows/until.ts';
import { supabaseProject } from '../supabase/project.ts';
import { admin, signIn } from './product.ts';
import { mustBeClosed, visit } from './visit.ts';
import { awake, listen } from './watch.ts';

/** The built product with a Supabase project: its sign-in and its live updates, seen in a browser. */

const project = await supabaseProject();
const here = await visit({ env: project.env, context: { serviceWorkers: 'block' } });
const { product, database, browser, context, page, complaints } = here;
afterAll(async () => {
  await here.close();
  await project.close();
});

const boss = () => [...project.auth.users.values()].find(({ email }) => email === admin.email);
const status = async (path: string) => (await page.request.get(`${product.url}${path}`)).status();
/** A try to change something, from the page itself. */
const tryToWrite = () =>
  page.evaluate(async () => (await fetch('/api/me/device', { method: 'PUT', body: '{}' })).status);

test('the first admin is a user of the project, and his session is in cookies that no script reads', async () => {
  expect(boss()?.app_metadata['arbhub']).toBe('member');
  const cookies = (await context.cookies()).filter(({ name }) => name.startsWith('arbhub'));
  expect(cookies.map(({ name }) => name.replace(/\.\d$/, ''))).toContain('arbhub-auth');
  expect(cookies.every(({ httpOnly, sameSite }) => httpOnly && sameSite === 'Lax')).toBe(true);
  expect(cookies.some(({ name }) => name === 'arbhub')).toBe(false);
  await mustBeClosed(here, '/dashboard', '/admin', '/me');
});

test('the board is live by the private channel, and turns without being loaded anew', async () => {
  await awake(page);
  await until(
    () => project.realtime.joined(),
    (joined) => joined.some(({ userId }) => userId === boss()?.id),
  );
  expect(await page.locator('article').count()).toBeGreaterThan(10);
  const [account] = await database.sql<{
    id: string;
  }>`select account_id as id from accounts order by no limit 1`;
  await page.evaluate(() => ((globalThis as { isSame?: boolean }).isSame = true));
  await database.transaction(async (sql) => {
    await sql`update accounts set name = 'Renamed while you look' where account_id = ${account?.id ?? ''}`;
    await announceChanged(sql, [account?.id ?? '']);
  });
  await page.getByText('Renamed while you look').first().waitFor();
  expect(await page.evaluate(() => (globalThis as { isSame?: boolean }).isSame)).toBe(true);
});

test('a role is that of our table at the next request; the line moves and stays', async () => {
  const [before] = project.realtime.joined();
  expect(await status('/api/v1/export/metrics.csv?from=2026-01-01&to=2026-01-02')).not.toBe(403);
  await database.sql`update members set role = 'viewer'`;
  expect(await status('/api/v1/export/metrics.csv?from=2026-01-01&to=2026-01-02')).toBe(403);
  const after = await until(
    () => project.realtime.joined()[0],
    (joined) => joined !== undefined && joined.topic !== before?.topic,
  );
  expect(after?.userId).toBe(boss()?.id);
  await database.sql`update members set role = 'admin'`;
  await page.goto(`${product.url}/admin/members`);
  await page.getByRole('heading', { level: 1 }).waitFor();
});

test('a session that is about to run out is renewed on the way, and the browser gets the new one', async () => {
  project.auth.lifeSeconds = 60;
  const own = await browser.newContext();
  const view = await own.newPage();
  listen(view, complaints);
  await signIn(view, product.url);
  const held = async () =>
    JSON.stringify((await own.cookies()).filter(({ name }) => name.startsWith('arbhub')));
  const before = await held();
  project.auth.lifeSeconds = 3600;
  await view.goto(`${product.url}/me`);
  await view.getByRole('heading', { level: 1 }).waitFor();
  const after = await held();
  expect(after).not.toBe(before);
  await view.goto(`${product.url}/alerts`);
  await awake(view);
  expect(await held()).toBe(after);
  await own.close();
});

test('before a change Supabase is asked: a banned user still reads what his token shows, and writes nothing', async () => {
  await page.goto(`${product.url}/dashboard`);
  await awake(page);
  expect(await tryToWrite()).toBe(400);
  const user = boss();
  if (user) user.banned_until = Math.floor(Date.now() / 1000) + 3600;
  expect(await status('/api/alerts/count')).toBe(200);
  expect(await tryToWrite()).toBe(401);
  if (user) user.banned_until = null;
  expect(await tryToWrite()).toBe(400);
  complaints.splice(0, complaints.length, ...complaints.filter((text) => !/status of 40[01]/.test(text)));
});

test('a user of the project who is no member is told so, and stays outside', async () => {
  project.auth.signUp('eve@evil.example', 'a password of her own').user_metadata = { role: 'admin' };
  const own = await browser.newContext();
  const view = await own.newPage();
  await view.goto(`${product.url}/login`);
  await view.getByLabel('Email').fill('eve@evil.example');
  await view.getByLabel('Password').fill('a password of her own');
  await view.getByRole('button', { name: 'Sign in' }).click();
  await view.getByText('You are not a member here.').waitFor();
  expect(await own.cookies()).toEqual([]);
  await view.goto(`${product.url}/dashboard`);
  expect(new URL(view.url()).pathname).toBe('/login');
  await own.close();
});

test('the secret key is in nothing that a browser gets, nor in the log; Realtime’s code comes late', async () => {
  const scripts = new Map<string, string>();
  const own = await browser.newContext({ storageState: await context.storageState() });
  const view = await own.newPage();
  view.on('response', (response) => {
    if (response.url().includes('/_next/static/') && response.url().endsWith('.js'))
      void response.text().then(
        (text) => scripts.set(response.url(), text),
        () => undefined,
      );
  });
  const first = await (await view.goto(`${product.url}/dashboard`))?.text();
  await awake(view);
  const named = [...(first ?? '').matchAll(/src="(\/_next\/static\/[^"]+\.js)"/g)].map(
    ([, path]) => path ?? '',
  );
  const early = await Promise.all(
    named.map(async (path) => (await page.request.get(`${product.url}${path}`)).text()),
  );
  expect(early.length).toBeGreaterThan(3);
  expect(early.filter((text) => text.includes('phx_join'))).toEqual([]);
  await until(() => [...scripts.values()].some((text) => text.includes('phx_join')), Boolean);
  const { serviceRoleKey } = project;
  for (const text of [first ?? '', ...early, ...scripts.values(), product.output()]) {
    expect(text.includes(serviceRoleKey)).toBe(false);
    expect(text.includes('service_role')).toBe(false);
  }
  expect(product.output()).not.toMatch(/eyJ[\w-]{20,}\./);
  await own.close();
});

test('signing out ends the session here, there and on the channel', async () => {
  await page.goto(`${product.url}/dashboard`);
  await awake(page);
  await page.getByRole('button', { name: 'Sign out' }).first().click();
  await page.waitForURL('**/login');
  expect((await context.cookies()).filter(({ name }) => name.startsWith('arbhub'))).toEqual([]);
  expect(project.auth.asked).toContain('POST /logout');
  await until(
    () => project.realtime.joined().length,
    (count) => count === 0,
  );
  expect(await status('/api/alerts/count')).toBe(401);
  // The screen that was left open a moment longer asked for the new name of the channel.
  expect(complaints.filter((text) => !text.includes('status of 401'))).toEqual([]);
});
