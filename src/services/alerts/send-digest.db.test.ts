import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { digestFigures } from '../../contract/digest.ts';
import { addTransition, dayMs, noon, stranger, viewer } from '../accounts/fleet.fixture.ts';
import { AlertBench, minuteMs } from './alerts.fixture.ts';
import { readDigest } from './read-digest.ts';
import { sendDigest } from './send-digest.ts';

const bench = new AlertBench();
const logged: string[] = [];
const log = { info: (event: string) => logged.push(event), warn: () => {}, error: () => {} };
const send = (at: number) => sendDigest({ database: bench.database, log }, at);
const at = (iso: string) => Date.parse(iso);

beforeAll(bench.open);
beforeEach(async () => {
  await bench.database.sql`
    truncate members, account_days, standings, transitions, shards, cycles, accuracy_audits cascade`;
  await bench.reset();
  await member('owner@example.com', 'admin', 'America/New_York', noon - 30 * dayMs);
});
afterAll(bench.close);

async function member(email: string, role: string, zone: string, createdAt: number): Promise<void> {
  await bench.database.sql`
    insert into members (email, role, timezone, created_at) values (${email}, ${role}, ${zone}, ${createdAt})`;
}
const digests = () =>
  bench.database.sql<{ key: string; kind: string; severity: string; opened_at: number; resolved_at: number }>`
    select key, kind, severity, opened_at, resolved_at from alerts where kind = 'daily_digest' order by id`;

it('goes out once per day of the owner, from 08:00 of his zone on', async () => {
  await member('other@example.com', 'admin', 'Asia/Tokyo', noon - 29 * dayMs);
  expect(await send(at('2026-11-24T12:59:59Z'))).toBe(false);
  const first = at('2026-11-24T13:00:00Z');
  expect(await send(first)).toBe(true);
  expect(await send(first + minuteMs)).toBe(false);
  // Still the same day in New York.
  expect(await send(at('2026-11-25T04:59:00Z'))).toBe(false);
  expect(await send(at('2026-11-25T12:59:00Z'))).toBe(false);
  expect(await send(at('2026-11-25T13:00:30Z'))).toBe(true);
  expect(await digests()).toEqual([
    {
      key: 'digest:2026-11-24',
      kind: 'daily_digest',
      severity: 'info',
      opened_at: first,
      resolved_at: first,
    },
    expect.objectContaining({ key: 'digest:2026-11-25' }),
  ]);
});

it('of many processes at once one writes it', async () => {
  const sent = await Promise.all(Array.from({ length: 10 }, () => send(at('2026-11-24T13:00:00Z'))));
  expect(sent.filter(Boolean)).toHaveLength(1);
  expect(await digests()).toHaveLength(1);
});

it('without an admin, or in a house that is younger than the morning, there is none', async () => {
  const { sql } = bench.database;
  await sql`update members set created_at = ${at('2026-11-24T13:00:01Z')}`;
  expect(await send(at('2026-11-24T20:00:00Z'))).toBe(false);
  await sql`update members set created_at = ${noon - dayMs}, disabled_at = now()`;
  expect(await send(at('2026-11-24T20:00:00Z'))).toBe(false);
  expect(await digests()).toEqual([]);
});

it('goes to every channel but pagers, vendors, and those that want other kinds only', async () => {
  const { sql } = bench.database;
  await sql`
    insert into channels (kind, name, vendor_id, kinds, disabled_at, removed_at) values
      ('email', 'vendor', (select min(id) from vendors), null, null, null),
      ('email', 'bans only', null, '{account_suspended}', null, null),
      ('email', 'with digest', null, '{daily_digest}', null, null),
      ('email', 'off', null, null, now(), null),
      ('email', 'gone', null, null, null, now())`;
  await send(at('2026-11-24T13:00:00Z'));
  const [alert] = await sql<{ id: number }>`select id from alerts`;
  expect(await bench.deliveries(alert?.id ?? 0)).toEqual(
    ['ops', 'night', 'with digest'].map((channel) => ({
      channel,
      step: 0,
      purpose: 'digest',
      state: 'pending',
    })),
  );
});

