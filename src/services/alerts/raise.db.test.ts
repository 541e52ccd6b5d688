import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { claimDelivery, handOver } from '../../store/deliveries.ts';
import { raiseAlerts, type Alarm } from './raise.ts';

const noon = Date.UTC(2026, 10, 24, 12);
let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());
beforeEach(() =>
  db.database.script(`
    truncate channels, alerts, accounts, connections restart identity cascade;
    insert into connections (name, kind) values ('one', 'meta');
    insert into accounts (account_id, connection_id, currency, timezone, date_added)
      select 'act_' || n, 1, 'USD', 'UTC', now() from generate_series(1, 60) n;
    insert into channels (kind, name) values ('slack', 'ops')`),
);

const alarms = (from: number, to: number): Alarm[] =>
  Array.from({ length: to - from + 1 }, (_, n) => ({
    accountNo: from + n,
    facts: { accountId: `act_${from + n}`, name: null, vendor: 'North' },
    words: { title: 'Account suspended', body: `act_${from + n}: active → disabled`, fields: [] },
    ...{ cause: from + n, transitionId: null, isLasting: false, toldBefore: [], toldAlready: [] },
  }));
const raise = (from: number, to: number, at = noon) =>
  db.database.transaction((sql) =>
    raiseAlerts(sql, 'account_suspended', 'critical', alarms(from, to), at, at + 5_000),
  );
const claim = () =>
  claimDelivery(db.database, { channelId: 1, owner: 'a', now: noon + 6_000, leaseMs: 30_000, spacingMs: 0 });
const waiting = () =>
  db.database.sql<{ title: string }>`
    select a.title from deliveries d join alerts a on a.id = d.alert_id where d.state <> 'digested' order by d.id`;

test('what the pages of a cycle bring is one message, few or many at a time', async () => {
  await raise(1, 6);
  await raise(7, 9);
  expect(await waiting()).toHaveLength(9);
  await raise(10, 14);
  await raise(15, 60, noon + 3_000);
  expect(await waiting()).toEqual([{ title: '60 accounts: account suspended' }]);
});

test('a wave that is being told does not grow: what comes then has a message of its own', async () => {
  await raise(1, 12);
  expect(await claim()).toMatchObject({ title: '12 accounts: account suspended' });
  await raise(13, 13, noon + 6_000);
  expect((await waiting()).map(({ title }) => title)).toEqual([
    '12 accounts: account suspended',
    'Account suspended',
  ]);
});

test('a page that comes while a sender takes the message waits, and has one of its own', async () => {
  await raise(1, 12);
  let commit = (): void => {};
  const committed = new Promise<void>((resolve) => (commit = resolve));
  let take = (): void => {};
  const taken = new Promise<void>((resolve) => (take = resolve));
  const claiming = db.database.transaction(async (sql) => {
    await sql`update deliveries set attempts = 1, state = 'claimed'`;
    take();
    await committed;
  });
  await taken;
  const joining = raise(13, 13, noon + 1_000);
  await new Promise((resolve) => setTimeout(resolve, 100));
  commit();
  await Promise.all([claiming, joining]);
  expect(await waiting()).toHaveLength(2);
});

test('while a page joins, no sender takes the message with the words of before', async () => {
  await raise(1, 12);
  await db.database.transaction(async (sql) => {
    await raiseAlerts(sql, 'account_suspended', 'critical', alarms(13, 14), noon + 1_000, noon + 5_000);
    expect(await claim()).toBeNull();
  });
  expect(await claim()).toMatchObject({ title: '14 accounts: account suspended' });
});

test('a sender that gives the message up and hands it on, and a page that joins, do not wait for each other', async () => {
  await db.database.script(
    `insert into channels (kind, name, escalation_level) values ('slack', 'night', 9)`,
  );
  await raise(1, 12);
  let joining: Promise<unknown> = Promise.resolve();
  await db.database.transaction(async (sql) => {
    const dead = await sql<{ id: number }>`update deliveries set attempts = 1, state = 'dead' returning id`;
    joining = raise(13, 13, noon + 1_000);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await handOver(
      sql,
      dead.map(({ id }) => id),
      noon,
    );
  });
  await joining;
  expect((await waiting()).map(({ title }) => title)).toEqual([
    '12 accounts: account suspended',
    '12 accounts: account suspended',
    'Account suspended',
  ]);
});
