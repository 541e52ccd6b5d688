import type { AccountId } from '../src/domain/account.ts';
import { emptyReport } from '../src/domain/cycle-report.ts';
import type { StatusReading } from '../src/domain/observation.ts';
import type { MetricsReading } from '../src/ports/account-source.ts';
import { recordMetrics } from '../src/services/poll/record-metrics.ts';
import { addAccounts } from '../src/store/accounts.ts';
import { readCards } from '../src/store/cards.ts';
import { claimShard, finishShard, openCycle } from '../src/store/cycles.ts';
import { readSnapshots } from '../src/store/history.ts';
import { listReadable } from '../src/store/metrics.ts';
import { ensurePartitions, packSnapshots, slotSeconds } from '../src/store/snapshots.ts';
import { benchDatabase, median } from './bench-house.ts';
import type { Row } from './row.ts';

const dayMs = 86_400_000;
const slotMs = 300_000;
const dayAt = Date.parse('2026-11-20T00:00:00Z');
const day = '2026-11-20';
const cycles = 25;

type Bench = Awaited<ReturnType<typeof benchDatabase>>;

/** What a cycle's write costs, empty and at 4.3 million rows, and what reading the history takes. */
export async function benchStorage(): Promise<Row[]> {
  const bench = await benchDatabase();
  try {
    await furnish(bench, 2000);
    const empty = await writeCycles(bench, dayAt);
    const floor = await writeLean(bench);
    const grown = await grow(bench);
    const full = await writeCycles(bench, dayAt + dayMs / 2);
    const row = (
      name: string,
      value: number,
      unit: string,
      baseline: number | null,
      baselineName: string | null,
    ) => ({
      ...{ name, value, unit, baseline, baselineName },
    });
    const lean = 'the same rows by two bare statements, one transaction';
    return [
      row('write of a cycle, 2,000 accounts', empty.ms, 'ms', floor.ms, lean),
      row('WAL per account and cycle', empty.wal, 'bytes', floor.wal, lean),
      row('write of a cycle, 2,000 accounts, at 4.3 M rows', full.ms, 'ms', empty.ms, 'on an empty table'),
      row('WAL per account and cycle, at 4.3 M rows', full.wal, 'bytes', empty.wal, 'on an empty table'),
      row('stored snapshot of a closed day, index included', grown.bytes, 'bytes', null, null),
      row('stored snapshot of a day under way, index included', grown.fresh, 'bytes', null, null),
      ...(await readGrown(bench)),
    ];
  } finally {
    await bench.stop();
  }
}

async function furnish({ database }: Bench, accounts: number): Promise<void> {
  const { sql } = database;
  await ensurePartitions(sql, '2026-10-20', 34);
  await sql`insert into connections (name, kind) values ('bench', 'meta')`;
  const readings = Array.from({ length: accounts }, (_, n): StatusReading => ({
    accountId: `act_${1000 + n}`,
    ...{ name: `Account ${n}`, statusCode: 1, disableReason: 0, currency: 'USD', timezone: 'UTC' },
    ...{ amountSpentMinor: 1_284_390 + n, balanceDueMinor: 18_475 },
    spendCap: { minor: 2_000_000, source: 'meta' },
    ...{ businessId: null, businessName: null },
  }));
  await addAccounts(sql, 1, readings, dayAt - 30 * dayMs);
  await sql`update latest set status_code = 1, state = 'active', amount_spent_minor = 1284390 + account_no,
    balance_due_minor = 18475, spend_cap_minor = 2000000, spend_cap_source = 'meta', active_ads = 12, total_ads = 18`;
}

/** Cycles of 2,000 accounts through the product's own write, in the four portions in which shards bring them. */
async function writeCycles({ database }: Bench, from: number) {
  const { sql } = database;
  const [times, wals]: [number[], number[]] = [[], []];
  for (let cycle = 0; cycle < cycles; cycle++) {
    const slotAt = from + cycle * slotMs;
    const slot = slotAt / slotMs;
    const plan = [{ connectionId: 1, part: 0, parts: 1 }];
    await database.transaction((tx) => openCycle(tx, { kind: 'metrics', slot, at: slotAt, plan }));
    const shard = await claimShard(sql, {
      kind: 'metrics',
      slot,
      owner: 'bench',
      at: slotAt,
      leaseMs: 60_000,
    });
    if (shard === null) throw new Error('no shard');
    const accounts = new Map((await listReadable(sql, shard, slotAt)).map((each) => [each.accountId, each]));
    const readings = [...accounts.keys()].map((accountId, n) => readingOf(accountId, n, cycle));
    const walBefore = await wal(database.sql);
    const startedAt = performance.now();
    await recordMetrics(database, { claim: shard.claim, slotAt, accounts, readings, at: slotAt + 1000 });
    const tookMs = performance.now() - startedAt;
    const walBytes = (await wal(database.sql)) - walBefore;
    await finishShard(sql, shard.claim, slotAt + 2000, emptyReport);
    // The first cycles fill the caches and read the slow things.
    if (cycle >= 5) {
      times.push(tookMs);
      wals.push(walBytes / accounts.size);
    }
  }
  return { ms: median(times), wal: median(wals) };
}

