import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import type { AlertKind, Severity } from '../../domain/alert.ts';
import { openAlert } from '../../store/alerts.ts';
import { advanceAlerts } from './advance-alerts.ts';
import { tellAgain, tellOf } from './tell.ts';

const noon = Date.UTC(2026, 10, 24, 12);
const minute = 60_000;
let db: TestDatabase;
let now = noon;
let opened = 0;

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  now = noon;
  await db.database.script(
    'truncate channels, alerts, silences, accounts, vendors, connections, members restart identity cascade',
  );
  await db.database.script(`
    insert into connections (name, kind) values ('one', 'meta'), ('two', 'meta');
    insert into vendors (name) values ('North'), ('South');
    insert into accounts (account_id, connection_id, vendor_id, currency, timezone, date_added)
      select 'act_' || n, 1 + n / 10, 1 + n % 2, 'USD', 'UTC', now() from generate_series(1, 19) n;
    insert into channels (kind, name, lowest_severity) values ('slack', 'ops', 'info')`);
});

const deps = () => ({ database: db.database, clock: { now: () => Promise.resolve(now) } });
const advance = () => advanceAlerts(deps());

async function open(
  kind: AlertKind,
  {
    severity = 'critical',
    accounts = [],
    connectionId = null,
  }: {
    severity?: Severity;
    accounts?: number[];
    connectionId?: number | null;
  } = {},
): Promise<number> {
  opened += 1;
  const id = await db.database.transaction(async (sql) => {
    const alertId = await openAlert(
      sql,
      {
        ...{ key: `k${opened}`, kind, severity, title: `T${opened}`, body: 'act_1: words', fields: [] },
        subject: null,
        connectionId,
        accounts: accounts.map((accountNo) => ({ accountNo, transitionId: null })),
      },
      now,
    );
    if (alertId !== null) await tellOf(sql, alertId, now);
    return alertId;
  });
  if (id === null) throw new Error('not opened');
  return id;
}

interface Sent {
  alert: number;
  channel: string;
  purpose: string;
  state: string;
  title: string | null;
}
const messages = () =>
  db.database.sql<Sent>`
    select d.alert_id as alert, c.name as channel, d.purpose, d.state, concat_ws(': ', d.words ->> 'title', d.words ->> 'body') as title
    from deliveries d join channels c on c.id = d.channel_id order by d.id`;
const purposes = async () => (await messages()).map(({ channel, purpose }) => `${channel} ${purpose}`);
const alertOf = async (id: number) =>
  (
    await db.database.sql<{ muted: number | null; silence: number | null; next: number | null }>`
      select muted_by as muted, silence_id as silence, next_step_at as next from alerts where id = ${id}`
  )[0];

test('an unacknowledged critical alert is said again and goes to the next contacts; acknowledged, it rests', async () => {
  await db.database.script(
    `insert into channels (kind, name, escalation_level) values ('slack', 'lead', 1), ('slack', 'boss', 2)`,
  );
  const id = await open('account_suspended', { accounts: [1] });
  expect(await purposes()).toEqual(['ops opened']);
  now += 10 * minute;
  expect(await advance()).toBe(noon + 20 * minute);
  now += 20 * minute;
  await advance();
  await advance();
  expect(await purposes()).toEqual([
    'ops opened',
    'lead escalated',
    'boss escalated',
    'ops repeat',
    'lead repeat',
    'boss repeat',
  ]);
  expect((await messages()).at(-1)?.title).toMatch(/^T\d+: Still down for 30 min\. act_1/);
  await db.database.sql`update alerts set acknowledged_at = now(), next_step_at = null where id = ${id}`;
  now += 60 * minute;
  expect(await advance()).toBeNull();
  expect(await messages()).toHaveLength(6);
});

test('twelve of a kind are said again in one message', async () => {
  for (let n = 1; n <= 12; n++) await open('account_suspended', { accounts: [n] });
  now += 30 * minute;
  await advance();
  const repeats = (await messages()).filter(({ purpose }) => purpose === 'repeat');
  expect(repeats.map(({ title }) => title)).toEqual([expect.stringMatching(/^12 alerts: t/)]);
});

test('of many that are said again in one message, each channel hears what it has heard of', async () => {
  await db.database.script(
    `insert into channels (kind, name, vendor_ids) values ('slack', 'north', '{1}'), ('slack', 'south', '{2}')`,
  );
  // Odd accounts are South's.
  for (let n = 1; n <= 12; n++) await open('account_suspended', { accounts: [n] });
  now += 30 * minute;
  await advance();
  const repeats = (await messages()).filter(({ purpose }) => purpose === 'repeat');
  expect(repeats.map(({ channel, title }) => `${channel} ${title?.split(':')[0]}`)).toEqual([
    'ops 12 alerts',
    'south 6 alerts',
    'north 6 alerts',
  ]);
});

