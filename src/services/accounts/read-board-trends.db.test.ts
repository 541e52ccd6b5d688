import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { board, type AccountCard } from '../../contract/account-card.ts';
import {
  addAccount,
  addDays,
  addTransition,
  dayMs,
  manualClock,
  noon,
  viewer,
  type GivenAccount,
} from './fleet.fixture.ts';
import { refreshDayCurves } from '../../store/day-curves.ts';
import { readBoard } from './read-board.ts';

let store: TestDatabase;
beforeAll(async () => {
  store = await testDatabase();
});
afterAll(() => store.drop());
beforeEach(() => store.database.script('truncate accounts, connections, vendors, cycles cascade'));

const settings = { sweepMs: 60_000, metricsMs: 300_000 };
const deps = () => ({ database: store.database, clock: manualClock(), settings });
const add = (given: GivenAccount) => addAccount(store.database.sql, given);

async function cards(): Promise<Map<string, AccountCard>> {
  const answer = await readBoard(deps(), viewer);
  expect(() => board.parse(answer)).not.toThrow();
  return new Map(answer.cards.map((card) => [card.accountId, card]));
}

describe('the daily limit of seven days ago', () => {
  const latest = { meta_limit_minor: 30_000, meta_limit_source: 'meta' };
  const before = async (given: Partial<GivenAccount>, changes: [agoMs: number, from: number | null][]) => {
    const no = await add({ id: 'act_1', latest, ...given });
    for (const [agoMs, from] of changes)
      await addTransition(store.database.sql, no, 'daily_limit_changed', noon - agoMs, { from_minor: from });
    await addTransition(store.database.sql, no, 'spend_cap_changed', noon - 6 * dayMs, { from_minor: 1 });
    await addTransition(store.database.sql, await add({ id: 'act_2' }), 'daily_limit_changed', noon, {
      from_minor: 2,
    });
    return (await cards()).get('act_1')?.dailyLimitBeforeMinor;
  };

  it('is what the oldest change of the week started from', async () => {
    const changes: [number, number][] = [
      [8 * dayMs, 10_000],
      [7 * dayMs, 15_000],
      [dayMs, 20_000],
    ];
    expect(await before({}, changes)).toBe(15_000);
  });

  it('is the limit of now when nothing changed in the week', async () => {
    expect(await before({ addedAt: noon - 7 * dayMs }, [[7 * dayMs + 1, 10_000]])).toBe(30_000);
  });

  it('is unknown for a newer account, and after a time without limit', async () => {
    expect(await before({ addedAt: noon - 7 * dayMs + 1 }, [])).toBeNull();
    await store.database.script('truncate accounts cascade');
    expect(await before({}, [[dayMs, null]])).toBeNull();
  });
});

describe('the change of CPC', () => {
  const change = async (clicks: number | null, days: [string, number, number][], day = '2026-11-24') => {
    const no = await add({ id: 'act_1', latest: { spend_minor: 6_000, clicks, day } });
    await addDays(store.database.sql, no, days);
    return (await cards()).get('act_1')?.cpcChangePercent;
  };

  it('compares with the sums of the seven days before the day of the figure', async () => {
    // 100 a click in the window; the eighth day, the day itself and a day to come would spoil it.
    const days: [string, number, number][] = [
      ['2026-11-16', 900_000, 1],
      ['2026-11-17', 1_000, 19],
      ['2026-11-23', 9_000, 81],
      ['2026-11-24', 900_000, 1],
      ['2026-11-25', 900_000, 1],
    ];
    expect(await change(40, days)).toBe(50);
  });

  it('moves with the day of the figure', async () => {
    expect(await change(40, [['2026-11-16', 10_000, 100]], '2026-11-23')).toBe(50);
  });

  it.each([
    [30, 100],
    [29, null],
    [null, null],
  ])('with %s clicks today is %s', async (clicks, expected) => {
    expect(await change(clicks, [['2026-11-23', 10_000, 100]])).toBe(expected);
  });

  it('is unknown without clicks before', async () => {
    expect(await change(40, [['2026-11-23', 0, 0]])).toBeNull();
    await store.database.script('truncate accounts cascade');
    expect(await change(40, [])).toBeNull();
  });
});

describe('how the day goes on', () => {
  /** The hours of as many closed days: what is spent is spent between 4 and 10 o'clock, evenly. */
  async function addHours(no: number, days: number): Promise<void> {
    await store.database.sql`
      insert into account_hours (account_no, day, hour, spend_minor, clicks, outbound_clicks)
      select ${no}::int, '2026-11-23'::date - d, h, 100, 0, 0 from generate_series(0, ${days - 1}::int) d, generate_series(4, 9) h`;
    await store.database.sql`
      insert into particulars (account_no, hours_from, hours_to)
      values (${no}::int, '2026-11-23'::date - ${days - 1}::int, '2026-11-23')
      on conflict (account_no) do update set hours_from = excluded.hours_from, hours_to = excluded.hours_to`;
    await store.database.transaction((sql) => refreshDayCurves(sql, [no]));
  }
  // 06:58 in New York; evenly that would be 29% of the day.
  const latest = { meta_limit_minor: 10_000, meta_limit_source: 'meta', spend_minor: 4_000 };
  const usual = (3 - 2 / 60) / 6;

  it("follows the account's own hours from three closed days on, else its vendor's accounts', else nothing is said", async () => {
    await addHours(await add({ id: 'act_1', vendor: 'North', latest }), 3);
    await addHours(await add({ id: 'act_2', vendor: 'North', latest }), 2);
    await addHours(await add({ id: 'act_3', vendor: 'South', latest }), 2);
    const all = await cards();
    expect(all.get('act_1')).toMatchObject({ expectedShare: Math.round(usual * 1000) / 1000, limitAt: null });
    expect(all.get('act_2')?.expectedShare).toBe(all.get('act_1')?.expectedShare);
    expect(all.get('act_3')).toMatchObject({ expectedShare: null, limitAt: null });
  });

  it('says when the limit is met, and when the funds are', async () => {
    const rich = { ...latest, spend_minor: 8_000, spend_cap_minor: 50_000, spend_cap_source: 'meta' };
    await addHours(await add({ id: 'act_1', latest: { ...rich, amount_spent_minor: 49_000 } }), 3);
    await addHours(await add({ id: 'act_2', latest: { ...rich, amount_spent_minor: 10 } }), 3);
    const all = await cards();
    const limitAt = all.get('act_1')?.limitAt ?? 0;
    const expected = Date.parse('2026-11-24T04:00:00-05:00') + (usual / 0.8) * 360 * 60_000;
    expect(Math.abs(limitAt - expected)).toBeLessThan(60_000);
    expect(all.get('act_1')?.fundsEndAt).toBeGreaterThan(noon);
    expect(all.get('act_2')?.fundsEndAt).toBeNull();
  });

  it('of the dead nothing more is expected', async () => {
    await addHours(await add({ id: 'act_1', latest: { ...latest, state: 'suspended', status_code: 2 } }), 3);
    expect((await cards()).get('act_1')).toMatchObject({
      expectedShare: null,
      limitAt: null,
      fundsEndAt: null,
    });
  });
});
