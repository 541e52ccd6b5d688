import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PostgresDatabase } from '../../src/adapters/database/connect.ts';
import { runCycle, type CycleOutcome, type CycleWork } from '../../src/services/poll/run-cycle.ts';
import { ClaimLost, holdClaim } from '../../src/store/cycles.ts';
import { testDatabase, type TestDatabase } from '../database.ts';
import { dice, isLong } from '../dice.ts';
import { ManualClock } from '../manual-clock.ts';
import { findFaults, intervalMs, raceSlots, startAt, writesTable } from './lease-campaign.ts';
import { LeaseModel } from './lease-model.ts';

/** Who may do a slot's work when many want to. The long run: LONG=1 npx vitest run --project integration tests/flows/leases */

const seed = Number(process.env['LEASE_SEED'] ?? 20_261_123);
const triggersPerSlot = 20;
const leaseMs = 30_000;
let fixture: TestDatabase;

beforeAll(async () => {
  fixture = await testDatabase();
  await fixture.database.script(writesTable);
});
afterAll(() => fixture.drop());

test('many triggers of every slot: each shard is done once, each slot ends once', async () => {
  const slots = isLong ? 5000 : 250;
  const pools = Array.from({ length: 5 }, (_, n) =>
    fixture.connect({ maxConnections: 4, applicationName: `process ${n}` }),
  );
  const triggers = Array.from({ length: triggersPerSlot }, (_, n) => ({
    database: pools[n % pools.length]!,
    owner: `owner-${n}`,
  }));
  const { reports, outcomes, plans } = await raceSlots(triggers, slots, seed);
  const winners = await fixture.database.sql<{ owner: string }>`select distinct owner from writes`;
  console.log(
    `LEASE_SEED=${seed}: ${slots} slots x ${triggersPerSlot} triggers, ${[...plans.values()].reduce((a, b) => a + b)} shards, ` +
      `${winners.length} owners did some, outcomes ${JSON.stringify(outcomes)}`,
  );
  expect(await findFaults(fixture.database, plans, reports)).toEqual([]);
  expect(outcomes.stopped).toBe(0);
  // Else the triggers did not race.
  expect(winners.length).toBeGreaterThan(triggersPerSlot / 2);
}, 600_000);

describe('a holder that freezes past its lease', () => {
  /** A process whose time stands still, with its timers, until the test moves it. */
  function process(owner: string, at: number) {
    const clock = new ManualClock(at);
    const warnings: string[] = [];
    const log = { info: () => {}, warn: (event: string) => warnings.push(event), error: () => {} };
    const database: PostgresDatabase = fixture.connect({ maxConnections: 3 });
    const run = (work: Omit<CycleWork, 'kind' | 'intervalMs'>): Promise<CycleOutcome> =>
      runCycle({ database, clock, log, owner }, { kind: 'metrics', intervalMs, ...work });
    return { owner, clock, database, run, warnings };
  }

  async function write(
    { database, owner }: ReturnType<typeof process>,
    claim: Parameters<typeof holdClaim>[1],
  ) {
    await database.transaction(async (sql) => {
      await holdClaim(sql, claim);
      await sql`insert into writes values (${claim.kind}, ${claim.slot}, ${claim.shard}, ${claim.fence}, ${owner}, 1)`;
    });
  }

  const ownersOf = async (slot: number) =>
    (
      await fixture.database.sql<{ owner: string }>`
        select owner from writes where kind = 'metrics' and slot = ${slot} order by fence, step`
    ).map(({ owner }) => owner);

  test.each(['it writes again', 'its renewal wakes first', 'it has nothing left to write'])(
    'stores nothing any more, and the taker finishes; %s',
    async (way) => {
      const at =
        startAt + 86_400_000 + ['it writes again', 'its renewal wakes first'].indexOf(way) * intervalMs;
      const slot = Math.floor(at / intervalMs);
      const frozen = process('frozen', at);
      const taker = process('taker', at + leaseMs + 1);
      let thaw = (): void => {};
      const thawed = new Promise<void>((resolve) => (thaw = resolve));
      let began = (): void => {};
      const hasBegun = new Promise<void>((resolve) => (began = resolve));
      let refusal: unknown = null;
      let wasCut = false;
      const first = frozen.run({
        async run({ claim, signal }, tally) {
          await write(frozen, claim);
          began();
          await thawed;
          wasCut = signal.aborted;
          tally.add({ attempted: 1, succeeded: 1 });
          if (way === 'it has nothing left to write') return;
          await write(frozen, claim).catch((error: unknown) => {
            refusal = error;
            throw error;
          });
        },
      });
      await hasBegun;
      expect(
        await process('early', at + leaseMs).run({ run: () => Promise.reject(new Error('claimed')) }),
      ).toEqual({
        outcome: 'taken',
      });
      const second = await taker.run({
        async run({ claim }, tally) {
          await write(taker, claim);
          tally.add({ attempted: 1, succeeded: 1 });
        },
      });
      expect(second).toMatchObject({ outcome: 'ran', report: { attempted: 1, succeeded: 1 } });
      const kept = await fixture.database.sql`select * from shards where kind = 'metrics' and slot = ${slot}`;
      if (way === 'its renewal wakes first') {
        frozen.clock.advance(leaseMs / 3);
        await expect.poll(() => frozen.warnings).toContain('claim taken over');
      }
      thaw();
      await first;
      if (way === 'its renewal wakes first') expect(wasCut).toBe(true);
      if (way !== 'it has nothing left to write') expect(refusal).toBeInstanceOf(ClaimLost);
      expect(await ownersOf(slot)).toEqual(['frozen', 'taker']);
      // What the taker wrote down stands, owner, fence, report and all.
      expect(
        await fixture.database.sql`select * from shards where kind = 'metrics' and slot = ${slot}`,
      ).toEqual(kept);
      expect(kept).toMatchObject([{ owner: 'taker' }]);
    },
  );
});

test('claims, writes, renewals, releases, ends and crashes in any order keep the books of a model', async () => {
  const runs = isLong ? 5000 : 250;
  const steps = 40;
  const pools = Array.from({ length: 3 }, () => fixture.connect({ maxConnections: 2 }));
  const totals: Record<string, number> = {};
  for (let run = 0; run < runs; run++) {
    const random = dice(seed + run);
    const model = new LeaseModel(pools, startAt + 2 * 86_400_000 + run * intervalMs, 1 + random.below(3));
    await model.open();
    const told: string[] = [];
    try {
      for (let step = 0; step < steps; step++) told.push(await model.step(random));
      told.push(await model.settle());
    } catch (error) {
      throw new Error(`LEASE_SEED=${seed}, run ${run}: ${told.join(', ')}`, { cause: error });
    }
    for (const name of told) totals[name] = (totals[name] ?? 0) + 1;
  }
  console.log(`LEASE_SEED=${seed}: ${runs} x ${steps} steps: ${JSON.stringify(totals)}`);
  for (const name of [
    'write refused',
    'written',
    'taken over',
    'claim held off',
    'renew refused',
    'finish ignored',
  ])
    expect(totals[name] ?? 0, name).toBeGreaterThan(runs / 20);
}, 600_000);
