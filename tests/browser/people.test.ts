import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { startMailServer } from '../../src/adapters/channels/email/mail-server.fixture.ts';
import { codeAt } from '../authenticator.ts';
import { admin, signIn } from './product.ts';
import { mustBeClear, mustBeClosed, visit } from './visit.ts';
import { awake, listen } from './watch.ts';

/** People come, forget their password, set a second step up, and see where they are signed in. */

const mail = await startMailServer();
const here = await visit({
  env: {
    SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
    MAIL_FROM: 'ArbHub <hub@example.com>',
    ARBHUB_API_KEY: 'a-key-of-the-settings',
  },
});
const { product, page, browser, complaints } = here;
afterAll(async () => {
  await here.close();
  await mail.close();
});

const jane = { email: 'jane@example.com', password: 'violet kettle under 9 stairs' };
const opener = (words: string) => page.locator('summary').filter({ hasText: words });
const shots = process.env['SCREENSHOTS'];

async function open(place: string): Promise<void> {
  await page.goto(`${product.url}${place}`);
  await awake(page);
}

/** Somebody else at another browser. */
async function stranger(): Promise<Page> {
  const view = await (await browser.newContext({ viewport: { width: 390, height: 844 } })).newPage();
  listen(view, complaints);
  return view;
}

/** Looks at a page in both themes, on a desk and on a phone. */
async function look(view: Page, name: string): Promise<void> {
  const before = view.viewportSize();
  for (const [width, height] of [
    [1440, 900],
    [390, 844],
  ] as const)
    for (const colorScheme of ['light', 'dark'] as const) {
      await view.setViewportSize({ width, height });
      await view.emulateMedia({ colorScheme });
      if (shots !== undefined)
        await view.screenshot({
          path: `${shots}/people-${name}-${width}-${colorScheme}.png`,
          fullPage: true,
        });
      await mustBeClear(view, `${name} ${width} ${colorScheme}`);
    }
  if (before !== null) await view.setViewportSize(before);
  await view.emulateMedia({ colorScheme: 'light' });
}

/** The path of the link in the newest mail, once there are this many. */
async function mailedPath(count: number): Promise<string> {
  await expect.poll(() => mail.mails.length).toBe(count);
  const text = (mail.mails.at(-1)?.data ?? '').replace(/=\r\n/g, '');
  return /https?:\/\/[^/]+(\/(?:invite|reset)\/[\w-]{43})/.exec(text)?.[1] ?? 'no link';
}

test('an admin invites by mail; the invited chooses a password and comes in with his role', async () => {
  await mustBeClosed(here, '/admin/keys', '/enrol');
  await open('/admin/members');
  await opener('Invite').click();
  await page.getByRole('textbox', { name: 'Email' }).fill(jane.email);
  await page.getByRole('combobox', { name: 'Role' }).first().selectOption('analyst');
  await page.getByRole('button', { name: 'Send invitation' }).click();
  const invitations = page.getByRole('region', { name: 'Invitations' });
  await invitations.getByText(jane.email).waitFor();
  await look(page, 'members');
  const path = await mailedPath(1);
  const hers = await stranger();
  await hers.goto(`${product.url}${path}`);
  await hers.getByRole('heading', { name: 'Welcome to ArbHub' }).waitFor();
  await look(hers, 'invite');
  await hers.getByLabel('Password').fill('password1234');
  await hers.getByRole('button', { name: 'Come in' }).click();
  await hers.getByRole('alert').filter({ hasText: 'easy to guess' }).waitFor();
  await hers.getByLabel('Password').fill(jane.password);
  await hers.getByRole('button', { name: 'Come in' }).click();
  await hers.waitForURL('**/dashboard');
  await hers.goto(`${product.url}/admin/members`);
  await hers.getByText('You are signed in as analyst.').waitFor();
  await hers.goto(`${product.url}${path}`);
  await hers.getByRole('heading', { name: 'This link does not work' }).waitFor();
  await hers.context().close();
  await open('/admin/members');
  expect(await invitations.count()).toBe(0);
});

test('whoever forgot his password gets a link, and is told the same as anybody', async () => {
  const view = await stranger();
  const ask = async (email: string) => {
    await view.goto(`${product.url}/login`);
    await view.getByRole('link', { name: 'Forgot your password?' }).click();
    await view.getByLabel('Email').fill(email);
    await view.getByRole('button', { name: 'Send a link' }).click();
    await view.getByRole('heading', { name: 'Look into your mail' }).waitFor();
    return view.locator('main').innerText();
  };
  expect(await ask('nobody@example.com')).toBe(await ask(jane.email));
  const path = await mailedPath(2);
  await view.goto(`${product.url}${path}`);
  await look(view, 'reset');
  jane.password = `${jane.password} and more`;
  await view.getByLabel('Password').fill(jane.password);
  await view.getByRole('button', { name: 'Change password' }).click();
  await view.getByText('Your password is changed. Sign in with it.').waitFor();
  await look(view, 'login');
  await signIn(view, product.url, jane);
  await view.context().close();
});