it('tells the day: closed days, lives, speed, accuracy, messages', async () => {
  const { sql } = bench.database;
  const now = at('2026-11-24T13:00:00Z');
  const [one = 0, two = 0, three = 0] = bench.accounts;
  // Of each account the newest closed day counts, against the limit at its end, at midnight in New York.
  for (const [no, day, spend, closedAt] of [
    [one, '2026-11-22', 0, now - 3 * 3_600_000],
    [one, '2026-11-23', 69_000, now - 2 * 3_600_000],
    [two, '2026-11-23', 70_000, now - 2 * 3_600_000],
    [three, '2026-11-23', 1, now - 25 * 3_600_000],
  ] as const)
    await sql`insert into account_days (account_no, day, spend_minor, impressions, clicks, outbound_clicks, read_at, closed_at)
      values (${no}, ${day}, ${spend}, 0, 0, 0, ${now}, ${closedAt})`;
  for (const [no, since, limit] of [
    [one, '2026-11-20T00:00:00Z', 5],
    [one, '2026-11-24T04:59:59Z', 100_000],
    [one, '2026-11-24T05:00:00Z', 10],
    [two, '2026-11-20T00:00:00Z', 100_000],
  ] as const)
    await sql`insert into standings (account_no, since, daily_limit_minor, daily_limit_source, spend_cap_source)
      values (${no}, ${since}::timestamptz, ${limit}, 'meta', 'none')`;
  await addTransition(sql, one, 'status_changed', now - dayMs, {
    from_state: 'active',
    to_state: 'suspended',
  });
  await addTransition(sql, two, 'status_changed', now - 1000, { from_state: 'closing', to_state: 'active' });
  await addTransition(sql, three, 'status_changed', now - dayMs - 1, {
    from_state: 'active',
    to_state: 'closed',
  });
  await addTransition(sql, three, 'status_changed', now, { from_state: 'suspended', to_state: 'closed' });
  await sql`insert into cycles (kind, slot, started_at, finished_at, report) values
    ('metrics', 1, ${now}, ${now - 1000}, '{"slowQueries": 4}'), ('metrics', 2, ${now}, null, null),
    ('metrics', 3, ${now}, ${now - 2 * dayMs}, '{"slowQueries": 9}')`;
  for (const [slot, requests, meanMs] of [
    [1, 10, 2000],
    [2, 30, 4000],
    [3, 0, null],
  ] as const)
    await sql`insert into shards (kind, slot, shard, connection_id, part, parts, finished_at, report)
      values ('metrics', ${slot}, 0, (select min(id) from connections), 0, 1, ${now - 1000},
        ${JSON.stringify({ requests, meanMs })}::jsonb)`;
  await sql`insert into accuracy_audits (audited_on, audited_at, accounts, within, growth_compared, growth_apart)
    values ('2026-11-24', ${now - 1000}, 30, 29, 0, 0)`;
  bench.clock.at = now - 1000;
  await bench.add({ told: { ops: 'sent', night: 'dead', phone: 'retry' } });

  expect(await send(now)).toBe(true);
  const view = await readDigest(bench.deps, viewer, '2026-11-24');
  expect(digestFigures.parse(view?.figures)).toEqual({
    day: '2026-11-24',
    until: now,
    vendors: [{ vendor: 'North', days: 2, below: 1 }],
    lowest: [expect.objectContaining({ accountId: 'act_1', spendMinor: 69_000, limitMinor: 100_000 })],
    died: [{ accountId: 'act_1', name: 'Account act_1', vendor: 'North', at: now - dayMs }],
    returned: [expect.objectContaining({ accountId: 'act_2' })],
    connections: [{ connection: 'default', requests: 40, meanMs: 3500 }],
    slowQueries: 4,
    audit: { day: '2026-11-24', accounts: 30, within: 29 },
    channels: [
      { channel: 'night', dead: 1, waiting: 0, isDisabled: false },
      { channel: 'phone', dead: 0, waiting: 1, isDisabled: false },
    ],
  });
  const [alert] = await sql<{ body: string }>`select body from alerts where kind = 'daily_digest'`;
  expect(alert?.body).toMatch(/^1 account died, 1 came back\. 1 of 2 closed account-days/);
});

it('is read by its day, with the days beside it', async () => {
  await send(at('2026-11-24T13:00:00Z'));
  await send(at('2026-11-26T13:00:00Z'));
  const read = (day: string, actor = viewer) => readDigest(bench.deps, actor, day);
  expect(await read('2026-11-24')).toMatchObject({ before: null, after: '2026-11-26' });
  expect(await read('2026-11-26')).toMatchObject({ before: '2026-11-24', after: null });
  for (const day of ['2026-11-25', 'yesterday', '2026-13-01']) expect(await read(day)).toBeNull();
  await expect(read('2026-11-24', stranger)).rejects.toMatchObject({ refusal: 'forbidden' });
});
