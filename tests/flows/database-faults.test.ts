import { afterAll, expect, test } from 'vitest';
import { connectDatabase, type PostgresDatabase } from '../../src/adapters/database/connect.ts';
import { sendAlerts } from '../../src/services/alerts/send-alerts.ts';
import { sweepStatus } from '../../src/services/poll/sweep-status.ts';
import { readHealth } from '../../src/services/upkeep/read-health.ts';
import { readFigures } from '../../src/server/triggers.ts';
import { databaseProxy, type DatabaseProxy } from '../database-proxy.ts';
import { dice, isLong } from '../dice.ts';
import { flowHouse, type FlowHouse } from '../flow-house.ts';
import { until } from './until.ts';

/**
 * Eleven minutes without a usable database, in every way that a database can be unusable. The long run has more resets:
 * LONG=1 npx vitest run --project integration tests/flows/database-faults
 */

const seed = Number(process.env['FAULT_SEED'] ?? 20_261_127);
const minuteMs = 60_000;
const faultMinutes = 11;
/** Short where every statement of eleven minutes runs into it; that test is alone on its machine for as long. */
const patienceOf = (fault: Fault) => (fault === 'hang' ? 400 : 10_000);
const startAt = Date.parse('2026-11-23T15:00:07Z');

const unhandled: unknown[] = [];
const note = (reason: unknown) => unhandled.push(reason);
process.on('unhandledRejection', note);

afterAll(async () => {
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});

type Fault = 'refuse' | 'hang' | 'reset' | 'read-only';

async function house(fault: Fault, roll: () => number) {
  const entered: { proxy: DatabaseProxy; product: PostgresDatabase }[] = [];
  const world = await flowHouse({
    startAt,
    accounts: 30,
    enter: async ({ target }) => {
      const proxy = await databaseProxy(target, roll);
      const product = connectDatabase({ to: proxy.target, patienceMs: patienceOf(fault), maxConnections: 4 });
      entered.push({ proxy, product });
      return product;
    },
  });
  const { proxy, product } = entered[0]!;
  const close = async () => {
    await product.close();
    await proxy.close();
    await world.close();
  };
  return { world, proxy, close };
}

/** One minute with all triggers; answers what failed in it. */
async function minute({ deps, advance, clock }: FlowHouse): Promise<string[]> {
  await advance(minuteMs);
  const failures: string[] = [];
  const attempt = async (name: string, work: () => Promise<unknown>) => {
    let isOver = false;
    const working = work()
      .catch((error: unknown) => failures.push(`${name}: ${String(error)}`))
      .finally(() => (isOver = true));
    // A channel's spacing passes as time does.
    await until(
      () => {
        if (name === 'send') clock.advance(100);
        return isOver;
      },
      (is) => is,
    );
    await working;
  };
  await attempt('sweep', () => sweepStatus(deps));
  await attempt('figures', () => readFigures(deps));
  await attempt('send', () => sendAlerts(deps));
  return failures;
}

/** Whatever only a half-written transaction could leave behind. */
async function findTorn({ database: { database } }: FlowHouse): Promise<unknown[]> {
  const { sql } = database;
  return (
    await Promise.all([
      sql`select a.account_id, 'figures apart' as what from latest l join accounts a on a.no = l.account_no
        join lateral (select * from snapshots where account_no = l.account_no order by slot desc limit 1) s on true
        where (s.spend_minor, s.clicks) is distinct from (l.spend_minor, l.clicks)`,
      sql`select account_id, 'no particulars' as what from accounts a
        where not exists (select from particulars p where p.account_no = a.no) or not exists (select from latest l where l.account_no = a.no)`,
      sql`select account_no, count(*), 'change told twice' as what from transitions where kind = 'status_changed'
        group by account_no, from_code, to_code having count(*) > 1`,
      sql`select t.account_no, 'change without alert' as what from transitions t
        where t.kind = 'status_changed' and t.to_code = 2 and not exists (select from alert_accounts x where x.transition_id = t.id)`,
      sql`select a.id, 'alert without delivery' as what from alerts a
        where a.severity = 'critical' and a.muted_by is null and not exists (select from deliveries d where d.alert_id = a.id)`,
      sql`select kind, slot, 'finished with open shards' as what from cycles c
        where finished_at is not null and exists (select from shards s where s.kind = c.kind and s.slot = c.slot and s.finished_at is null)`,
    ])
  ).flat();
}

