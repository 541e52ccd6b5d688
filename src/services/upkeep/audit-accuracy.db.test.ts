import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { silentLog } from '../../../tests/flow-house.ts';
import { readAudits } from '../../store/audits.ts';
import { addAccount, noon } from '../accounts/fleet.fixture.ts';
import { auditAccuracy } from './audit-accuracy.ts';

let store: TestDatabase;
beforeAll(async () => {
  store = await testDatabase();
});
afterAll(() => store.drop());

const audit = () => auditAccuracy({ database: store.database, log: silentLog }, noon);

it('keeps nothing while no day has been read again', async () => {
  await audit();
  expect(await readAudits(store.database.sql, 5)).toEqual([]);
});

it("compares each account's newest closed day, and keeps one audit a night", async () => {
  const { sql } = store.database;
  const hourAgo = noon - 3_600_000;
  const day = (
    no: number,
    date: string,
    spend: number,
    live: number | null,
    growth: number | null,
    closed: number | null,
  ) => sql`
    insert into account_days (account_no, day, spend_minor, impressions, clicks, outbound_clicks, read_at, live_spend_minor,
      spent_growth_minor, closed_at)
    values (${no}, ${date}, ${spend}, 0, 0, 0, ${hourAgo}, ${live}, ${growth}, ${closed})`;
  const [one, two, three] = [
    await addAccount(sql, { id: 'act_1' }),
    await addAccount(sql, { id: 'act_2', currency: 'JPY' }),
    await addAccount(sql, { id: 'act_3' }),
  ];
  await day(one, '2026-11-22', 10_000, 1, 1, hourAgo);
  await day(one, '2026-11-23', 10_000, 9_900, 10_000, hourAgo);
  await day(two, '2026-11-23', 10_000, 9_000, 3_000, hourAgo);
  // Not watched live, not read again, read again too long ago.
  await day(three, '2026-11-21', 10_000, null, null, hourAgo);
  await day(three, '2026-11-22', 10_000, 9_000, null, null);
  await day(three, '2026-11-23', 10_000, 9_000, null, noon - 90_000_000);
  await audit();
  await audit();
  expect(await readAudits(sql, 5)).toEqual([
    {
      ...{
        auditedOn: '2026-11-24',
        auditedAt: noon,
        accounts: 2,
        within: 1,
        growthCompared: 2,
        growthApart: 1,
      },
      worst: [
        {
          ...{ accountId: 'act_2', day: '2026-11-23', currency: 'JPY' },
          ...{ liveMinor: 9_000, closedMinor: 10_000, growthMinor: 3_000 },
        },
      ],
    },
  ]);
});
