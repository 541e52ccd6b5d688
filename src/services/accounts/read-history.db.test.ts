import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { snapshotList, snapshotsQuery } from '../../contract/snapshot.ts';
import { utcDay } from '../../domain/calendar.ts';
import { ensurePartitions, packSnapshots, slotSeconds } from '../../store/snapshots.ts';
import { addAccount, addDays, manualClock, noon, stranger, viewer } from './fleet.fixture.ts';
import { readHistory } from './read-history.ts';

let store: TestDatabase;
let no: number;
const minuteMs = 60_000;

beforeAll(async () => {
  store = await testDatabase();
  const { sql } = store.database;
  no = await addAccount(sql, { id: 'act_1' });
  await addAccount(sql, { id: 'act_2' });
  await ensurePartitions(sql, utcDay(noon - 86_400_000), 3);
  for (let slot = 0; slot < 36; slot++)
    await sql`insert into snapshots values (${slotSeconds(noon - 3 * 3_600_000 + slot * 5 * minuteMs)}, ${no}, 5000, ${slot * 100},
      ${slot === 0 ? null : 7}, ${slot * 3}, ${slot * 2}, ${slot === 3 ? '0.5' : null})`;
  await sql`insert into standings (account_no, since, status_code, daily_limit_minor, daily_limit_source, spend_cap_source, active_ads)
    values (${no}, ${noon - 86_400_000}, 1, 10000, 'meta', 'none', 4), (${no}, ${noon - 60 * minuteMs}, 2, null, 'unknown', 'none', 4)`;
  await addDays(sql, no, [
    ['2026-11-22', 900, 9],
    ['2026-11-23', 800, 8],
  ]);
});
afterAll(() => store.drop());

const read = async (query: Record<string, string>, id = 'act_1', actor = viewer) => {
  const deps = { database: store.database, clock: manualClock() };
  const history = await readHistory(deps, actor, id as `act_${string}`, snapshotsQuery.parse(query));
  return history === null ? null : snapshotList.parse(history).data;
};

it('joins each snapshot with what held at its time', async () => {
  const rows = await read({});
  expect(rows).toHaveLength(36);
  expect(rows?.[1]).toEqual({
    snapshot_time: new Date(noon - 3 * 3_600_000 + 5 * minuteMs).toISOString(),
    account_status: 1,
    spend_today: { minor: 100, currency: 'USD' },
    daily_limit: { minor: 10_000, currency: 'USD' },
    daily_limit_source: 'meta',
    spend_progress_percent: 1,
    spend_cap: null,
    spend_cap_source: 'none',
    amount_spent: { minor: 5000, currency: 'USD' },
    balance_due: { minor: 7, currency: 'USD' },
    cpc: '0.333333',
    clicks: 3,
    outbound_clicks: 2,
    active_ads: 4,
    total_ads: null,
  });
  expect(rows?.[23]).toMatchObject({ account_status: 1, daily_limit_source: 'meta' });
  expect(rows?.[24]).toMatchObject({ account_status: 2, daily_limit: null, spend_progress_percent: null });
});

it('keeps unknown apart from zero, and Meta’s own cost per click where it is another', async () => {
  const rows = await read({});
  expect(rows?.[0]).toMatchObject({ balance_due: null, spend_today: { minor: 0 }, clicks: 0, cpc: null });
  expect(rows?.[3]?.cpc).toBe('0.5');
});

it('takes the start in and leaves the end out', async () => {
  const at = (minutes: number) => new Date(noon + minutes * minuteMs).toISOString();
  expect(await read({ from: at(-15), to: at(-5) })).toHaveLength(2);
  expect(await read({ from: at(-15), to: at(-15) })).toEqual([]);
});

it('gives the last of each hour, and account-days', async () => {
  expect((await read({ every: '1h' }))?.map(({ spend_today }) => spend_today?.minor)).toEqual([
    1100, 2300, 3500,
  ]);
  const days = await read({ every: '1d', from: '2026-11-22', to: '2026-11-24' });
  expect(
    days?.map(({ snapshot_time, spend_today }) => [snapshot_time.slice(0, 10), spend_today?.minor]),
  ).toEqual([
    ['2026-11-22', 900],
    ['2026-11-23', 800],
  ]);
});

it('reads the same from a packed day', async () => {
  const before = await read({});
  expect(await packSnapshots(store.database.sql, utcDay(noon))).toBe(true);
  expect(await read({})).toEqual(before);
  expect(await packSnapshots(store.database.sql, '2020-01-01')).toBe(false);
});

it('knows accounts without a history, and accounts that are none', async () => {
  expect(await read({}, 'act_2')).toEqual([]);
  expect(await read({}, 'act_3')).toBeNull();
});

it('refuses a role that the table does not know', async () => {
  await expect(read({}, 'act_1', stranger)).rejects.toMatchObject({ refusal: 'forbidden' });
});