test('quiet hours hold what is not critical and end in one digest; a single message goes out as it is', async () => {
  await db.database.script(`
    insert into members (email, role, timezone, quiet_from, quiet_to)
      values ('night@example.com', 'admin', 'UTC', '11:00', '13:00');
    update channels set member_id = (select id from members)`);
  await open('account_suspended', { accounts: [1] });
  await open('daily_limit_cut', { severity: 'warning', accounts: [2] });
  expect((await messages()).map(({ state }) => state)).toEqual(['pending', 'held']);
  now = noon + 59 * minute;
  await advance();
  expect((await messages()).filter(({ state }) => state === 'held')).toHaveLength(1);
  await open('daily_limit_cut', { severity: 'warning', accounts: [3] });
  await open('account_restored', { severity: 'info', accounts: [4] });
  now = noon + 60 * minute;
  await advance();
  const after = await messages();
  expect(after.filter(({ state }) => state === 'digested')).toHaveLength(3);
  expect(after.filter(({ purpose }) => purpose === 'digest')).toMatchObject([{ state: 'pending' }]);
  const [digest] = await db.database.sql<{ title: string; body: string }>`
    select title, body from alerts where kind = 'quiet_digest'`;
  expect(digest?.title).toBe('3 messages from your quiet hours');
  expect(digest?.body.split('\n')).toHaveLength(3);
  now = noon + 23 * 60 * minute;
  await open('daily_limit_cut', { severity: 'warning', accounts: [3] });
  now = noon + 25 * 60 * minute;
  await advance();
  expect((await messages()).at(-2)).toMatchObject({ purpose: 'opened', state: 'pending' });
});

test('a silence mutes what it covers, and what is still open when it ends is told', async () => {
  await db.database.sql`
    insert into silences (author, reason, starts_at, ends_at, vendor_id)
    values ('a@example.com', 'move', ${noon}, ${noon + 60 * minute}, 2)`;
  // Odd accounts are South's.
  const covered = await open('account_suspended', { accounts: [1] });
  const wave = await open('account_suspended', { accounts: [1, 2] });
  const other = await open('token_dead', { connectionId: 1 });
  expect((await messages()).map(({ alert }) => alert)).toEqual([wave, other]);
  expect(await alertOf(covered)).toMatchObject({ silence: 1, next: null });
  now += 59 * minute;
  await advance();
  expect((await messages()).filter(({ alert }) => alert === covered)).toEqual([]);
  now += minute;
  await advance();
  expect((await messages()).filter(({ alert }) => alert === covered)).toMatchObject([{ purpose: 'opened' }]);
  expect((await alertOf(covered))?.silence).toBeNull();
});

test('what is silenced and snoozed, or taken, is not due before its silence ends', async () => {
  await db.database.sql`
    insert into silences (author, reason, starts_at, ends_at, vendor_id)
    values ('a@example.com', 'move', ${noon}, ${noon + 60 * minute}, 2)`;
  const id = await open('account_suspended', { accounts: [1] });
  await db.database.sql`
    update alerts set snoozed_until = ${noon + 15 * minute}, next_step_at = ${noon + 15 * minute} where id = ${id}`;
  now += 20 * minute;
  expect(await advance()).toBe(noon + 60 * minute);
  await db.database.sql`update alerts set acknowledged_at = ${now} where id = ${id}`;
  now += 60 * minute;
  expect(await advance()).toBeNull();
  expect(await messages()).toEqual([]);
});

test('what is snoozed while it is silenced is told when both are over', async () => {
  await db.database.sql`
    insert into silences (author, reason, starts_at, ends_at, vendor_id)
    values ('a@example.com', 'move', ${noon}, ${noon + 60 * minute}, 2)`;
  const id = await open('account_suspended', { accounts: [1] });
  await db.database.sql`update alerts set snoozed_until = ${noon + 90 * minute} where id = ${id}`;
  now += 61 * minute;
  expect(await advance()).toBe(noon + 90 * minute);
  expect(await messages()).toEqual([]);
  now += 30 * minute;
  await advance();
  expect(await messages()).toMatchObject([{ alert: id, purpose: 'opened' }]);
});

test('a dead token explains the lost access of its accounts; when that holds on after it, it is told', async () => {
  const cause = await open('token_dead', { connectionId: 1 });
  const symptom = await open('access_lost', { accounts: [3] });
  const other = await open('access_lost', { accounts: [15] });
  expect((await alertOf(symptom))?.muted).toBe(cause);
  expect((await messages()).map(({ alert }) => alert)).toEqual([cause, other]);
  await db.database.sql`update alerts set resolved_at = ${now + minute}::timestamptz where id = ${cause}`;
  now += 5 * minute;
  await advance();
  expect((await alertOf(symptom))?.muted).toBe(cause);
  now += 6 * minute;
  await advance();
  expect((await messages()).at(-1)).toMatchObject({ alert: symptom, purpose: 'opened' });
});

test('what an account was suspended for explains its limit', async () => {
  await open('account_suspended', { accounts: [4] });
  const symptom = await open('daily_limit_cut', { accounts: [4] });
  const both = await open('daily_limit_cut', { accounts: [4, 5] });
  expect((await alertOf(symptom))?.muted).not.toBeNull();
  expect((await alertOf(both))?.muted).toBeNull();
});

test('a message that follows goes to whoever has heard, in its turn', async () => {
  await db.database.script(`insert into channels (kind, name) values ('slack', 'late')`);
  const id = await open('account_suspended', { accounts: [1] });
  await db.database.sql`update deliveries set state = 'dead' where channel_id = 2`;
  await db.database.transaction((sql) => tellAgain(sql, id, { purpose: 'resolved', at: now }));
  const rows = await db.database.sql`
    select step, purpose from deliveries where channel_id = 1 order by id`;
  expect(rows).toEqual([
    { step: 0, purpose: 'opened' },
    { step: 1, purpose: 'resolved' },
  ]);
  expect(await messages()).toHaveLength(3);
});
