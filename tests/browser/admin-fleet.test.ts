import { afterAll, expect, test } from 'vitest';
import { slackReceiver } from '../slack-receiver.ts';
import { mustBeClear, mustBeClosed, visit } from './visit.ts';
import { awake, overflowOf } from './watch.ts';

const slack = await slackReceiver();
const here = await visit({ env: { SLACK_WEBHOOK_URL: slack.url } });
const { product, database, page, complaints } = here;
afterAll(async () => {
  await here.close();
  await slack.close();
});

const open = async (place: string) => {
  await page.goto(`${product.url}${place}`);
  await awake(page);
};
const places = ['/accounts', '/accounts/import', '/vendors', '/channels', '/rules', '/simulation'];
const ids = (
  await database.sql<{ id: string }>`select account_id as id from accounts order by account_id limit 3`
).map(({ id }) => id);
const [first = '', second = '', third = ''] = ids;
const stored = async (accountId: string) =>
  (
    await database.sql<{ vendor: string | null; isArchived: boolean; tags: string[] }>`
      select v.name as vendor, a.archived_at is not null as "isArchived",
        array(select tag from account_tags t where t.account_no = a.no order by tag) as tags
      from accounts a left join vendors v on v.id = a.vendor_id where account_id = ${accountId}`
  )[0];
const toast = (words: string | RegExp) => page.getByRole('status').getByText(words).waitFor();
const undo = () => page.getByRole('button', { name: 'Undo' }).click();

test('whoever is not signed in is sent away', async () => {
  await mustBeClosed(here, ...places.map((place) => `/admin${place}`));
});

test('a vendor is added with its promises', async () => {
  await open('/admin/vendors');
  await page.locator('summary').filter({ hasText: 'Add vendor' }).click();
  await page.getByLabel('Name').first().fill('Agency Omega');
  await page.getByRole('button', { name: 'Add vendor' }).click();
  const vendor = page.getByRole('region', { name: 'Vendor Agency Omega' });
  await vendor.getByText('Edit', { exact: true }).click();
  await vendor.getByLabel('Replaces a dead account within hours').fill('24');
  await vendor.getByLabel('Daily limit of each account').fill('250');
  await vendor.getByRole('button', { name: 'Save' }).click();
  await vendor.getByText('within 24 h').waitFor();
  await vendor.getByText('$250.00').waitFor();
});

test('an account is given to it and archived, and both are taken back', async () => {
  await open('/admin/accounts');
  const before = await stored(first);
  const row = page.getByRole('listitem').filter({ hasText: first });
  await row.getByText('Edit', { exact: true }).click();
  await row.getByLabel('Vendor').selectOption('Agency Omega');
  await row.getByLabel(/^Tags/).fill('us, new');
  await row.getByRole('button', { name: 'Save' }).click();
  await toast(`Saved ${first}.`);
  expect(await stored(first)).toMatchObject({ vendor: 'Agency Omega', tags: ['new', 'us'] });
  await undo();
  await toast('Taken back.');
  expect(await stored(first)).toEqual(before);
  await page.getByRole('button', { name: `Archive ${first}` }).click();
  await row.waitFor({ state: 'detached' });
  await undo();
  await row.waitFor();
  expect(await stored(first)).toEqual(before);
});

test('several accounts are changed at once', async () => {
  for (const id of [second, third]) await page.getByLabel(`Choose ${id}`).check();
  const bulk = page.getByRole('group', { name: 'Chosen accounts' });
  await bulk.getByText('Change tags').click();
  await bulk.getByLabel(/^Add tags/).fill('night');
  await bulk.getByRole('button', { name: 'Change for 2 accounts' }).click();
  await toast('Done for 2 accounts.');
  for (const id of [second, third]) expect((await stored(id))?.tags).toEqual(['night']);
});

test('a list is told row by row before it is applied', async () => {
  await open('/admin/accounts/import');
  const list = `account id;vendor;tags\n${second};agency omega;none\nact_77;;new\n${third};Nobody;\n`;
  await page.getByLabel('Or paste it here').fill(list);
  await page.getByRole('button', { name: 'Preview' }).click();
  const preview = page.getByRole('region', { name: 'Preview' });
  await preview.getByText(/There is no vendor “Nobody”/).waitFor();
  expect((await stored(second))?.vendor).not.toBe('Agency Omega');
  await preview.getByRole('button', { name: 'Apply 2 rows' }).click();
  await page.getByRole('heading', { name: 'Imported' }).waitFor();
  expect(await stored(second)).toMatchObject({ vendor: 'Agency Omega', tags: [] });
  await open('/admin/accounts');
  await page.getByRole('region', { name: 'Accounts to come' }).getByText('act_77').waitFor();
});

test('a channel is tested, paused and taken back; another is added without its secret coming back', async () => {
  await open('/admin/channels');
  const channel = page.getByRole('region', { name: 'Channel default' });
  await channel.getByRole('button', { name: 'Send test to default' }).click();
  await toast(/was taken in/);
  expect(slack.messages).toMatchObject([{ title: expect.stringContaining('Test message') as string }]);
  await channel.getByRole('button', { name: 'Pause default' }).click();
  await channel.getByText(/paused by owner/).waitFor();
  await undo();
  await channel.getByText('Used', { exact: true }).waitFor();
  await page.locator('summary').filter({ hasText: 'Add channel' }).click();
  await page.getByLabel('Kind').selectOption('pagerduty');
  await page.getByLabel('Name').fill('Night');
  const secret = 'a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6';
  await page.getByLabel(/^Integration key/).fill(secret);
  await page.getByRole('button', { name: 'Add channel' }).click();
  await page.getByRole('region', { name: 'Channel Night' }).waitFor();
  expect(await page.content()).not.toContain(secret);
});

test('a rule is tried on the past, tuned and reset', async () => {
  await open('/admin/rules');
  const rule = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'CPC jump' }) });
  await rule.locator('summary').first().click();
  await rule.getByLabel(/^above the 7 account-days/).fill('90');
  await rule.getByRole('button', { name: 'Try on the last 7 days' }).click();
  await rule.getByText(/In the last 7 days it would have told/).waitFor();
  await rule.getByRole('button', { name: 'Save' }).click();
  await rule.getByText(/at least this: 90%/).waitFor();
  await rule.getByRole('button', { name: /^Reset/ }).click();
  await page.getByText('Nothing is tuned').waitFor();
});

test('the simulation is made to fail and put right again', async () => {
  await open('/admin/simulation');
  await page.getByRole('button', { name: 'Try: Limit cannot be read' }).click();
  const holding = page.getByRole('region', { name: 'Still going on' });
  await holding.getByText('Limit cannot be read').waitFor();
  await page.getByRole('button', { name: 'Try: Back to normal' }).click();
  await holding.getByText(/the world is as it comes/).waitFor();
});

test('the history comes as a file', async () => {
  await open('/analytics');
  await page.getByText('Export CSV').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^arbhub-1d-.*\.csv$/);
});

test.each([
  [1440, 900, 'light'],
  [390, 844, 'dark'],
  [360, 740, 'light'],
] as const)('at %i x %i in %s nothing stands in the way', async (width, height, colorScheme) => {
  const view = await here.at(width, height, colorScheme);
  for (const place of places) {
    await view.goto(`${product.url}/admin${place}`);
    await awake(view);
    await mustBeClear(view, place);
  }
  await view.goto(`${product.url}/analytics`);
  await view.getByText('Export CSV').click();
  expect(await overflowOf(view), 'export').toBeLessThanOrEqual(0);
  await view.context().close();
});

test('nothing complained on the way', () => {
  expect(complaints).toEqual([]);
});
