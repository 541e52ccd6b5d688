import { createECDH } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { admin } from './product.ts';
import { mustBeClear, mustBeClosed, screens, visit } from './visit.ts';

/** "Your settings": quiet hours, and this browser as a device. The push service is stubbed, the service worker is real. */

const subscription = {
  endpoint: 'https://fcm.googleapis.com/fcm/send/browser-0123456789',
  expirationTime: null,
  keys: {
    p256dh: createECDH('prime256v1').generateKeys('base64url'),
    auth: Buffer.alloc(16, 7).toString('base64url'),
  },
};

const here = await visit({
  async prepare(own, { url }) {
    await own.grantPermissions(['notifications'], { origin: url });
    await own.addInitScript((given) => {
      PushManager.prototype.subscribe = async (options) => {
        if (typeof options?.applicationServerKey !== 'string' || options.applicationServerKey.length !== 87)
          throw new Error('no public key');
        return { toJSON: () => given } as unknown as PushSubscription;
      };
    }, subscription);
  },
});
const { product, browser, context, page, complaints } = here;
afterAll(here.close);

const device = `${admin.email}, Chrome on Linux`;
const add = () => page.getByRole('button', { name: 'Get alerts on this device' });

test('the page is closed to whoever is not signed in', async () => {
  await mustBeClosed(here, '/me');
});

test('the house leads to it, and quiet hours are kept', async () => {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Your settings' }).click();
  await page.getByRole('heading', { level: 1, name: 'Your settings' }).waitFor();
  await page.getByLabel('From').fill('22:00');
  await page.getByLabel('Your time zone').selectOption('Asia/Tokyo');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Quiet hours need both a beginning and an end.').waitFor();
  // What was entered stands still.
  expect(await page.getByLabel('Your time zone').inputValue()).toBe('Asia/Tokyo');
  await page.getByLabel('To', { exact: true }).fill('07:00');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  await page.reload();
  expect(await page.getByLabel('From').inputValue()).toBe('22:00');
  expect(await page.getByLabel('To', { exact: true }).inputValue()).toBe('07:00');
  expect(await page.getByLabel('Your time zone').inputValue()).toBe('Asia/Tokyo');
});

test('this browser becomes a device', async () => {
  await add().click();
  await page.getByText(device, { exact: true }).waitFor();
  await page.getByText('No alert sent yet.').waitFor();
  await add().click();
  await page.getByText('This device gets your alerts now.').waitFor();
  expect(await page.getByRole('list', { name: 'Your devices' }).getByRole('listitem').count()).toBe(1);
});

test('a push is shown by the service worker, the newest of an alert in place of the one before', async () => {
  const session = await context.newCDPSession(page);
  const registered = new Promise<string>((resolve) =>
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      if (registrations[0] !== undefined) resolve(registrations[0].registrationId);
    }),
  );
  await session.send('ServiceWorker.enable');
  const registrationId = await registered;
  const push = (data: string) =>
    session.send('ServiceWorker.deliverPushMessage', { origin: product.url, registrationId, data });
  const shown = () =>
    page.evaluate(async () => {
      const { getNotifications } = await navigator.serviceWorker.ready.then((one) => ({
        getNotifications: () => one.getNotifications(),
      }));
      return (await getNotifications()).map(({ title, body, tag, data }) => [title, body, tag, data.url]);
    });
  await push(
    JSON.stringify({ title: 'Account suspended', body: 'act_1', tag: '7-1', url: '/alerts?alert=7' }),
  );
  await push(JSON.stringify({ title: 'Resolved', body: 'act_1', tag: '7-1', url: null, resolved: true }));
  await expect.poll(shown).toEqual([['Resolved', 'act_1', '7-1', '/alerts']]);
  await push('no JSON');
  await expect.poll(async () => (await shown()).length).toBe(2);
});

test.each(screens)('at %i x %i in %s nothing stands in the way', async (width, height, colorScheme) => {
  const view = await here.at(width, height, colorScheme);
  await view.goto(`${product.url}/me`);
  await view.getByText(device, { exact: true }).waitFor();
  const shots = process.env['SCREENSHOTS'];
  if (shots !== undefined)
    await view.screenshot({ path: `${shots}/me-${width}-${colorScheme}.png`, fullPage: true });
  await mustBeClear(view);
  await view.context().close();
});

test('where the browser may not show notifications the page says what to do', async () => {
  const own = await browser.newContext({ storageState: await context.storageState() });
  await own.addInitScript(() => Object.defineProperty(Notification, 'permission', { value: 'denied' }));
  const view = await own.newPage();
  await view.goto(`${product.url}/me`);
  await view.getByText(/Allow them in the browser’s settings/).waitFor();
  expect(await view.getByRole('button', { name: 'Get alerts on this device' }).count()).toBe(0);
  await own.close();
});

test('when the push service moves the device, the worker tells the server, and it stays one device', async () => {
  const moved = { ...subscription, endpoint: 'https://fcm.googleapis.com/fcm/send/moved-0123456789' };
  const [worker] = context.serviceWorkers();
  await worker!.evaluate(
    ([before, after]) => {
      const event = new (globalThis as unknown as { ExtendableEvent: typeof Event }).ExtendableEvent(
        'pushsubscriptionchange',
      );
      const oldSubscription = { endpoint: before.endpoint, options: { applicationServerKey: null } };
      return dispatchEvent(
        Object.assign(event, { oldSubscription, newSubscription: { toJSON: () => after } }),
      );
    },
    [subscription, moved] as const,
  );
  // The server knows the device by its new address now, so it can be moved on from there, and back to be itself.
  const move = (endpoint: string, to: unknown) =>
    page.evaluate(
      async (body) => (await fetch('/api/me/device', { method: 'PUT', body: JSON.stringify(body) })).status,
      { endpoint, subscription: to },
    );
  await expect.poll(() => move(moved.endpoint, moved)).toBe(204);
  expect(await move(moved.endpoint, subscription)).toBe(204);
  await page.reload();
  expect(await page.getByRole('list', { name: 'Your devices' }).getByRole('listitem').count()).toBe(1);
  complaints.splice(0, complaints.length, ...complaints.filter((text) => !text.includes('409')));
});

test('a device can be removed', async () => {
  await page.getByRole('button', { name: `Remove ${device}` }).click();
  await page.getByText('Removed. It gets no more alerts.').waitFor();
  await expect.poll(() => page.getByText(device, { exact: true }).count()).toBe(0);
});

test('nothing complained on the way', () => {
  expect(complaints).toEqual([]);
});
