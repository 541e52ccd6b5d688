import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { databaseProxy, type DatabaseProxy } from '../../../tests/database-proxy.ts';
import { connectDatabase, type PostgresDatabase } from './connect.ts';

/** A database that accepts and never answers: the client gives the connection up by itself. */

const patienceMs = 300;
let fixture: TestDatabase;
let proxy: DatabaseProxy;
let database: PostgresDatabase;

beforeAll(async () => {
  fixture = await testDatabase('template0');
  await fixture.database.script('create table kept (id int)');
});
beforeEach(async () => {
  proxy = await databaseProxy(fixture.target, () => 1);
  database = connectDatabase({ to: proxy.target, maxConnections: 3, patienceMs });
});
afterEach(async () => {
  await database.close();
  await proxy.close();
});
afterAll(() => fixture.drop());

const took = async (work: () => Promise<unknown>) => {
  const startedMs = performance.now();
  const error = await work().then(
    () => null,
    (reason: unknown) => reason,
  );
  return { error: String(error), tookMs: performance.now() - startedMs };
};

it('a statement fails after its patience, and the next one finds the way again', async () => {
  await database.sql`select 1`;
  await proxy.set('hang');
  const hung = await took(() => database.sql`select 1`);
  expect(hung.error).toContain('did not answer within 300 ms');
  expect(hung.tookMs).toBeGreaterThan(patienceMs - 10);
  expect(hung.tookMs).toBeLessThan(patienceMs + 2_000);
  await proxy.set('none');
  expect(await database.sql`select 2 as n`).toEqual([{ n: 2 }]);
});

it('so does a new connection that is never greeted', async () => {
  await proxy.set('hang');
  expect((await took(() => database.sql`select 1`)).error).toContain('did not answer');
  await proxy.set('none');
  expect(await database.sql`select 3 as n`).toEqual([{ n: 3 }]);
});

it.each(['begin', 'statement', 'commit'])(
  'a transaction that hangs at its %s is lost as a whole',
  async (at) => {
    await database.transaction((sql) => sql`select 1`);
    if (at === 'begin') await proxy.set('hang');
    const hung = await took(() =>
      database.transaction(async (sql) => {
        await sql`insert into kept values (1)`;
        if (at === 'statement') await proxy.set('hang');
        if (at !== 'commit') await sql`insert into kept values (2)`;
        else await proxy.set('hang');
      }),
    );
    expect(hung.error).toMatch(/did not answer|CONNECTION_CLOSED/);
    expect(hung.tookMs).toBeGreaterThan(patienceMs - 10);
    expect(hung.tookMs).toBeLessThan(patienceMs + 2_000);
    await proxy.set('none');
    expect(await database.sql`select id from kept`).toEqual([]);
  },
);

it('a slow neighbour, a script and a transaction with longer limits are waited for', async () => {
  const slow = database.transaction((sql) => sql`select pg_sleep(0.5)`, { patienceMs: 5_000 });
  const script = database.script('select pg_sleep(0.5)');
  // Steps that are short each are never too long together.
  const steps = database.transaction(async (sql) => {
    for (let n = 0; n < 4; n++) await sql`select pg_sleep(0.15)`;
    return 'done';
  });
  expect(await Promise.all([slow, script, steps])).toHaveLength(3);
  expect((await took(() => database.sql`select pg_sleep(0.5)`)).error).toContain('did not answer');
});

it('closing does not wait for the silent', async () => {
  await Promise.all([1, 2, 3].map(() => database.sql`select pg_sleep(0.05)`));
  await proxy.set('hang');
  const closing = await took(() => database.close());
  expect(closing.error).toBe('null');
  expect(closing.tookMs).toBeLessThan(5_000);
});
