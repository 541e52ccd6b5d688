import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { openAlert } from '../../store/alerts.ts';
import { resolveAlert } from './resolve-alert.ts';
import { tellAgain, tellOf } from './tell.ts';

const noon = Date.UTC(2026, 10, 24, 12);
let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());
beforeEach(() =>
  db.database.script(`
    truncate channels, alerts, accounts, vendors, connections restart identity cascade;
    insert into connections (name, kind) values ('one', 'meta');
    insert into vendors (name) values ('North'), ('South');
    insert into accounts (account_id, connection_id, vendor_id, currency, timezone, date_added)
      select 'act_' || n, 1, 1 + n % 2, 'USD', 'America/New_York', now() from generate_series(1, 9) n;
    insert into latest (account_no, state, status_code, disable_reason, spend_minor, state_since, final_spend_minor)
      select no, 'suspended', 2, 1, 120477, '2026-11-24T15:22Z', 120477 from accounts;
    insert into channels (kind, name) values ('slack', 'ops');
    insert into channels (kind, name, vendor_id) values ('telegram', 'South itself', 2)`),
);

const tell = (accounts: number[]) =>
  db.database.transaction(async (sql) => {
    const alertId = await openAlert(
      sql,
      {
        ...{ key: 'k', kind: 'account_suspended', severity: 'critical', subject: null, connectionId: null },
        ...{ title: 'Suspended', body: 'act_1, act_2', fields: [{ label: 'North', value: '1 accounts' }] },
        accounts: accounts.map((accountNo) => ({ accountNo, transitionId: null })),
      },
      noon,
    );
    await tellOf(sql, alertId ?? 0, noon);
    return alertId ?? 0;
  });
const told = (channel: string) =>
  db.database.sql<{ purpose: string; title: string | null; body: string | null; fields: unknown }>`
    select d.purpose, d.words ->> 'title' as title, d.words ->> 'body' as body, d.words -> 'fields' as fields
    from deliveries d join channels c on c.id = d.channel_id where c.name = ${channel} order by d.id`;

test('one account: the report that a buyer would paste', async () => {
  await tell([1]);
  expect(await told('South itself')).toEqual([
    {
      purpose: 'opened',
      title: 'act_1: replacement needed',
      body: [
        'Account suspended: act_1',
        'Vendor: South',
        'Suspended: Nov 24, 2026, 10:22 AM EST',
        'Final spend: $1,204.77',
        'Reason: ads integrity policy',
        'Replacement needed',
      ].join('\n'),
      fields: [],
    },
  ]);
  expect(await told('ops')).toEqual([{ purpose: 'opened', title: null, body: null, fields: null }]);
});

test('a wave tells him of his own accounts alone, by their ids when there are many', async () => {
  await tell([1, 2, 3]);
  const [few] = await told('South itself');
  expect(few?.title).toBe('2 accounts: replacement needed');
  expect(few?.body).not.toContain('act_2');
  await db.database.script(
    `delete from deliveries; delete from alert_accounts; delete from alerts; update accounts set vendor_id = 2`,
  );
  await tell([1, 2, 3, 4, 5, 6]);
  expect((await told('South itself'))[0]?.body?.split('\n')).toHaveLength(6);
});

test('he hears nothing of accounts that are not his, and of no repeat or acknowledgement', async () => {
  await tell([2]);
  expect(await told('South itself')).toEqual([]);
  await db.database.script('delete from deliveries; delete from alert_accounts; delete from alerts');
  const alertId = await tell([1, 2]);
  await db.database.transaction(async (sql) => {
    const words = { title: 'T', body: 'Acknowledged by ann@example.com: moved' };
    await tellAgain(sql, alertId, { purpose: 'acknowledged', words, at: noon });
    await tellAgain(sql, alertId, { purpose: 'repeat', at: noon });
    await resolveAlert(sql, alertId, noon);
  });
  expect((await told('ops')).map(({ purpose }) => purpose)).toEqual([
    'opened',
    'acknowledged',
    'repeat',
    'resolved',
  ]);
  expect((await told('South itself')).slice(1)).toEqual([
    {
      purpose: 'resolved',
      title: 'act_1: no longer down',
      body: 'Works again: act_1. No replacement is needed.',
      fields: [],
    },
  ]);
});
