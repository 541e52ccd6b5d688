import type { AnalyticsAsk } from '../src/contract/analytics.ts';
import { readAnalytics } from '../src/services/accounts/read-analytics.ts';
import { addAccounts } from '../src/store/accounts.ts';
import { benchDatabase, median } from './bench-house.ts';
import type { Row } from './row.ts';

const now = Date.parse('2026-11-20T12:00:00Z');
const dayMs = 86_400_000;
const accounts = 2000;
const days = 90;
/** Ads are switched on and off, a limit grows: rows that an account gets a day where what changes seldom is kept. */
const standingsPerDay = 4;

/** What the analytics page waits for: the verb at 2,000 accounts with 90 days, every account watched for all of them. */
export async function benchAnalytics(): Promise<Row[]> {
  const bench = await benchDatabase();
  try {
    await furnish(bench.database);
    const deps = { database: bench.database, clock: { now: async () => now } };
    const read = async (ask: AnalyticsAsk) => {
      const times: number[] = [];
      for (let run = 0; run < 8; run++) {
        const startedAt = performance.now();
        await readAnalytics(deps, { role: 'viewer', name: 'bench' }, ask);
        // The first two fill the caches.
        if (run >= 2) times.push(performance.now() - startedAt);
      }
      return median(times);
    };
    const rows: Row[] = [];
    for (const ask of [
      { by: 'vendor', days: 30 },
      { by: 'vendor', days: 90 },
      { by: 'currency', days: 90 },
    ] as const)
      rows.push({
        name: `analytics, 2,000 accounts with 90 days: ${ask.days} days by ${ask.by}`,
        ...{ value: await read(ask), unit: 'ms', baseline: null, baselineName: null },
      });
    return rows;
  } finally {
    await bench.stop();
  }
}

async function furnish({ sql }: Awaited<ReturnType<typeof benchDatabase>>['database']): Promise<void> {
  await sql`insert into connections (name, kind) select 'bench ' || n, 'meta' from generate_series(1, 4) n`;
  await sql`insert into vendors (name) select 'Vendor ' || n from generate_series(1, 8) n`;
  const zones = ['UTC', 'America/New_York', 'Asia/Tokyo', 'Europe/Berlin'];
  const currencies = ['USD', 'USD', 'USD', 'EUR', 'JPY'];
  await addAccounts(
    sql,
    1,
    Array.from({ length: accounts }, (_, n) => ({
      accountId: `act_${1000 + n}` as const,
      ...{ name: `Account ${n}`, statusCode: 1, disableReason: 0 },
      ...{ currency: currencies[n % 5] ?? 'USD', timezone: zones[n % 4] ?? 'UTC' },
      ...{ amountSpentMinor: 1_284_390 + n, balanceDueMinor: 18_475 },
      spendCap: { minor: 2_000_000, source: 'meta' as const },
      ...{ businessId: null, businessName: null },
    })),
    now - days * dayMs,
  );
  await sql`update accounts set vendor_id = 1 + no % 8, connection_id = 1 + no % 4`;
  await sql`update latest set status_code = case when account_no % 5 = 0 then 2 else 1 end, state = 'active',
    amount_spent_minor = 1284390 + account_no, day = '2026-11-20', spend_minor = 4000, clicks = 90, outbound_clicks = 60`;
  await sql`insert into transitions (account_no, kind, to_code, to_state, detected_at)
    select no, 'discovered', 1, 'active', date_added from accounts`;
  await sql`insert into transitions (account_no, kind, from_code, to_code, from_state, to_state, detected_at)
    select no, 'status_changed', 1, 2, 'active', 'suspended', date_added + (no % 89) * interval '1 day'
    from accounts where no % 5 = 0`;
  await sql`insert into standings (account_no, since, status_code, daily_limit_minor, daily_limit_source, spend_cap_source,
      active_ads, total_ads)
    select no, ${now}::timestamptz - n * interval '1 day' / ${standingsPerDay}::int, 1, 20000 + (n / 40) * 5000, 'meta', 'none',
      n % 12, 20
    from accounts, generate_series(1, ${days * standingsPerDay}::int) n`;
  await sql`insert into account_days (account_no, day, spend_minor, impressions, clicks, outbound_clicks, read_at, closed_at)
    select no, date '2026-11-20' - d, 10000 + (no * 37 + d * 101) % 9000, 9000, 200 + (no + d) % 80, 140 + (no + d) % 60,
      now(), now()
    from accounts, generate_series(1, ${days}::int) d`;
  await sql`analyze`;
}
