import type { AccountId } from '../src/domain/account.ts';
import type { StatusReading } from '../src/domain/observation.ts';
import { backtestRule } from '../src/services/alerts/backtest-rule.ts';
import { addAccounts } from '../src/store/accounts.ts';
import { readSnapshots } from '../src/store/history.ts';
import { ensurePartitions, packSnapshots, slotSeconds } from '../src/store/snapshots.ts';
import { benchDatabase } from './bench-house.ts';
import type { Row } from './row.ts';

const dayMs = 86_400_000;
const slotMs = 300_000;
const now = Date.parse('2026-11-20T00:00:00Z');
const days = 30;

/** A month of a fleet played again under each rule about figures, against reading the same snapshots and doing nothing. */
export async function benchBacktest(accounts: number): Promise<Row[]> {
  const { database, stop } = await benchDatabase();
  try {
    const { sql } = database;
    await furnish(database, accounts);
    const read = async (): Promise<number> => {
      const startedAt = performance.now();
      for (let no = 1; no <= accounts; no++) await readSnapshots(sql, no, now - days * dayMs, now);
      return performance.now() - startedAt;
    };
    // Once for the caches.
    await read();
    const baseline = await read();
    const deps = {
      database,
      clock: { now: async () => now },
      settings: { metricsMs: slotMs },
    };
    const rows: Row[] = [];
    for (const kind of ['funds_low', 'cpc_jump', 'stuck_delivery', 'blind_spot']) {
      const startedAt = performance.now();
      const outcome = await backtestRule(deps, { role: 'admin', name: 'bench' }, { kind, days });
      const tookMs = performance.now() - startedAt;
      if (!outcome.isDone || outcome.value.judged < accounts * days * 280)
        throw new Error(`not everything of ${kind} was judged`);
      rows.push({
        name: `backtest of ${kind}, ${accounts} accounts x ${days} days`,
        ...{ value: tookMs, unit: 'ms', baseline, baselineName: 'reading the same snapshots' },
      });
    }
    return rows;
  } finally {
    await stop();
  }
}

async function furnish(
  { sql }: Awaited<ReturnType<typeof benchDatabase>>['database'],
  accounts: number,
): Promise<void> {
  await ensurePartitions(sql, new Date(now - days * dayMs).toISOString().slice(0, 10), days + 1);
  await sql`insert into connections (name, kind) values ('bench', 'meta')`;
  const zones = ['America/New_York', 'Europe/Berlin', 'Asia/Tokyo', 'America/Los_Angeles', 'UTC'];
  const readings = Array.from({ length: accounts }, (_, n): StatusReading => ({
    accountId: `act_${n + 1}` as AccountId,
    ...{ name: null, statusCode: 1, disableReason: 0, currency: 'USD', timezone: zones[n % 5] ?? 'UTC' },
    ...{ amountSpentMinor: 0, spendCap: { minor: null, source: 'none' }, balanceDueMinor: 0 },
    ...{ businessId: null, businessName: null },
  }));
  await addAccounts(sql, 1, readings, now - 40 * dayMs);
  await sql`
    insert into standings (account_no, since, status_code, daily_limit_source, spend_cap_minor, spend_cap_source, active_ads)
    select no, ${now - 40 * dayMs}::timestamptz, 1, 'unlimited', 20000000, 'meta', 4 from accounts`;
  await sql`
    insert into account_days (account_no, day, spend_minor, impressions, clicks, outbound_clicks, read_at)
    select no, ${'2026-11-20'}::date - d, 23000, 0, 860, 0, ${now}::timestamptz from accounts, generate_series(0, 45) d`;
  await sql`
    insert into account_hours (account_no, day, hour, spend_minor, clicks, outbound_clicks)
    select no, ${'2026-11-20'}::date - d, h, 960, 36, 30 from accounts, generate_series(0, 45) d, generate_series(0, 23) h`;
  await sql`update particulars set hours_from = ${'2026-10-06'}, hours_to = ${'2026-11-19'}`;
  await sql`
    insert into cycles (kind, slot, started_at, finished_at)
    select 'metrics', extract(epoch from at)::bigint / 300, at, at + interval '20 seconds'
    from generate_series(${now - days * dayMs}::timestamptz, ${now - slotMs}::timestamptz, interval '5 minutes') at`;
  for (let back = days; back >= 1; back--) {
    const at = now - back * dayMs;
    // A quarter of the accounts pauses now and then, so that their usual hours are asked for.
    await sql`
      insert into snapshots (slot, account_no, amount_spent_minor, spend_minor, balance_due_minor, clicks, outbound_clicks)
      select ${slotSeconds(at)}::int + c * 300, a, 1284390 + s * 80, s * 80 + a, 18475, s * 3, s * 2
      from generate_series(0, 287) c, generate_series(1, ${accounts}::int) a
      cross join lateral (select case when a % 4 = 0 then c / 4 * 4 else c end as s) spent
      order by c, a`;
    await packSnapshots(sql, new Date(at).toISOString().slice(0, 10));
  }
}
