import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { ManualClock } from '../../../tests/manual-clock.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { AlertMessage } from '../../ports/channel.ts';
import { addAccount, noon, viewer } from '../accounts/fleet.fixture.ts';
import { readRules } from '../alerts/read-rules.ts';
import type { ChannelsDeps } from './channels-deps.ts';
import { previewVendorWords } from './preview-vendor-words.ts';
import { readChannels } from './read-channels.ts';
import { pauseChannel, resumeChannel } from './set-channel.ts';
import { testChannel } from './test-channel.ts';

let store: TestDatabase;
const admin: Actor = { role: 'admin', name: 'ann@example.com' };
const clock = new ManualClock(noon);
const sent: AlertMessage[] = [];
const deps = (): ChannelsDeps => ({
  database: store.database,
  clock,
  log: { info: () => {}, warn: () => {}, error: () => {} },
  sealer: { seal: () => new Uint8Array(), open: () => null } as unknown as ChannelsDeps['sealer'],
  openChannel: async () => ({
    spacingMs: 0,
    send: async (message) => {
      sent.push(message);
      return { outcome: 'sent' };
    },
  }),
  channelBuilder: async () => () => ({ ok: false, problem: 'not here' }),
});
const audits = async () =>
  (await store.database.sql<{ action: string }>`select action from audit_log order by id`).map(
    (row) => row.action,
  );

beforeAll(async () => {
  store = await testDatabase();
  await addAccount(store.database.sql, { id: 'act_1', vendor: 'Agency Alpha' });
  await store.database
    .sql`insert into channels (name, kind, shown) values ('Ops', 'slack', 'hooks.slack.com/…')`;
});
afterAll(() => store.drop());

test('a channel rests until it is resumed, and both are written down', async () => {
  expect(await pauseChannel(deps(), admin, 'Ops')).toMatchObject({ isDone: true });
  expect(await pauseChannel(deps(), admin, 'Ops')).toMatchObject({ isDone: false });
  const { channels, vendors } = await readChannels(deps(), admin);
  expect(channels).toMatchObject([{ name: 'Ops', offAt: noon, offReason: 'paused by ann@example.com' }]);
  expect(vendors).toEqual(['Agency Alpha']);
  expect(JSON.stringify(channels)).not.toContain('sealed');
  await resumeChannel(deps(), admin, 'Ops');
  expect((await readChannels(deps(), admin)).channels).toMatchObject([{ offAt: null }]);
  expect(await audits()).toEqual(['channel.paused', 'channel.resumed']);
});

test('ten test messages, then a rest', async () => {
  for (let n = 0; n < 10; n++)
    expect(await testChannel(deps(), admin, 'Ops')).toMatchObject({ isDone: true });
  const refused = { isDone: false, problem: 'Too many test messages. Try again in 10 minutes.' };
  expect(await testChannel(deps(), admin, 'Ops')).toEqual(refused);
  expect(sent).toHaveLength(10);
  const another = { ...admin, name: 'lee@example.com' };
  expect(await testChannel(deps(), another, 'Ops')).toMatchObject({ isDone: true });
});

test('a preview is in the words for the vendor, about an account that there is', async () => {
  const told = await previewVendorWords(deps(), admin, 'act_1');
  expect(told.isDone && told.value).toMatch(/Account suspended[\s\S]*Agency Alpha/);
  expect(await previewVendorWords(deps(), admin, 'act_9')).toMatchObject({ isDone: false });
  expect(await previewVendorWords(deps(), admin, 'x')).toMatchObject({ isDone: false });
});

test('every kind that can be tuned is told with its thresholds and what was said', async () => {
  await store.database.sql`
    insert into alert_rules (kind, is_on, severity, thresholds, updated_by, updated_at)
    values ('cpc_jump', null, 'critical', '{"percent": 50}', 'ann', ${noon})`;
  const { rules } = await readRules(deps(), admin);
  const jump = rules.find(({ kind }) => kind === 'cpc_jump');
  expect(jump?.thresholds.map(({ name }) => name)).toEqual(['percent', 'clicks', 'floor', 'after']);
  expect(jump?.tuned).toEqual([
    {
      ...{ vendor: null, accountId: null, isOn: null, severity: 'critical', thresholds: { percent: 50 } },
      ...{ by: 'ann', at: noon },
    },
  ]);
});

test.each([
  ['channels', (by: Actor) => readChannels(deps(), by)],
  ['rules', (by: Actor) => readRules(deps(), by)],
  ['a preview', (by: Actor) => previewVendorWords(deps(), by, 'act_1')],
  ['a pause', (by: Actor) => pauseChannel(deps(), by, 'Ops')],
])('%s: for admins', async (_what, act) => {
  const before = await audits();
  for (const by of [viewer, { role: 'analyst', name: 'lee' } as const])
    await expect(act(by)).rejects.toMatchObject({ refusal: 'forbidden' });
  expect(await audits()).toEqual(before);
});
