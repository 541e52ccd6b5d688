import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../src/adapters/database/migrate.ts';
import { readSnapshots, readStandings } from '../../src/store/history.ts';
import { slotInstant } from '../../src/store/snapshots.ts';
import { testDatabase, type TestDatabase } from '../database.ts';

/** A database of the first release, with data in it, becomes today's without losing a row. */

const migrations = path.resolve(import.meta.dirname, '../../supabase/migrations');
const noon = Date.parse('2026-11-22T12:00:00Z');
const slotMs = 300_000;
let db: TestDatabase;
let folder: string;

beforeAll(async () => {
  db = await testDatabase('template0');
  folder = await mkdtemp(path.join(tmpdir(), 'arbhub-upgrade-'));
  const first = '20261122000000_first_house.sql';
  await copyFile(path.join(migrations, first), path.join(folder, first));
  await migrate(db.database, folder);
  await db.database.script(`
    insert into connections (name, kind) values ('default', 'meta');
    insert into accounts (account_id, connection_id, currency, timezone, date_added)
      select 'act_' || n, 1, case n when 2 then 'VND' else 'USD' end, 'UTC', '2026-10-01' from generate_series(1, 3) n;
    insert into latest (account_no, state, status_code, amount_spent_minor, day, spend_minor, clicks)
      select no, 'active', 1, 5000000000, '2026-11-22', 77, 7 from accounts;
    select ensure_snapshot_partitions('2026-11-20', 4);
    insert into snapshots (account_no, slot_at, day, status_code, active_ads, total_ads, clicks, outbound_clicks, spend_minor,
        amount_spent_minor, balance_due_minor, spend_cap_minor, daily_limit_minor, daily_limit_source, cpc)
      select a.no, timestamptz '2026-11-22T12:00Z' - n * interval '5 minutes', '2026-11-22',
        case when n > 100 then 1 else 2 end, 4, 9, n, n, n * 10, 5000000000 - n, null, 2000, 250, 'm', 0.333333
      from accounts a, generate_series(0, 399) n;
    insert into account_days values (1, '2026-11-21', 900, 1, 2, 3, '2026-11-22');
    insert into cycles (kind, slot, owner, lease_until, started_at, finished_at, report)
      values ('metrics', 1, 'x', now(), now(), now(), '{"attempted": 3, "succeeded": 3}');
    insert into transitions (account_no, kind, from_code, to_code, detected_at) values (1, 'status_changed', 1, 2, now())`);
  await migrate(db.database, migrations);
});
afterAll(async () => {
  await db.drop();
  await rm(folder, { recursive: true, force: true });
});

test('every snapshot is there, with its figures and its moment', async () => {
  const { sql } = db.database;
  expect(await sql`select count(*) from snapshots`).toEqual([{ count: 1200 }]);
  const rows = await readSnapshots(sql, 2, noon - 400 * slotMs, noon + 1);
  expect(rows).toHaveLength(400);
  expect(rows[0]).toEqual({
    ...{ slot: rows[0]!.slot, spendMinor: 3990, amountSpentMinor: 4_999_999_601, balanceDueMinor: null },
    ...{ clicks: 399, outboundClicks: 399, cpc: '0.333333' },
  });
  expect(rows.map(({ slot }) => slotInstant(slot))).toEqual(
    Array.from({ length: 400 }, (_, n) => noon - (399 - n) * slotMs),
  );
});

test('what changes seldom became one row per change', async () => {
  const standings = await readStandings(db.database.sql, 1, 0, noon + 1);
  expect(standings).toMatchObject([
    {
      since: noon - 399 * slotMs,
      statusCode: 1,
      dailyLimitMinor: 250,
      dailyLimitSource: 'meta',
      activeAds: 4,
    },
    { since: noon - 100 * slotMs, statusCode: 2, spendCapMinor: 2000, spendCapSource: 'meta', totalAds: 9 },
  ]);
});

test('accounts are reached by the connection that read them, and everything else stayed', async () => {
  const { sql } = db.database;
  expect(await sql`select connection_id, account_no, lost_at from reach order by account_no`).toEqual(
    [1, 2, 3].map((account_no) => ({ connection_id: 1, account_no, lost_at: null })),
  );
  expect(await sql`select count(*) from particulars`).toEqual([{ count: 3 }]);
  expect(await sql`select spend_minor, live_spend_minor from account_days`).toEqual([
    { spend_minor: 900, live_spend_minor: null },
  ]);
  expect(await sql`select report->>'attempted' as attempted from cycles`).toEqual([{ attempted: '3' }]);
  expect(await sql`select count(*) from transitions`).toEqual([{ count: 1 }]);
});

test('no table is open to strangers, and no partition of the old kind is left', async () => {
  expect(
    await db.database.sql`
      select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind in ('r', 'p')
        and (not c.relrowsecurity or not c.relispartition and not c.relforcerowsecurity or c.relname ~ 'wide')`,
  ).toEqual([]);
});
