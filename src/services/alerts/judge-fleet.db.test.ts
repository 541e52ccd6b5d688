import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import type { AlertKind } from '../../domain/alert.ts';
import type { AlertRule } from '../../domain/rules.ts';
import { writeRule } from '../../store/alert-rules.ts';
import { manualClock, noon } from '../accounts/fleet.fixture.ts';
import { addSpender, listAlerts, readAt, slotMs, spendsHourly, standing } from './conditions.fixture.ts';
import { judgeFleet } from './judge-fleet.ts';

let store: TestDatabase;
const clock = manualClock();

beforeEach(async () => {
  store = await testDatabase();
  await store.database
    .sql`insert into channels (kind, name, lowest_severity) values ('slack', 'team', 'warning')`;
});
afterEach(() => store.drop());

const db = () => store.database.sql;
const slotAt = (slot: number) => noon + slot * slotMs;
/** Judges at some moment within a slot. */
async function judge(slot: number): Promise<void> {
  clock.at = slotAt(slot) + 40_000;
  await judgeFleet({ database: store.database, clock, settings: { metricsMs: slotMs } });
}
const alerts = () => listAlerts(db());
const open = async () => (await alerts()).filter(({ isOpen }) => isOpen).map(({ kind }) => kind);
const rule = (kind: AlertKind, more: Partial<AlertRule>) =>
  writeRule(
    db(),
    { kind, vendorId: null, accountNo: null, isOn: null, severity: null, thresholds: {}, ...more },
    'test',
    noon,
  );

/** Funds of 600.00 out of 10,000.00: below a tenth. */
const low = { spend: 1000, amountSpent: 940_000 };
const fine = { spend: 1000, amountSpent: 500_000 };

describe('funds', () => {
  test('open after two bad slots, not after one, and end after two good ones with word to who heard', async () => {
    const no = await addSpender(db(), 'act_1', noon);
    await readAt(db(), no, slotAt(0), low);
    await judge(0);
    expect(await alerts()).toEqual([]);
    await readAt(db(), no, slotAt(1), low);
    await judge(1);
    expect(await alerts()).toMatchObject([
      {
        kind: 'funds_low',
        severity: 'warning',
        subject: `account:${no}`,
        isOpen: true,
        accounts: 1,
        messages: ['opened'],
      },
    ]);
    await readAt(db(), no, slotAt(2), low);
    await judge(2);
    await readAt(db(), no, slotAt(3), fine);
    await judge(3);
    expect(await open()).toEqual(['funds_low']);
    await readAt(db(), no, slotAt(4), fine);
    await judge(4);
    expect(await alerts()).toMatchObject([{ isOpen: false, messages: ['opened', 'resolved'] }]);
    expect(await db()`select step, words ->> 'title' as title from deliveries order by id`).toEqual([
      { step: 0, title: null },
      { step: 1, title: 'Resolved: Funds nearly used' },
    ]);
    expect(await db()`select * from conditions`).toEqual([]);
  });

  test('the same slot judged over and over counts once, whoever judges', async () => {
    const no = await addSpender(db(), 'act_1', noon);
    await readAt(db(), no, slotAt(0), low);
    for (let time = 0; time < 4; time++) await judge(0);
    // A later judgement without a newer reading tells nothing new either.
    await judge(1);
    expect(await alerts()).toEqual([]);
    await readAt(db(), no, slotAt(1), low);
    await Promise.all([judge(1), judge(1), judge(1)]);
    expect(await alerts()).toHaveLength(1);
    expect((await alerts())[0]?.messages).toEqual(['opened']);
  });

  test('a good slot in between begins the count anew; an unknown one does not', async () => {
    const no = await addSpender(db(), 'act_1', noon);
    const slots = [low, fine, low, { spend: null, amountSpent: null }];
    for (const [slot, figures] of slots.entries()) {
      await readAt(db(), no, slotAt(slot), figures);
      await judge(slot);
    }
    expect(await alerts()).toEqual([]);
    await readAt(db(), no, slotAt(4), low);
    await judge(4);
    expect(await open()).toEqual(['funds_low']);
  });

  test('what was counted but not told before a crash is told by the next run', async () => {
    const no = await addSpender(db(), 'act_1', noon);
    await readAt(db(), no, slotAt(0), low);
    await judge(0);
    await db()`update conditions set bad = 2, is_open = true`;
    await judge(0);
    expect(await open()).toEqual(['funds_low']);
  });

  test('switched off it is not told, and what is open ends without a word', async () => {
    const no = await addSpender(db(), 'act_1', noon);
    for (const slot of [0, 1]) {
      await readAt(db(), no, slotAt(slot), low);
      await judge(slot);
    }
    await rule('funds_low', { isOn: false });
    await judge(2);
    expect(await alerts()).toMatchObject([{ isOpen: false, messages: ['opened'] }]);
    for (const slot of [3, 4, 5]) {
      await readAt(db(), no, slotAt(slot), low);
      await judge(slot);
    }
    expect(await alerts()).toHaveLength(1);
  });

  test("a vendor's word counts for its accounts, an account's own before it", async () => {
    const nos = [
      await addSpender(db(), 'act_1', noon, { vendor: 'North' }),
      await addSpender(db(), 'act_2', noon, { vendor: 'North' }),
      await addSpender(db(), 'act_3', noon, { vendor: 'South' }),
    ];
    const [north] = await store.database.sql<{ id: number }>`select id from vendors where name = 'North'`;
    await rule('funds_low', { vendorId: north!.id, thresholds: { after: 1 }, severity: 'critical' });
    await rule('funds_low', { accountNo: nos[1]!, thresholds: { percent: 1 } });
    for (const no of nos) await readAt(db(), no, slotAt(0), low);
    await judge(0);
    expect(await alerts()).toMatchObject([
      { kind: 'funds_low', severity: 'critical', subject: `account:${nos[0]}` },
    ]);
    for (const no of nos) await readAt(db(), no, slotAt(1), low);
    await judge(1);
    expect(await alerts()).toMatchObject([
      { severity: 'critical' },
      { severity: 'warning', subject: `account:${nos[2]}` },
    ]);
  });
});

