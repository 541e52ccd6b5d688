import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../tests/database.ts';
import { databaseClock } from './database-clock.ts';

let fixture: TestDatabase;
beforeAll(async () => {
  fixture = await testDatabase('template0');
});
afterAll(() => fixture.drop());

it('tells the database’s time in whole milliseconds, going on within a transaction', async () => {
  const { database } = fixture;
  const [before, after] = await database.transaction(async (sql) => {
    const clock = databaseClock({ sql });
    const early = await clock.now();
    await sql`select pg_sleep(0.02)`;
    return [early, await clock.now()] as const;
  });
  const [row] = await database.sql<{ ms: number }>`
    select floor(extract(epoch from clock_timestamp()) * 1000)::int8 as ms`;
  expect(Number.isInteger(before)).toBe(true);
  expect(after - before).toBeGreaterThanOrEqual(19);
  expect(row!.ms - after).toBeGreaterThanOrEqual(0);
  expect(row!.ms - after).toBeLessThan(5_000);
});

it('sleeps its time, and wakes at once when told', async () => {
  const clock = databaseClock(fixture.database);
  const start = clock.monotonicMs();
  await clock.sleep(30);
  expect(clock.monotonicMs() - start).toBeGreaterThanOrEqual(28);
  const alarm = new AbortController();
  const sleeping = clock.sleep(60_000, alarm.signal);
  alarm.abort();
  await sleeping;
  await clock.sleep(60_000, alarm.signal);
  expect(clock.monotonicMs() - start).toBeLessThan(5_000);
});
