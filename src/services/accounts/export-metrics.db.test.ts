import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { exportQuery } from '../../contract/export.ts';
import { utcDay } from '../../domain/calendar.ts';
import type { Actor } from '../../domain/permissions.ts';
import { ensurePartitions, slotSeconds } from '../../store/snapshots.ts';
import { exportMetrics } from './export-metrics.ts';
import { addAccount, manualClock, noon, viewer } from './fleet.fixture.ts';

let store: TestDatabase;
const analyst: Actor = { role: 'analyst', name: 'ana@agency.example' };
const minuteMs = 60_000;

beforeAll(async () => {
  store = await testDatabase();
  const { sql } = store.database;
  const one = await addAccount(sql, { id: 'act_1', currency: 'USD' });
  const two = await addAccount(sql, { id: 'act_2', currency: 'JPY' });
  await sql`update accounts set name = '=cmd()' where no = ${one}`;
  await ensurePartitions(sql, utcDay(noon - 9 * 86_400_000), 12);
  for (const day of [9, 0])
    for (const slot of [0, 1])
      for (const no of [one, two])
        await sql`insert into snapshots values
          (${slotSeconds(noon - day * 86_400_000 - (2 - slot) * 5 * minuteMs)}, ${no}, 5000, ${100 + slot}, ${slot === 0 ? null : 7}, 3, 2, null)`;
});
afterAll(() => store.drop());
beforeEach(async () => {
  await store.database.sql`delete from audit_log`;
  await store.database.sql`delete from throttles`;
});

const begin = (query: Record<string, string>, actor: Actor = analyst) =>
  exportMetrics({ database: store.database, clock: manualClock() }, actor, exportQuery.parse(query));
async function read(query: Record<string, string>): Promise<string[][]> {
  const begun = await begin(query);
  if (begun.outcome === 'refused') throw new Error(begun.problem);
  let text = '';
  for await (const piece of begun.pieces) text += piece;
  expect(text.endsWith('\r\n')).toBe(true);
  return text
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','));
}
const of = (rows: string[][], column: string) =>
  rows.slice(1).map((row) => row[rows[0]?.indexOf(column) ?? -1]);
const tenDays = { from: utcDay(noon - 9 * 86_400_000) };

test('all accounts, account by account, oldest first, across pages, amounts in their own currency', async () => {
  const rows = await read(tenDays);
  expect(of(rows, 'account_id')).toEqual([
    'act_1',
    'act_1',
    'act_1',
    'act_1',
    'act_2',
    'act_2',
    'act_2',
    'act_2',
  ]);
  const times = of(rows, 'snapshot_time').slice(0, 4);
  expect(times).toEqual([...times].sort());
  expect(new Set(times).size).toBe(4);
  expect(of(rows, 'spend_today')).toEqual(['1.00', '1.01', '1.00', '1.01', '100', '101', '100', '101']);
  expect(of(rows, 'balance_due').slice(0, 2)).toEqual(['', '0.07']);
  expect(of(rows, 'daily_limit').every((cell) => cell === '')).toBe(true);
  expect(of(rows, 'name')[0]).toBe("'=cmd()");
});

test('only one account, only a vendor, only a stretch of time', async () => {
  expect(of(await read({ ...tenDays, account: 'act_2' }), 'account_id')).toHaveLength(4);
  expect(await read({ ...tenDays, vendor: 'Nobody' })).toHaveLength(1);
  expect(await read({})).toHaveLength(5);
});

test('not for a viewer; a wrong stretch is told; nothing of it is in the log', async () => {
  await expect(begin({}, viewer)).rejects.toThrow();
  expect(await begin({ from: '2026-11-20', to: '2026-11-20' })).toMatchObject({
    outcome: 'refused',
    isPause: false,
  });
  expect(await begin({ from: '2024-01-01' })).toMatchObject({ problem: 'Ask for at most 400 days at once.' });
  expect(await store.database.sql`select 1 from audit_log`).toEqual([]);
});

test('each is in the log before its first byte; the 21st within an hour has to wait', async () => {
  for (let n = 0; n < 20; n++) expect(await begin({ account: 'act_1' })).toMatchObject({ outcome: 'begun' });
  expect(await begin({})).toMatchObject({ outcome: 'refused', isPause: true });
  const lines = await store.database.sql<{ actor: string; detail: object }>`
    select actor, detail from audit_log where action = 'metrics.exported'`;
  expect(lines).toHaveLength(20);
  expect(lines[0]).toMatchObject({
    actor: analyst.name,
    detail: { account: 'act_1', every: '5m', vendor: null },
  });
});