test('where one is signed in is told; one session is ended, then all', async () => {
  const phone = await stranger();
  await signIn(phone, product.url);
  await awake(phone);
  await open('/me');
  const list = page.getByRole('list', { name: 'Where you are signed in' });
  await expect.poll(() => list.getByRole('listitem').count()).toBe(2);
  await list.getByRole('button', { name: 'Sign out Chrome on Linux' }).click();
  await page.getByText('Signed out there.').waitFor();
  // The phone's line closes at once, and it is sent to sign in.
  await phone.waitForURL('**/login');
  await expect.poll(() => list.getByRole('listitem').count()).toBe(1);
  await phone.context().close();
});

test('a key is shown once, and revoked on the page of all keys', async () => {
  await open('/me');
  await page.getByRole('textbox', { name: 'Name' }).fill('Nightly report');
  await page.getByRole('button', { name: 'Make a key' }).click();
  const key = await page.getByText(/^arbhub_/).innerText();
  const read = () => fetch(`${product.url}/api/v1/accounts`, { headers: { authorization: `Bearer ${key}` } });
  expect((await read()).status).toBe(200);
  await page.getByRole('list', { name: 'Your API keys' }).getByText('Nightly report').waitFor();
  await page.getByRole('button', { name: 'I have kept it' }).click();
  expect(await page.content()).not.toContain(key);
  await open('/admin/keys');
  await page.getByText('ARBHUB_API_KEY').waitFor();
  await look(page, 'keys');
  await page.getByRole('button', { name: 'Revoke Nightly report' }).click();
  await page.getByText('Revoked.').waitFor();
  expect((await read()).status).toBe(401);
});

test('a second step is set up with the app, asked for at the next sign-in, and required of admins', async () => {
  await open('/me');
  await page.getByLabel('Your password').fill(admin.password);
  await page.getByRole('button', { name: 'Set up' }).click();
  await page.getByRole('img', { name: /QR code/ }).waitFor();
  await look(page, 'enrol');
  const typed = page.locator('code').filter({ hasText: /^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/ });
  const secret = (await typed.innerText()).replaceAll(' ', '');
  const code = codeAt(secret, Date.now());
  await page.getByLabel('Code', { exact: true }).fill(code);
  await page.getByRole('button', { name: 'Switch on' }).click();
  await page.getByText(/^It is on\. Keep these recovery codes/).waitFor();
  const [recovery = ''] = (await page.locator('.once pre').innerText()).split('\n');
  await look(page, 'me');
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await page.getByText('10 of your recovery codes are left.').waitFor();

  const view = await stranger();
  await view.goto(`${product.url}/login`);
  await view.getByLabel('Email').fill(admin.email);
  await view.getByLabel('Password').fill(admin.password);
  await view.getByRole('button', { name: 'Sign in' }).click();
  await view.getByLabel('Code').fill(code);
  await view.getByRole('button', { name: 'Sign in' }).click();
  await view.getByRole('alert').filter({ hasText: 'The code is wrong.' }).waitFor();
  await look(view, 'code');
  await view.getByLabel('Code').fill(recovery);
  await view.getByRole('button', { name: 'Sign in' }).click();
  await view.waitForURL('**/dashboard');
  await view.context().close();

  await open('/admin/members');
  await page.getByRole('button', { name: 'Require a second step' }).click();
  await page.getByText('Admins need a second step').waitFor();
  await opener('Change role').click();
  await page.getByRole('combobox', { name: 'Role' }).last().selectOption('admin');
  await page.getByRole('button', { name: 'Change role', exact: true }).click();
  await page.getByText('Changed. He has to sign in again.').waitFor();
  const hers = await stranger();
  await hers.goto(`${product.url}/login`);
  await hers.getByLabel('Email').fill(jane.email);
  await hers.getByLabel('Password').fill(jane.password);
  await hers.getByRole('button', { name: 'Sign in' }).click();
  await hers.waitForURL('**/enrol');
  await look(hers, 'held');
  for (const place of ['/dashboard', '/admin/members', '/me']) {
    await hers.goto(`${product.url}${place}`);
    expect(new URL(hers.url()).pathname, place).toBe('/enrol');
  }
  expect((await hers.request.get(`${product.url}/api/board`)).status()).toBe(403);
  await hers.context().close();
});

test('“sign out everywhere” ends this one too', async () => {
  await open('/me');
  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await page.waitForURL('**/login');
  await mustBeClosed(here, '/me');
});

test('nothing complained on the way', () => {
  expect(complaints.filter((text) => !/status of 40[13]|WebSocket/.test(text))).toEqual([]);
});
