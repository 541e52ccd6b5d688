import { exportMetrics } from '../src/services/accounts/export-metrics.ts';
import { ensurePartitions, slotSeconds } from '../src/store/snapshots.ts';
import { benchDatabase } from './bench-house.ts';
import type { Row } from './row.ts';

const dayMs = 86_400_000;
const from = Date.parse('2026-11-01T00:00:00Z');
const days = 7;
const accounts = 500;
const mostMb = 80;

/** A million snapshots as CSV: the memory that it takes above what the process had, and its time against bare reading. */
async function exportAMillion(): Promise<Row[]> {
  const { database, stop } = await benchDatabase();
  try {
    const { sql } = database;
    await ensurePartitions(sql, '2026-11-01', days + 1);
    await sql`insert into connections (name, kind) values ('bench', 'meta')`;
    await sql`
      insert into accounts (account_id, connection_id, name, currency, timezone, date_added)
      select 'act_' || n, 1, 'Account ' || n, 'USD', 'UTC', ${from}::timestamptz from generate_series(1, ${accounts}::int) n`;
    await sql`
      insert into snapshots select ${slotSeconds(from)}::int + s * 300, a.no, 5000 + s, s, 7, 3, 2, null
      from generate_series(0, ${days * 288 - 1}::int) s cross join accounts a`;
    await sql`analyze snapshots`;
    const clock = { now: async () => from + days * dayMs };
    const query = { from, to: from + days * dayMs, every: '5m' } as const;
    const begun = await exportMetrics({ database, clock }, { role: 'admin', name: 'bench' }, query);
    if (begun.outcome === 'refused') throw new Error(begun.problem);
    const before = process.memoryUsage().rss;
    let [most, rows, startedAt] = [before, -1, performance.now()];
    for await (const piece of begun.pieces) {
      rows += piece.split('\r\n').length - 1;
      most = Math.max(most, process.memoryUsage().rss);
    }
    const tookMs = performance.now() - startedAt;
    startedAt = performance.now();
    for (let no = 1; no <= accounts; no++)
      await sql`select * from snapshots where account_no = ${no} order by slot`;
    const bareMs = performance.now() - startedAt;
    return [
      {
        ...{ name: `export of ${rows} snapshots: memory`, value: (most - before) / 2 ** 20, unit: 'MB' },
        ...{ baseline: mostMb, baselineName: 'the limit' },
      },
      {
        ...{ name: `export of ${rows} snapshots`, value: tookMs / 1000, unit: 's' },
        ...{ baseline: bareMs / 1000, baselineName: 'reading the same rows' },
      },
    ];
  } finally {
    await stop();
  }
}

process.stdout.write(JSON.stringify(await exportAMillion()));
