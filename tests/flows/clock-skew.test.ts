import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { databaseClock } from '../../src/adapters/database/database-clock.ts';
import { runDaily, runMetrics, runStatus } from '../../src/server/triggers.ts';
import type { Deps } from '../../src/server/house.ts';
import { slotInstant } from '../../src/store/snapshots.ts';
import { flowHouse, type FlowHouse } from '../flow-house.ts';

/** Time is the database's alone: a process whose own clock is wrong writes nothing that bears its time. */

const dayMs = 86_400_000;
let flow: FlowHouse;
let deps: Deps;

beforeAll(async () => {
  flow = await flowHouse({ startAt: Date.now(), accounts: 30 });
  deps = { ...flow.deps, clock: databaseClock(flow.deps.database) };
  // The world's clock runs, as the database's does.
  await fetch(`${flow.simulator.graphUrl}/__sim/clock`, {
    method: 'POST',
    body: JSON.stringify({ now: null }),
  });
});
afterEach(() => vi.useRealTimers());
afterAll(() => flow?.close());

const columnsOfTime = () => flow.database.database.sql<{ table: string; column: string }>`
  select table_name as "table", column_name as "column" from information_schema.columns c
  where table_schema = 'public' and data_type = 'timestamp with time zone'
    and exists (select from pg_class r where r.oid = format('public.%I', c.table_name)::regclass and r.relkind in ('r', 'p') and not r.relispartition)`;

/** Every instant in the books that is further from the database's time than anything has a reason to be. */
async function findForeign(): Promise<string[]> {
  const found: string[] = [];
  for (const { table, column } of await columnsOfTime())
    await flow.database.database.transaction(async (sql, script) => {
      await script(`create temp table foreign_times on commit drop as
        select "${column}" as at from "${table}" where "${column}" not between now() - interval '10 days' and now() + interval '2 days'
          and isfinite("${column}")`);
      for (const { at } of await sql<{ at: number }>`select at from foreign_times`)
        found.push(`${table}.${column}: ${new Date(at).toISOString()}`);
    });
  return found;
}

test.each([
  ['a month ahead', 30 * dayMs],
  ['a month behind', -30 * dayMs],
])('a process whose clock is %s works in the database’s time', async (_name, skewMs) => {
  const { sql } = flow.database.database;
  await sql`delete from cycles`;
  await sql`delete from snapshots`;
  const before = Date.now();
  vi.useFakeTimers({ toFake: ['Date'], now: before + skewMs });
  expect(Math.abs(Date.now() - before)).toBeGreaterThan(29 * dayMs);
  expect(await runStatus(deps)).toMatchObject({ outcome: 'ran', report: { succeeded: 30, failures: {} } });
  expect(await runMetrics(deps)).toMatchObject({ outcome: 'ran', report: { failures: {} } });
  expect(await runDaily(deps)).toMatchObject({ outcome: 'ran' });
  vi.useRealTimers();
  const near = (at: number, withinMs: number) => Math.abs(at - before) < withinMs;
  const slots = await sql<{ kind: string; slot: number }>`select kind, slot from cycles`;
  const intervals: Record<string, number> = { status: 60_000, metrics: 300_000, daily: dayMs };
  for (const { kind, slot } of slots)
    expect(near(slot * intervals[kind]!, 2 * intervals[kind]!), kind).toBe(true);
  expect(slots.map(({ kind }) => kind).sort()).toEqual(['daily', 'metrics', 'status']);
  const snapshots = await sql<{ slot: number }>`select distinct slot from snapshots`;
  expect(snapshots).toHaveLength(1);
  expect(near(slotInstant(snapshots[0]!.slot), 600_000)).toBe(true);
  expect(await findForeign()).toEqual([]);
  expect((await columnsOfTime()).length).toBeGreaterThan(50);
});