test('more than ten at once are one message, wherever they stand; it is over when the last one is', async () => {
  const nos: number[] = [];
  for (let n = 1; n <= 12; n++) nos.push(await addSpender(db(), `act_${n}`, noon));
  for (const slot of [0, 1]) {
    for (const no of nos) await readAt(db(), no, slotAt(slot), low);
    await judge(slot);
  }
  expect(await alerts()).toMatchObject([
    { kind: 'funds_low', accounts: 12, subject: null, messages: ['opened'] },
  ]);
  for (const slot of [2, 3]) {
    for (const no of nos.slice(1)) await readAt(db(), no, slotAt(slot), fine);
    await readAt(db(), nos[0]!, slotAt(slot), low);
    await judge(slot);
  }
  expect(await open()).toEqual(['funds_low']);
  for (const slot of [4, 5]) {
    for (const no of nos) await readAt(db(), no, slotAt(slot), fine);
    await judge(slot);
  }
  expect(await alerts()).toMatchObject([{ isOpen: false, messages: ['opened', 'resolved'] }]);
});

test('ten at once are ten messages', async () => {
  for (let n = 1; n <= 10; n++) await addSpender(db(), `act_${n}`, noon);
  for (const slot of [0, 1]) {
    for (let no = 1; no <= 10; no++) await readAt(db(), no, slotAt(slot), low);
    await judge(slot);
  }
  expect(await alerts()).toHaveLength(10);
});

test('a click that costs much more than on the days before is told after two slots', async () => {
  const no = await addSpender(db(), 'act_1', noon);
  await db()`
    insert into account_days (account_no, day, spend_minor, impressions, clicks, outbound_clicks, read_at)
    select ${no}, '2026-11-24'::date - d, 10000, 0, 100, 0, ${noon}::timestamptz from generate_series(1, 7) d`;
  const figures = { clicks: 100, amountSpent: 500_000 };
  await readAt(db(), no, slotAt(0), { ...figures, spend: 13_000 });
  await judge(0);
  expect(await alerts()).toEqual([]);
  await readAt(db(), no, slotAt(1), { ...figures, spend: 13_100 });
  await judge(1);
  expect(await alerts()).toMatchObject([{ kind: 'cpc_jump', isOpen: true }]);
  expect((await alerts())[0]?.body).toContain('a click costs 1.31 USD, 31% above the 7 days before');
});

