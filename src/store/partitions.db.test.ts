import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../tests/database.ts';
import { ensurePartitions } from './snapshots.ts';

let fixture: TestDatabase;
beforeAll(async () => {
  fixture = await testDatabase();
});
afterAll(() => fixture.drop());

const processes = 6;
const rounds = 8;

test('of many processes at once one makes the days, and none of them fails', async () => {
  const pools = Array.from({ length: processes }, () => fixture.connect({ maxConnections: 1 }));
  await Promise.all(pools.map(({ sql }) => sql`select 1`));
  for (let round = 1; round <= rounds; round++) {
    const firstDay = `2031-0${round}-01`;
    await Promise.all(pools.map(({ sql }) => ensurePartitions(sql, firstDay, 14)));
  }
  const [made] = await fixture.database.sql<{ count: number }>`
    select count(*) from pg_inherits where inhparent = 'snapshots'::regclass and inhrelid::regclass::text like 'snapshots_2031%'`;
  expect(made?.count).toBe(rounds * 14);
});
