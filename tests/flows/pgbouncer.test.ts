import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { connectDatabase, type PostgresDatabase } from '../../src/adapters/database/connect.ts';
import { migrate } from '../../src/adapters/database/migrate.ts';
import { runMetrics, runStatus } from '../../src/server/triggers.ts';
import { testDatabase, type TestDatabase } from '../database.ts';
import { isLong } from '../dice.ts';
import { flowHouse, type FlowHouse } from '../flow-house.ts';
import { findPgbouncer, serverConnections, startPgbouncer, type Pooler } from '../pgbouncer.ts';
import { findFaults, raceSlots, writesTable } from './lease-campaign.ts';

/**
 * The product behind PgBouncer in transaction mode, as behind Supabase's pooler: every transaction may meet another server
 * connection. The long run: LONG=1 npx vitest run --project integration tests/flows/pgbouncer
 */

const seed = Number(process.env['LEASE_SEED'] ?? 20_261_124);
const migrations = path.resolve(import.meta.dirname, '../../supabase/migrations');
const found = findPgbouncer();
const suffix = randomUUID().slice(0, 8);
/** An ordinary role that owns its database, and one that owns nothing. */
const roles = { product: `arbhub_app_${suffix}`, other: `arbhub_other_${suffix}` };
let pooler: Pooler;
const pools: PostgresDatabase[] = [];

if ('missing' in found) console.log(`skipped: ${found.missing}`);

beforeAll(async () => {
  if ('missing' in found) return;
  const server = inject('databaseServer');
  pooler = await startPgbouncer(found.program, server, [server.user, roles.product, roles.other]);
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
  await pooler?.stop();
});

function enter(database: string, options: { user?: string; maxConnections?: number } = {}): PostgresDatabase {
  const { user, ...rest } = options;
  const pool = connectDatabase({ to: pooler.url(database, user), ...rest });
  pools.push(pool);
  return pool;
}

const nameOf = ({ target }: TestDatabase) => target.database;

describe.skipIf('missing' in found)('behind a transaction pooler', () => {
  test('many clients share few server connections', async () => {
    const fixture = await testDatabase();
    const clients = Array.from({ length: 20 }, () => enter(nameOf(fixture), { maxConnections: 1 }));
    const pids = await Promise.all(
      clients.map(({ transaction }) =>
        transaction(
          async (sql) => (await sql<{ pid: number }>`select pg_backend_pid() as pid, pg_sleep(0.01)`)[0]!.pid,
        ),
      ),
    );
    expect(new Set(pids).size).toBeGreaterThan(1);
    expect(new Set(pids).size).toBeLessThanOrEqual(serverConnections);
    await fixture.drop();
  });

  test('parallel starters bring the schema up once, and it is the same as without a pooler', async () => {
    const [fixture, straight] = await Promise.all([testDatabase('template0'), testDatabase()]);
    const runs = await Promise.all(
      Array.from({ length: 5 }, () => migrate(enter(nameOf(fixture)), migrations)),
    );
    const applied = runs.flat();
    expect(new Set(applied).size).toBe(applied.length);
    const shape = ({ sql }: PostgresDatabase) => sql`
      select table_name, column_name, data_type, column_default, is_nullable from information_schema.columns
      where table_schema in ('public', 'supabase_migrations') order by table_name, column_name`;
    const shaped = await shape(enter(nameOf(fixture)));
    expect(shaped.length).toBeGreaterThan(100);
    expect(shaped).toEqual(await shape(straight.database));
    expect(await migrate(enter(nameOf(fixture)), migrations)).toEqual([]);
    await Promise.all([fixture.drop(), straight.drop()]);
  });

  test('each shard of every slot is done once', async () => {
    const slots = isLong ? 1000 : 60;
    const fixture = await testDatabase();
    await fixture.database.script(writesTable);
    const clients = Array.from({ length: 5 }, () => enter(nameOf(fixture), { maxConnections: 4 }));
    const triggers = Array.from({ length: 20 }, (_, n) => ({
      database: clients[n % clients.length]!,
      owner: `owner-${n}`,
    }));
    const { reports, outcomes, plans } = await raceSlots(triggers, slots, seed);
    console.log(`LEASE_SEED=${seed}: ${slots} slots x 20 triggers, outcomes ${JSON.stringify(outcomes)}`);
    expect(await findFaults(fixture.database, plans, reports)).toEqual([]);
    await fixture.drop();
  }, 600_000);
});

