import type { Database } from '../../src/ports/sql.ts';
import { runCycle } from '../../src/services/poll/run-cycle.ts';
import { holdClaim } from '../../src/store/cycles.ts';
import { dice } from '../dice.ts';
import { ManualClock } from '../manual-clock.ts';

export const intervalMs = 60_000;
export const startAt = Date.parse('2026-11-23T15:00:00Z');

/** Everything that was written under a claim; one row per write, so that a double is seen. */
export const writesTable = `
  create table writes (kind text, slot bigint, shard int, fence bigint, owner text, step int);
  create index writes_slot on writes (slot);`;

/** One process: a pool of its own, a name of its own. */
export interface Trigger {
  database: Database;
  owner: string;
}

/** Lets all triggers fire at once for one slot after the other; each shard is two transactions under its claim. */
export async function raceSlots(triggers: readonly Trigger[], slots: number, seed: number) {
  const random = dice(seed);
  const reports = new Map<string, number>();
  const outcomes = { ran: 0, taken: 0, stopped: 0 };
  const plans = new Map<number, number>();
  const log = {
    info: (event: string, fields: Record<string, unknown> = {}) => {
      const id = String(fields['cycleId']);
      if (event === 'cycle done') reports.set(id, (reports.get(id) ?? 0) + 1);
    },
    warn: () => {},
    error: () => {},
  };
  for (let n = 0; n < slots; n++) {
    const clock = new ManualClock(startAt + n * intervalMs + random.below(intervalMs));
    const slot = Math.floor((startAt + n * intervalMs) / intervalMs);
    const shards = 1 + random.below(4);
    plans.set(slot, shards);
    const atOnce = 1 + random.below(3);
    const runs = triggers.map(({ database, owner }) =>
      runCycle(
        { database, clock, log, owner },
        {
          ...{ kind: 'alerts', intervalMs, atOnce },
          plan: async () =>
            Array.from({ length: shards }, (_, part) => ({ connectionId: null, part, parts: shards })),
          async run({ claim }, tally) {
            for (const step of [1, 2])
              await database.transaction(async (sql) => {
                await holdClaim(sql, claim);
                await sql`insert into writes values (${claim.kind}, ${claim.slot}, ${claim.shard}, ${claim.fence}, ${owner}, ${step})`;
              });
            tally.add({ attempted: 1, succeeded: 1 });
          },
        },
      ),
    );
    for (const { outcome } of await Promise.all(runs)) outcomes[outcome] += 1;
  }
  return { reports, outcomes, plans };
}

/** What is wrong with the books after a race; empty when every shard was done once and every slot ended with its sum. */
export async function findFaults(
  { sql }: Database,
  plans: ReadonlyMap<number, number>,
  reports: ReadonlyMap<string, number>,
): Promise<string[]> {
  const faults: string[] = [];
  const rows = await sql<{ slot: number; shards: number; writes: number; owners: number; fences: number }>`
    select slot, count(distinct shard) as shards, count(*) as writes, count(distinct (shard, owner)) as owners,
      count(distinct fence) as fences
    from writes group by slot`;
  const written = new Map(rows.map((row) => [row.slot, row]));
  const cycles = await sql<{ slot: number; succeeded: number | null; unfinished: number }>`
    select slot, case when finished_at is not null then (report->>'succeeded')::int end as succeeded,
      (select count(*) from shards s where s.kind = c.kind and s.slot = c.slot and s.finished_at is null) as unfinished
    from cycles c where kind = 'alerts'`;
  const ended = new Map(cycles.map((row) => [row.slot, row]));
  for (const [slot, shards] of plans) {
    const found = written.get(slot);
    const wanted = { slot, shards, writes: 2 * shards, owners: shards, fences: shards };
    if (JSON.stringify(found) !== JSON.stringify(wanted))
      faults.push(`slot ${slot}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
    const end = ended.get(slot);
    if (end?.succeeded !== shards || end.unfinished !== 0)
      faults.push(`slot ${slot} ended with ${JSON.stringify(end)}`);
    const told = reports.get(`alerts:${slot}`) ?? 0;
    if (told !== 1) faults.push(`slot ${slot} was reported ${told} times`);
  }
  if (cycles.length !== plans.size) faults.push(`${cycles.length} cycles of ${plans.size} slots`);
  return faults;
}
