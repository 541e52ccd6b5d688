import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/database.ts';
import {
  buryUndeliverable,
  claimDelivery,
  disableChannel,
  findNextDue,
  findOldestDue,
  handOver,
  listDueChannels,
  pauseChannel,
  recordDead,
  recordRetry,
  recordSent,
} from './deliveries.ts';

const noon = Date.UTC(2026, 10, 24, 12);
const leaseMs = 30_000;
let test: TestDatabase;
let slack = 0;
let other = 0;

beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());
beforeEach(async () => {
  await test.database.sql`truncate channels, alerts, alert_accounts, deliveries cascade`;
  const rows = await test.database.sql<{ id: number }>`
    insert into channels (kind, name) values ('slack', 'ops'), ('slack', 'night') returning id`;
  [slack, other] = rows.map(({ id }) => id) as [number, number];
});

/** `count` alerts of one instant with a delivery each; later calls make younger ones. */
async function enqueue(channelId: number, count = 1, createdAt = noon): Promise<number[]> {
  const rows = await test.database.sql<{ id: number }>`
    with opened as (
      insert into alerts (key, kind, severity, title, body, fields, opened_at)
      select gen_random_uuid()::text, 'account_suspended', 'critical', 'Account suspended', 'act_1: down',
        '[{"label":"Vendor","value":"North"}]', ${createdAt}::timestamptz
      from generate_series(1, ${count}::int) returning id)
    insert into deliveries (alert_id, channel_id, due_at, created_at)
    select id, ${channelId}::int, ${createdAt}::timestamptz, ${createdAt}::timestamptz from opened returning id`;
  return rows.map(({ id }) => id);
}
const claim = (now: number, change: { owner?: string; spacingMs?: number; channelId?: number } = {}) =>
  claimDelivery(test.database, { channelId: slack, owner: 'a', now, leaseMs, spacingMs: 0, ...change });
async function mustClaim(now: number) {
  const claimed = await claim(now);
  if (claimed === null) throw new Error('nothing to claim');
  return claimed;
}
const stateOf = async (id: number) =>
  (await test.database.sql<{ state: string }>`select state from deliveries where id = ${id}`)[0]?.state;

it('two senders at once never claim the same delivery', async () => {
  const ids = await enqueue(slack, 200);
  const pools = [test.database, test.connect()];
  const claimed = await Promise.all(
    ['a', 'b', 'c', 'd'].map(async (owner, i) => {
      const database = pools[i % 2] ?? test.database;
      const own: number[] = [];
      for (;;) {
        const row = await claimDelivery(database, {
          channelId: slack,
          owner,
          now: noon,
          leaseMs,
          spacingMs: 0,
        });
        if (row === null) return own;
        expect(row.attempt).toBe(1);
        own.push(row.id);
      }
    }),
  );
  expect(claimed.flat().sort((a, b) => a - b)).toEqual(ids);
  expect(claimed.filter((own) => own.length > 0).length).toBeGreaterThan(1);
});

it('claims with the words of the alert, oldest first', async () => {
  const [young] = await enqueue(slack, 1, noon);
  const [old] = await enqueue(slack, 1, noon - 60_000);
  expect(await claim(noon)).toMatchObject({
    id: old,
    alertId: expect.any(Number) as number,
    channelId: slack,
    step: 0,
    owner: 'a',
    attempt: 1,
    isPossibleRepeat: false,
    createdAt: noon - 60_000,
    severity: 'critical',
    title: 'Account suspended',
    body: 'act_1: down',
    fields: [{ label: 'Vendor', value: 'North' }],
    openedAt: noon - 60_000,
  });
  expect((await claim(noon))?.id).toBe(young);
  expect(await claim(noon)).toBeNull();
});

it('claims nothing early, paused, disabled or within the spacing', async () => {
  await enqueue(slack, 3);
  expect(await claim(noon - 1)).toBeNull();
  await pauseChannel(test.database.sql, slack, noon + 5_000);
  await pauseChannel(test.database.sql, slack, noon + 1_000);
  expect(await claim(noon + 4_999)).toBeNull();
  expect(await claim(noon + 5_000, { spacingMs: 1_000 })).not.toBeNull();
  expect(await claim(noon + 5_999, { owner: 'b', spacingMs: 1_000 })).toBeNull();
  expect(await claim(noon + 6_000, { owner: 'b' })).not.toBeNull();
  await disableChannel(test.database.sql, slack, 'gone', noon);
  expect(await claim(noon + 60_000)).toBeNull();
});