const told = ({ slack }: FlowHouse, id: string) =>
  slack.messages.map(({ text }) => text).filter((text) => text.includes(id));

async function setReadOnly({ database: { database, target } }: FlowHouse, isOn: boolean): Promise<void> {
  // The setting counts for connections that are made from now on.
  await database.script(
    `alter database ${target.database} set default_transaction_read_only = ${isOn ? 'on' : 'off'}`,
  );
  await database.sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`;
}

const times = (fault: Fault) => {
  const count = isLong ? (fault === 'reset' ? 20 : 3) : fault === 'reset' ? 3 : 1;
  return Array.from({ length: count }, (_, n) => [fault, n] as const);
};
const title = 'database: %s (%i). Cycles fail loudly, the process lives, and afterwards all is told once';

test.each(times('hang'))(title, outlast, 120_000);
test.concurrent.each((['refuse', 'reset', 'read-only'] as const).flatMap(times))(title, outlast, 120_000);

async function outlast(fault: Fault, n: number): Promise<void> {
  const random = dice(seed + n);
  const { world, proxy, close } = await house(fault, () => random.roll());
  try {
    await outlastIn(world, proxy, fault, n);
  } finally {
    await close();
  }
}

async function outlastIn(world: FlowHouse, proxy: DatabaseProxy, fault: Fault, n: number): Promise<void> {
  const health = () => readHealth(world.deps);
  await minute(world);
  const [before] = await world.scenario({ kind: 'suspend_one' });
  for (let minutes = 0; minutes < 6; minutes++) expect(await minute(world)).toEqual([]);
  expect(await health()).toMatchObject({ status: 'ok' });

  if (fault === 'read-only') await setReadOnly(world, true);
  else await proxy.set(fault);
  const failures: string[] = [];
  const stale: number[] = [];
  let banned = '';
  for (let minutes = 1; minutes <= faultMinutes; minutes++) {
    if (minutes === 4) [banned = ''] = await world.scenario({ kind: 'suspend_one' });
    failures.push(...(await minute(world)));
    if ((await health()).status === 'stale') stale.push(minutes);
  }
  const quiet = told(world, banned).length;

  if (fault === 'read-only') await setReadOnly(world, false);
  else await proxy.set('none');
  const after: string[][] = [];
  for (let minutes = 0; minutes < 6; minutes++) after.push(await minute(world));
  console.log(
    `FAULT_SEED=${seed} ${fault} ${n}: ${failures.length} loud failures (${new Set(failures.map((text) => text.replace(/\d+/g, '#'))).size} kinds), ` +
      `stale after ${stale[0] ?? '-'} min, failures afterwards ${JSON.stringify(after.map(({ length }) => length))}`,
  );

  // Loud: every minute says so; one that got through between two resets is none to complain about.
  expect(failures.length).toBeGreaterThanOrEqual(fault === 'reset' ? 3 : faultMinutes);
  if (fault === 'refuse' || fault === 'hang') expect(stale).toHaveLength(faultMinutes);
  if (fault === 'read-only') expect(stale.at(-1)).toBe(faultMinutes);
  if (fault !== 'reset') expect(quiet).toBe(0);
  // Connections that were lost may still fail the first minute; the next slot is whole.
  expect(after.slice(1).flat()).toEqual([]);
  expect(await health()).toMatchObject({ status: 'ok' });
  for (const id of [before!, banned]) {
    const messages = told(world, id);
    expect(messages.length, id).toBeGreaterThanOrEqual(1);
    // A repeat of a message whose fate the fault has hidden says so.
    expect(messages.slice(1).every((text) => text.startsWith('Possible repeat'))).toBe(true);
    if (fault !== 'reset') expect(messages).toHaveLength(1);
  }
  expect(
    await world.database.database.sql`
      select account_id from accounts a join latest l on l.account_no = a.no
      where a.account_id = any (${[before!, banned]}::text[]) and l.state <> 'suspended'`,
  ).toEqual([]);
  expect(await findTorn(world)).toEqual([]);
  expect(unhandled).toEqual([]);
}
