import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../tests/database.ts';
import { shortId } from '../../domain/short-id.ts';
import type { SendOutcome } from '../../ports/channel.ts';
import type { Clock } from '../../ports/clock.ts';
import { type ClaimedDelivery, claimDelivery, lockChannel } from '../../store/deliveries.ts';
import { settleAttempt } from './settle-attempt.ts';

const noon = Date.UTC(2026, 10, 24, 12);
const clock: Clock = {
  now: () => Promise.resolve(noon),
  monotonicMs: () => noon,
  sleep: () => Promise.resolve(),
};
const log = { info: () => {}, warn: () => {}, error: () => {} };
const gone: SendOutcome = { outcome: 'dead', reason: 'HTTP 410 channel_is_archived', disablesChannel: true };
const refused: SendOutcome = { outcome: 'dead', reason: 'HTTP 400 invalid_payload', disablesChannel: false };
let test: TestDatabase;

beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());
beforeEach(async () => {
  await test.database.sql`truncate channels, alerts, alert_accounts, deliveries restart identity cascade`;
});

/** Channels 1, 2, … of these names; `count` alerts 1, 2, … that wait for the first one. */
async function arrange(names: string[], count: number): Promise<void> {
  const { sql } = test.database;
  await sql`insert into channels (kind, name) select 'slack', name from unnest(${names}::text[]) name`;
  await sql`
    with opened as (
      insert into alerts (key, kind, severity, title, body, opened_at)
      select n::text, 'account_restored', 'info', 'Account restored', 'act_1', ${noon}::timestamptz
      from generate_series(1, ${count}::int) n returning id)
    insert into deliveries (alert_id, channel_id, due_at, created_at)
    select id, 1, ${noon}::timestamptz, ${noon}::timestamptz from opened`;
}
async function claim(): Promise<ClaimedDelivery> {
  const request = { channelId: 1, owner: 'a', now: noon, leaseMs: 30_000, spacingMs: 0 };
  const claimed = await claimDelivery(test.database, request);
  if (claimed === null) throw new Error('nothing to claim');
  return claimed;
}
const settle = (claimed: ClaimedDelivery, outcome: SendOutcome) =>
  settleAttempt(
    { database: test.database, clock, log, random: () => 1 },
    { id: 1, name: 'ops' },
    claimed,
    outcome,
  );
const waiting = () =>
  test.database.sql<{ alert_id: number; channel_id: number }>`
    select alert_id, channel_id from deliveries where state = 'pending' order by id`;
const channelAlerts = () =>
  test.database.sql<{ body: string; severity: string }>`
    select body, severity from alerts where kind = 'channel_disabled'`;

it('a refused message ends alone, and its alert goes to the others', async () => {
  await arrange(['ops', 'night'], 2);
  expect(await settle(await claim(), refused)).toBe('dead');
  expect(await waiting()).toEqual([
    { alert_id: 2, channel_id: 1 },
    { alert_id: 1, channel_id: 2 },
  ]);
  expect(await channelAlerts()).toEqual([]);
});

it('the last channel that is gone still leaves its alert to be seen', async () => {
  await arrange(['ops'], 1);
  expect(await settle(await claim(), gone)).toBe('dead');
  expect(await channelAlerts()).toEqual([
    {
      severity: 'critical',
      body: `Channel "ops" takes no more messages: HTTP 410 channel_is_archived. Alerts that did not reach it: ${shortId(1)}.`,
    },
  ]);
  expect(await waiting()).toEqual([]);
});

it('names at most ten alerts', async () => {
  await arrange(['ops', 'night'], 13);
  await settle(await claim(), gone);
  const [alert] = await channelAlerts();
  expect(alert?.body).toMatch(/did not reach it: (\w{6}, ){9}\w{6} and 3 more\.$/);
  expect(await waiting()).toHaveLength(14);
});

it('two senders that learn it at once tell it once', async () => {
  await arrange(['ops', 'night'], 12);
  const claims = [];
  for (let i = 0; i < 6; i++) claims.push(await claim());
  expect(await Promise.all(claims.map((claimed) => settle(claimed, gone)))).toEqual(Array(6).fill('dead'));
  expect(await channelAlerts()).toHaveLength(1);
  expect(await waiting()).toHaveLength(13);
});

it('waits for the channel before it locks the delivery, for a sender that buries does so too', async () => {
  await arrange(['ops'], 1);
  const claimed = await claim();
  const settling = await test.database.transaction(async (sql) => {
    await lockChannel(sql, 1);
    const result = settle(claimed, gone);
    await vi.waitFor(async () => {
      const blocked = await test.database.sql`
        select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      expect(blocked).toHaveLength(1);
    });
    await sql`select id from deliveries where id = ${claimed.id} for update nowait`;
    return { result };
  });
  expect(await settling.result).toBe('dead');
});

it('a stale claim changes nothing', async () => {
  await arrange(['ops', 'night'], 1);
  const claimed = await claim();
  expect(await settle({ ...claimed, attempt: 0 }, gone)).toBe('stale');
  expect(await settle({ ...claimed, owner: 'b' }, { outcome: 'sent' })).toBe('stale');
  expect(await channelAlerts()).toEqual([]);
  expect(await settle(claimed, { outcome: 'sent' })).toBe('sent');
});
