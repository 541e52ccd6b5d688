import { ensurePartitions, recordSnapshots } from '../src/store/snapshots.ts';
import { addAccounts } from '../src/store/accounts.ts';
import type { StatusReading } from '../src/domain/observation.ts';
import { benchDatabase } from './bench-house.ts';
import type { Row } from './row.ts';

const accounts = 200;
const slots = 288;

/** Bytes that a stored snapshot takes, index included, against one wide row with display values beside the raw ones. */
export async function benchSnapshots(): Promise<Row[]> {
  const { database, stop } = await benchDatabase();
  try {
    const { sql } = database;
    const day = '2026-11-20';
    const dayAt = Date.parse(`${day}T00:00:00Z`);
    await ensurePartitions(sql, day, 1);
    await sql`insert into connections (name, kind) values ('bench', 'meta')`;
    const readings = Array.from({ length: accounts }, (_, n): StatusReading => ({
      accountId: `act_${1000 + n}`,
      name: null,
      statusCode: 1,
      disableReason: 0,
      currency: 'USD',
      timezone: 'UTC',
      amountSpentMinor: null,
      spendCap: { minor: null, source: 'unknown' },
      balanceDueMinor: null,
      businessId: null,
      businessName: null,
    }));
    await addAccounts(sql, 1, readings, dayAt);
    await sql`update latest set day = ${day}::date, status_code = 1, active_ads = 12, total_ads = 18, spend_cap_minor = 2000000,
      spend_cap_source = 'meta', meta_limit_minor = 25000, meta_limit_source = 'meta', balance_due_minor = 18475`;
    await database.script(`create table wide (id bigserial primary key, account_id varchar(20) not null, snapshot_time timestamp not null,
      daily_spend_limit bigint, spend_cap bigint, amount_spent bigint, spend_today decimal(10,2), daily_limit_display decimal(10,2),
      spend_progress_percent decimal(5,2), cpc decimal(6,4), outbound_clicks int, active_ads_count int, total_ads_count int,
      account_balance decimal(10,2), account_status int, unique (account_id, snapshot_time));
      create index on wide (account_id, snapshot_time desc)`);
    const nos = (await sql<{ no: number }>`select no from accounts`).map(({ no }) => no);
    for (let slot = 0; slot < slots; slot++) {
      const at = dayAt + slot * 300_000;
      await sql`update latest set spend_minor = ${slot * 80} + account_no, clicks = ${slot * 3}, outbound_clicks = ${slot * 2},
        amount_spent_minor = 1284390 + ${slot * 80}, cpc = 0.339918`;
      await recordSnapshots(sql, at, nos);
      await sql`insert into wide (account_id, snapshot_time, daily_spend_limit, spend_cap, amount_spent, spend_today, daily_limit_display,
          spend_progress_percent, cpc, outbound_clicks, active_ads_count, total_ads_count, account_balance, account_status)
        select a.account_id, to_timestamp(${at / 1000}::float8), 25000, 2000000, l.amount_spent_minor, l.spend_minor / 100.0, 250, 40.5, 0.3399,
          l.outbound_clicks, 12, 18, 184.75, 1 from latest l join accounts a on a.no = l.account_no`;
    }
    const bytes = async (table: string) =>
      (await sql<{ bytes: number }>`select pg_total_relation_size(${table}::regclass) as bytes`)[0]?.bytes ??
      NaN;
    const rows = accounts * slots;
    return [
      {
        name: 'stored snapshot, index included',
        value: (await bytes('snapshots_20261120')) / rows,
        unit: 'bytes',
        baseline: (await bytes('wide')) / rows,
        baselineName: 'one wide row with display values',
      },
    ];
  } finally {
    await stop();
  }
}