describe('delivery', () => {
  const spent = [5000, 5000, 5000, 5000, 5000];
  test('stuck for three slots where the hours say that money is spent', async () => {
    const no = await addSpender(db(), 'act_1', noon);
    await spendsHourly(db(), no, '2026-11-23', 1200);
    for (const [slot, spend] of spent.entries()) {
      await readAt(db(), no, slotAt(slot), { spend });
      await judge(slot);
      // The first slot has none before it, so the third still one is the fourth.
      expect(await open()).toEqual(slot < 3 ? [] : ['stuck_delivery']);
    }
    for (const slot of [5, 6]) {
      await readAt(db(), no, slotAt(slot), { spend: 5000 + slot * 10 });
      await judge(slot);
    }
    expect(await open()).toEqual([]);
  });

  test.each([
    ['has no ads', { ads: 0 }, 1200],
    ['has reached its limit', { limit: 5000 }, 1200],
    ['has used its cap', { cap: 500_000 }, 1200],
    ['has a settlement due', { status: 3 }, 1200],
    ['usually spends nothing then', {}, 0],
    ['has an unknown cap', { cap: null, capSource: 'unknown' }, 1200],
  ])('is not stuck when the account %s', async (_why, stands, hourly) => {
    const no = await addSpender(db(), 'act_1', noon);
    await standing(db(), no, noon - 3_600_000, stands);
    await spendsHourly(db(), no, '2026-11-23', hourly);
    for (const [slot, spend] of spent.entries()) {
      await readAt(db(), no, slotAt(slot), { spend });
      await judge(slot);
    }
    expect((await alerts()).filter(({ kind }) => kind === 'stuck_delivery')).toEqual([]);
  });
});

describe('a blind spot', () => {
  const read = { spend: 1000 };
  test('is an account that is not read for more than two cycles, though nobody even tries', async () => {
    const no = await addSpender(db(), 'act_1', noon);
    await readAt(db(), no, slotAt(0), read);
    for (const slot of [0, 1, 2]) await judge(slot);
    expect(await alerts()).toEqual([]);
    await judge(3);
    expect(await alerts()).toMatchObject([{ kind: 'blind_spot', severity: 'critical', isOpen: true }]);
    expect((await alerts())[0]?.body).toContain('not read since 2026-11-24 12:00 UTC');
    for (const slot of [4, 5]) {
      await readAt(db(), no, slotAt(slot), read);
      await judge(slot);
    }
    expect(await open()).toEqual([]);
  });

  test('is also one whose status alone goes unread', async () => {
    const no = await addSpender(db(), 'act_1', noon);
    for (const slot of [0, 1, 2, 3]) {
      await readAt(db(), no, slotAt(slot), read);
      await db()`update latest set observed_at = ${noon}`;
      await judge(slot);
    }
    expect(await open()).toEqual(['blind_spot']);
  });

  test.each([
    ['a suspended account', `update latest set state = 'suspended'`],
    ['an account without access', `update latest set state = 'access_lost', has_access = false`],
    ['an archived account', `update accounts set archived_at = now()`],
    ['an account of a paused connection', `update connections set state = 'paused'`],
    ['an account of a dead token', `update connections set state = 'token_dead'`],
    [
      'an account whose connection is known to fail',
      `insert into alerts (key, kind, severity, title, body, connection_id, opened_at)
       select 'k', 'polling_failing', 'critical', '', '', id, now() from connections`,
    ],
  ])('is never %s', async (_what, statement) => {
    const no = await addSpender(db(), 'act_1', noon);
    await readAt(db(), no, slotAt(0), read);
    await store.database.script(statement);
    for (const slot of [1, 2, 3, 4, 5]) await judge(slot);
    expect((await alerts()).filter(({ kind }) => kind !== 'polling_failing')).toEqual([]);
  });

  test('ends without a word when the account dies: that is told already', async () => {
    const no = await addSpender(db(), 'act_1', noon);
    await readAt(db(), no, slotAt(0), read);
    for (const slot of [0, 1, 2, 3]) await judge(slot);
    await db()`update latest set state = 'suspended' where account_no = ${no}`;
    await judge(4);
    expect(await alerts()).toMatchObject([{ isOpen: false, messages: ['opened'] }]);
  });
});