it('a claim that ran out is claimed again as a possible repeat, and so are all later attempts', async () => {
  await enqueue(slack);
  await claim(noon);
  expect(await claim(noon + leaseMs - 1, { owner: 'b' })).toBeNull();
  const second = await mustClaim(noon + leaseMs);
  expect(second).toMatchObject({ attempt: 2, isPossibleRepeat: true });
  await recordRetry(test.database.sql, second, {
    dueAt: noon + 40_000,
    reason: '429',
    mayHaveArrived: false,
  });
  expect(await claim(noon + 40_000)).toMatchObject({ attempt: 3, isPossibleRepeat: true });
});

it.each([
  [false, false],
  [true, true],
])(
  'an attempt that may have arrived (%s) makes the next one a possible repeat',
  async (mayHaveArrived, expected) => {
    await enqueue(slack);
    const first = await claim(noon);
    if (first === null) throw new Error('nothing claimed');
    await recordRetry(test.database.sql, first, { dueAt: noon + 1, reason: 'HTTP 500', mayHaveArrived });
    expect((await claim(noon + 1))?.isPossibleRepeat).toBe(expected);
  },
);

it('a stale sender cannot overwrite what another recorded', async () => {
  const [id = 0] = await enqueue(slack);
  const stale = await mustClaim(noon);
  const fresh = await mustClaim(noon + leaseMs);
  const { sql } = test.database;
  const failure = { dueAt: noon, reason: 'late', mayHaveArrived: true };
  const tryAll = async () => [
    await recordSent(sql, stale, noon),
    await recordRetry(sql, stale, failure),
    await recordDead(sql, stale, 'late'),
    await recordSent(sql, { ...fresh, owner: 'b' }, noon),
  ];
  expect(await tryAll()).toEqual([false, false, false, false]);
  expect(await stateOf(id)).toBe('claimed');
  expect(await recordSent(sql, fresh, noon)).toBe(true);
  expect(await tryAll()).toEqual([false, false, false, false]);
  expect(await stateOf(id)).toBe('sent');
});

it('buries what waits for a disabled channel, but not an attempt in flight', async () => {
  await enqueue(slack, 2);
  const [safe = 0] = await enqueue(other);
  const flying = await mustClaim(noon);
  const { sql } = test.database;
  expect(await disableChannel(sql, slack, 'HTTP 404 no_service', noon)).toBe(true);
  expect(await disableChannel(sql, slack, 'again', noon)).toBe(false);
  expect(await buryUndeliverable(sql, noon)).toHaveLength(1);
  expect([await stateOf(flying.id), await stateOf(safe)]).toEqual(['claimed', 'pending']);
  expect(await findNextDue(sql, { channelId: slack })).toBeNull();
  expect(await buryUndeliverable(sql, noon + leaseMs)).toEqual([{ id: flying.id, alertId: flying.alertId }]);
});

it('hands an alert over only when no other channel has it', async () => {
  const { sql } = test.database;
  const dead = await enqueue(slack, 2);
  await sql`update deliveries set state = 'dead'`;
  await sql`
    insert into deliveries (alert_id, channel_id, due_at, created_at, state)
    select alert_id, ${other}::int, due_at, created_at, 'sent' from deliveries where id = ${dead[0] ?? 0}`;
  await handOver(sql, dead, noon + 5);
  await handOver(sql, dead, noon + 6);
  const rows = await sql<{ state: string; due_at: number }>`
    select state, due_at from deliveries where channel_id = ${other} order by id`;
  expect(rows).toEqual([
    { state: 'sent', due_at: noon },
    { state: 'pending', due_at: noon + 5 },
  ]);
});

it('tells what is due, when the next is due and how old the oldest is', async () => {
  const { sql } = test.database;
  expect([await findNextDue(sql, { channelId: slack }), await findOldestDue(sql)]).toEqual([null, null]);
  await enqueue(slack, 1, noon + 10);
  await enqueue(other, 1, noon);
  expect(await listDueChannels(sql, noon - 1)).toEqual([]);
  expect(await listDueChannels(sql, noon + 10)).toEqual([
    { id: slack, name: 'ops', kind: 'slack', sealed: null },
    { id: other, name: 'night', kind: 'slack', sealed: null },
  ]);
  expect(await findNextDue(sql, { channelId: slack })).toBe(noon + 10);
  expect(await findNextDue(sql, { exceptIds: [] })).toBe(noon);
  await claim(noon, { channelId: other });
  expect(await findNextDue(sql, { channelId: other })).toBe(noon + leaseMs);
  expect(await findOldestDue(sql)).toBe(noon);
  await pauseChannel(sql, slack, noon + 500);
  expect(await findNextDue(sql, { channelId: slack })).toBe(noon + 500);
  expect(await listDueChannels(sql, noon + 499)).toEqual([]);
});