describe.skipIf('missing' in found)('a product with an ordinary role of its own behind the pooler', () => {
  let flow: FlowHouse;
  beforeAll(async () => {
    flow = await flowHouse({
      startAt: Date.parse('2026-11-23T15:00:07Z'),
      accounts: 30,
      from: 'template0',
      enter: async (database) => {
        await database.database.script(`
          create role ${roles.product} login; create role ${roles.other} login;
          alter database ${nameOf(database)} owner to ${roles.product}; alter schema public owner to ${roles.product}`);
        const own = enter(nameOf(database), { user: roles.product });
        await migrate(own, migrations);
        return own;
      },
    });
  });
  afterAll(async () => {
    if (flow === undefined) return;
    await flow.database.database.script(
      Object.values(roles)
        .map((role) => `reassign owned by ${role} to current_user; drop owned by ${role}; drop role ${role};`)
        .join('\n'),
    );
    await flow.close();
  });

  test('sweeps, reads figures, and tells of a ban', async () => {
    expect(await runStatus(flow.deps)).toMatchObject({
      outcome: 'ran',
      report: { attempted: 30, succeeded: 30, failures: {} },
    });
    expect(await runMetrics(flow.deps)).toMatchObject({ outcome: 'ran', report: { failures: {} } });
    const { sql } = flow.deps.database;
    const [role] = await sql`select current_user as name, rolsuper as "isSuper", rolbypassrls as "bypasses"
      from pg_roles where rolname = current_user`;
    expect(role).toEqual({ name: roles.product, isSuper: false, bypasses: false });
    expect(await sql`select count(*) from snapshots`).toEqual([{ count: 30 }]);
    await flow.scenario({ kind: 'suspend_one' });
    await flow.advance(60_000);
    const triggered = await Promise.all([1, 2, 3].map(() => runStatus(flow.deps)));
    expect(triggered.map(({ outcome }) => outcome).sort()).toEqual(['ran', 'taken', 'taken']);
    expect(flow.slack.messages).toHaveLength(1);
  });

  test('every table has row security, forced on its owner too, and shows another role nothing', async () => {
    const { sql } = flow.deps.database;
    const tables = await sql<{ name: string; isOpen: boolean }>`
      select c.relname as name, not c.relrowsecurity or not (c.relforcerowsecurity or c.relispartition) as "isOpen"
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`;
    expect(tables.length).toBeGreaterThan(25);
    expect(tables.filter(({ isOpen }) => isOpen)).toEqual([]);
    const other = enter(nameOf(flow.database), { user: roles.other });
    const refusals = await Promise.all(
      tables.map(({ name }) =>
        other.script(`select * from public."${name}"`).then(
          () => `${name} was read`,
          (error: unknown) => (error as { code?: string }).code,
        ),
      ),
    );
    expect(new Set(refusals)).toEqual(new Set(['42501']));
    // Even where somebody grants too much, the policies are for the product's role alone.
    const own = enter(nameOf(flow.database), { user: roles.product });
    await own.script(`grant usage on schema public to ${roles.other};
      grant select, insert, update, delete on all tables in schema public to ${roles.other}`);
    for (const { name } of tables) {
      const seen = await other.transaction(async (inner, script) => {
        await script(`create temp table seen on commit drop as select count(*) as n from public."${name}"`);
        return inner<{ n: number }>`select n from seen`;
      });
      expect(seen, name).toEqual([{ n: 0 }]);
    }
    await expect(other.sql`update accounts set name = 'mine'`).resolves.toEqual([]);
    expect(await sql`select no from accounts where name = 'mine'`).toEqual([]);
    await expect(other.sql`insert into vendors (name) values ('mine')`).rejects.toMatchObject({
      code: '42501',
    });
  });
});