function readingOf(accountId: AccountId, n: number, cycle: number): MetricsReading {
  const clicks = cycle * 3 + (n % 50) + 1;
  const spendMinor = cycle * 80 + n;
  const cpc = String(Number((spendMinor / 100 / clicks).toFixed(6)));
  const value = {
    accountId,
    day,
    spendMinor,
    impressions: clicks * 90,
    clicks,
    outboundClicks: clicks - 1,
    cpc,
  };
  return {
    ...{ accountId, askedAt: null, today: { ok: true, value } },
    ...{ ads: null, limit: null, details: null, closed: null, history: null, hours: null, activities: null },
  };
}

/** The least that storing a cycle takes: one insert and one upsert of narrow rows. */
async function writeLean({ database }: Bench) {
  await database.script(`
    create table lean (acc int not null, at int not null, spend int, cap int, clicks int, balance int, primary key (acc, at));
    create table lean_latest (acc int primary key, at int, spend int, cap int, clicks int, balance int) with (fillfactor = 50)`);
  const [times, wals]: [number[], number[]] = [[], []];
  const nos = Array.from({ length: 2000 }, (_, n) => n);
  for (let cycle = 0; cycle < cycles; cycle++) {
    const values = nos.map((n) => (n * 37 + cycle * 80) % 90_000);
    const before = await wal(database.sql);
    const startedAt = performance.now();
    await database.transaction(async (sql) => {
      await sql`insert into lean select acc, ${cycle}, v, 25000, v / 7, v * 3 from unnest(${nos}::int[], ${values}::int[]) as u (acc, v)`;
      await sql`insert into lean_latest select acc, ${cycle}, v, 25000, v / 7, v * 3 from unnest(${nos}::int[], ${values}::int[]) as u (acc, v)
        on conflict (acc) do update set at = excluded.at, spend = excluded.spend, clicks = excluded.clicks, balance = excluded.balance`;
    });
    if (cycle >= 5) {
      times.push(performance.now() - startedAt);
      wals.push(((await wal(database.sql)) - before) / 2000);
    }
  }
  return { ms: median(times), wal: median(wals) };
}

const wal = async (sql: Bench['database']['sql']): Promise<number> =>
  (await sql<{ at: number }>`select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 as at`)[0]
    ?.at ?? NaN;

/** 500 accounts x 288 x 30 days before the day under way, each closed day packed as the nightly upkeep leaves it. */
async function grow({ database }: Bench): Promise<{ bytes: number; fresh: number }> {
  const { sql } = database;
  const bytes = async (table: string) =>
    (await sql<{ bytes: number }>`select pg_total_relation_size(${table}::regclass) as bytes`)[0]?.bytes ??
    NaN;
  let [sum, fresh] = [0, NaN];
  for (let back = 30; back >= 1; back--) {
    const at = dayAt - back * dayMs;
    const date = new Date(at).toISOString().slice(0, 10);
    await sql`
      insert into snapshots (slot, account_no, amount_spent_minor, spend_minor, balance_due_minor, clicks, outbound_clicks)
      select ${slotSeconds(at)} + c * 300, a, 1284390 + c * 80, c * 80 + a, 18475, c * 3, c * 2
      from generate_series(0, 287) c, generate_series(1, 500) a order by c, a`;
    const table = `snapshots_${date.replaceAll('-', '')}`;
    if (back === 30) fresh = (await bytes(table)) / (500 * 288);
    await packSnapshots(sql, date);
    sum += await bytes(table);
  }
  await database.script('checkpoint');
  return { bytes: sum / (500 * 288 * 30), fresh };
}

async function readGrown({ database }: Bench): Promise<Row[]> {
  const { sql } = database;
  const p95 = async (runs: number, work: (run: number) => Promise<unknown>): Promise<number> => {
    const times: number[] = [];
    for (let run = 0; run < runs; run++) {
      const startedAt = performance.now();
      await work(run);
      times.push(performance.now() - startedAt);
    }
    return times.toSorted((a, b) => a - b)[Math.floor(runs * 0.95)] ?? NaN;
  };
  await sql`update accounts set archived_at = now() where no > 500`;
  const row = (name: string, value: number) => ({
    name,
    value,
    unit: 'ms',
    baseline: null,
    baselineName: null,
  });
  await readCards(sql, dayAt, {});
  const board = await p95(60, () => readCards(sql, dayAt, {}));
  const bare = await p95(60, () => sql`select * from latest limit 500`);
  const oneDay = await p95(100, (run) => readSnapshots(sql, (run % 500) + 1, dayAt - dayMs, dayAt));
  const month = await p95(60, (run) => readSnapshots(sql, (run % 500) + 1, dayAt - 30 * dayMs, dayAt));
  const startedAt = performance.now();
  await database.script('drop table snapshots_20261021');
  return [
    {
      ...row("the board's read, 500 accounts, p95", board),
      baseline: bare,
      baselineName: 'select * from latest',
    },
    row('24 h of one account, p95', oneDay),
    row('30 days of one account, p95', month),
    row('dropping a day', performance.now() - startedAt),
  ];
}
