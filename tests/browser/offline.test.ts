import { afterAll, expect, test } from 'vitest';
import { signIn } from './product.ts';
import { visit } from './visit.ts';
import { listen, overflowOf, violationsOf } from './watch.ts';

/** The house on a phone whose network comes and goes: the service worker is real, the network is the browser's own switch. */

const here = await visit({
  env: { STATUS_SWEEP_SECONDS: '5' },
  context: { viewport: { width: 390, height: 844 }, hasTouch: true },
});
const { product, context, complaints } = here;
let { page } = here;
afterAll(here.close);

/** Addresses of the pages that this browser keeps. */
const kept = () =>
  page.evaluate(async () =>
    (await (await caches.open('arbhub-pages')).keys()).map(({ url }) => new URL(url).pathname).sort(),
  );

/** What a page says of a network that is gone, of a session that has ended, and of the refusals that are asked for here. */
const isExpected = (text: string) =>
  /ERR_(INTERNET_DISCONNECTED|FAILED)|WebSocket|Failed to fetch|status of 40[019]/.test(text);

async function offline(work: () => Promise<void>): Promise<void> {
  await context.setOffline(true);
  try {
    await work();
  } finally {
    await context.setOffline(false);
  }
}

test('the app can be installed: what it is called, how it opens, and pictures of the right size', async () => {
  const response = await fetch(`${product.url}/manifest.webmanifest`);
  const manifest = (await response.json()) as { icons: { src: string; sizes: string; type: string }[] };
  expect(manifest).toMatchObject({
    id: '/dashboard',
    start_url: '/dashboard',
    scope: '/',
    display: 'standalone',
  });
  for (const { src, sizes, type } of manifest.icons.filter((icon) => icon.type === 'image/png')) {
    const picture = await fetch(`${product.url}${src}`);
    expect(picture.headers.get('content-type')).toBe(type);
    const bytes = Buffer.from(await picture.arrayBuffer());
    expect(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`).toBe(sizes);
  }
  const links = await page.evaluate(() =>
    [...document.querySelectorAll('link[rel="manifest"], link[rel="apple-touch-icon"]')].map((link) =>
      link.getAttribute('rel'),
    ),
  );
  expect(links.sort()).toEqual(['apple-touch-icon', 'manifest']);
});

test('what is looked at is kept, the first page too', async () => {
  await expect.poll(kept, { timeout: 30_000 }).toEqual(['/dashboard']);
  await page.goto(`${product.url}/alerts?state=all`);
  await expect.poll(kept).toEqual(['/alerts', '/dashboard']);
  await page.goto(`${product.url}/me`);
  await page.goto(`${product.url}/analytics`);
  expect(await kept()).toEqual(['/alerts', '/dashboard']);
});

test('off the network the board is there as it was last known, and says how old it is', async () => {
  await page.goto(`${product.url}/dashboard`);
  await page.getByText('Live', { exact: true }).waitFor();
  const cards = await page.getByRole('article').count();
  expect(cards).toBe(30);
  await offline(async () => {
    await page.reload();
    const notice = page.getByText(/This is the board of \d\d:\d\d/);
    await notice.waitFor();
    expect(await page.getByRole('article').count()).toBe(cards);
    await page
      .getByRole('status')
      .filter({ hasText: /^Offline$/ })
      .waitFor();
    // The age goes on, counted from when the copy was made.
    const first = await notice.textContent();
    await expect.poll(() => notice.textContent(), { timeout: 10_000 }).not.toBe(first);
    await page.goto(`${product.url}/alerts`);
    await page.getByText(/This is the state of \d\d:\d\d/).waitFor();
    await page.goto(`${product.url}/dashboard?vendor=x`);
    await notice.waitFor();
  });
});

test('back on the network the same page becomes live by itself', async () => {
  await offline(async () => {
    await page.goto(`${product.url}/dashboard`);
    await page.getByText(/This is the board of/).waitFor();
  });
  await page.getByText('Live', { exact: true }).waitFor({ timeout: 60_000 });
  expect(await page.getByText(/This is the board of/).count()).toBe(0);
});

test.each(['light', 'dark'] as const)(
  'a page that was never opened says so, in plain words, in %s',
  async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await offline(async () => {
      await page.goto(`${product.url}/me`);
      await page.getByRole('heading', { name: 'ArbHub cannot be reached' }).waitFor();
      expect(await violationsOf(page)).toEqual([]);
      expect(await overflowOf(page)).toBeLessThanOrEqual(0);
      await page.getByRole('link', { name: 'Board as last seen' }).click();
      await page.getByText(/This is the board of/).waitFor();
      await page.goBack();
      await page.getByRole('heading', { name: 'ArbHub cannot be reached' }).waitFor();
    });
    await page.getByRole('link', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'Your settings' }).waitFor();
  },
);

test('a server that hangs costs three seconds, not the page', async () => {
  await page.goto(`${product.url}/dashboard`);
  await page.getByText('Live', { exact: true }).waitFor();
  process.kill(product.pid, 'SIGSTOP');
  try {
    await page.goto(`${product.url}/dashboard`, { waitUntil: 'commit' });
    await page.getByText(/This is the board of/).waitFor({ timeout: 15_000 });
  } finally {
    process.kill(product.pid, 'SIGCONT');
  }
  await page.getByText('Live', { exact: true }).waitFor({ timeout: 60_000 });
});

test('a copy keeps the policy that its page came with, and nothing secret is kept', async () => {
  const [policy, others] = await page.evaluate(async () => {
    const copy = await (await caches.open('arbhub-pages')).match('/dashboard');
    const shell = await (await caches.open('arbhub-shell')).keys();
    return [
      copy?.headers.get('content-security-policy') ?? '',
      shell.map(({ url }) => new URL(url).pathname),
    ];
  });
  expect(policy).toMatch(/script-src 'self' 'nonce-[^']+' 'strict-dynamic'/);
  expect(others.filter((path) => !/^\/(_next\/static\/.+|offline\.(html|css))$/.test(path))).toEqual([]);
});

test('signing out forgets the copies', async () => {
  await page.goto(`${product.url}/dashboard`);
  await expect.poll(kept).toContain('/dashboard');
  await page.getByLabel('Menu').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL('**/login');
  await expect.poll(kept).toEqual([]);
  await offline(async () => {
    await page.goto(`${product.url}/dashboard`);
    await page.getByRole('heading', { name: 'ArbHub cannot be reached' }).waitFor();
  });
});

test('an ended session forgets them as well', async () => {
  await signIn(page, product.url);
  await page.goto(`${product.url}/dashboard`);
  await expect.poll(kept).toContain('/dashboard');
  await context.clearCookies();
  expect(await page.evaluate(async () => (await fetch('/api/board')).status)).toBe(401);
  await expect.poll(kept).toEqual([]);
});

test('a copy of more than a week ago is not shown', async () => {
  // The old one is on its own way to the sign-in.
  await page.close();
  page = await context.newPage();
  listen(page, complaints);
  await signIn(page, product.url);
  await page.goto(`${product.url}/dashboard`);
  await expect.poll(kept).toContain('/dashboard');
  await page.evaluate(async () => {
    const cache = await caches.open('arbhub-pages');
    const copy = await cache.match('/dashboard');
    const headers = new Headers(copy?.headers);
    headers.set('x-kept-at', String(Date.now() - 7 * 86_400_000 - 1000));
    await cache.put('/dashboard', new Response(await copy?.text(), { headers }));
  });
  await offline(async () => {
    await page.goto(`${product.url}/dashboard`);
    await page.getByRole('heading', { name: 'ArbHub cannot be reached' }).waitFor();
  });
});

test('a new address of the push service is handed over for the own device only', async () => {
  await page.goto(`${product.url}/me`);
  const statuses = await page.evaluate(async () => {
    const put = (body: unknown) =>
      fetch('/api/me/device', { method: 'PUT', body: JSON.stringify(body) }).then(({ status }) => status);
    return [
      await put({}),
      await put({ endpoint: 'https://fcm.googleapis.com/fcm/send/nobody', subscription: {} }),
    ];
  });
  expect(statuses).toEqual([400, 409]);
  const foreign = await fetch(`${product.url}/api/me/device`, {
    method: 'PUT',
    body: '{}',
    headers: { origin: 'https://elsewhere.example', cookie: 'x=y' },
  });
  expect(foreign.status).toBe(403);
  // The board goes to the sign-in page by itself; that must not cross what comes next.
  await page.goto('about:blank');
});

test.each([360, 390])(
  'at %i px each page of the phone fits, and what is to be touched is large enough',
  async (width) => {
    await page.setViewportSize({ width, height: 800 });
    for (const address of ['/dashboard', '/alerts', '/analytics', '/me']) {
      await page.goto(`${product.url}${address}`);
      await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
      expect(await overflowOf(page), address).toBeLessThanOrEqual(0);
      const bar = page.getByRole('navigation', { name: 'Main, phone' }).getByRole('link');
      for (const box of await bar.evaluateAll((all) =>
        all.map((one) => one.getBoundingClientRect().toJSON() as DOMRect),
      ))
        expect(Math.min(box.width, box.height), address).toBeGreaterThanOrEqual(44);
    }
  },
);

test('nothing complained on the way', () => {
  expect(complaints.filter((text) => !isExpected(text))).toEqual([]);
});
