import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { embeddedSignIn } from '../../adapters/sign-in/embedded-sign-in.ts';
import { metaWebhook } from '../../contract/meta-webhook.ts';
import type { AccountId } from '../../domain/account.ts';
import { hintChannel, takeHints } from '../../store/hints.ts';
import { addAccount, manualClock, noon } from '../accounts/fleet.fixture.ts';
import { forgetHeard } from './forget-heard.ts';
import { hearWebhook } from './hear-webhook.ts';
import { readHinted, type HintReport } from './read-hinted.ts';

let store: TestDatabase;
const clock = manualClock();
const log = { info: vi.fn(), warn: vi.fn() };
const signIn = embeddedSignIn(4);

beforeAll(async () => {
  store = await testDatabase();
  const { sql } = store.database;
  for (const number of [1, 2, 3]) await addAccount(sql, { id: `act_${number}` });
  await addAccount(sql, { id: 'act_4', archivedAt: noon });
});
afterAll(() => store.drop());
beforeEach(async () => {
  clock.at = noon;
  vi.clearAllMocks();
  await store.database.sql`truncate webhook_changes, hints`;
});

const change = (id: string, time: number, field = 'field_changed', object_id = '9') => ({
  id,
  time,
  changes: [{ field, value: { object_id, object_type: 'ad', changed_fields: ['effective_status'] } }],
});
const status = (id: string, time: number, account_status = 2) => ({
  object: 'application',
  entry: [{ id: '123', time, changes: [{ field: 'ad_account', value: { id, account_status } }] }],
});
const ads = (...entry: unknown[]) => ({ object: 'ad_account', entry });

const hear = (body: object) =>
  hearWebhook({ database: store.database, clock, signIn }, metaWebhook.parse(body));

/** Everything that was read, one list per batch. */
async function read(fails = false): Promise<{ batches: AccountId[][]; report: HintReport }> {
  const batches: AccountId[][] = [];
  const readNow = async (accountIds: AccountId[]): Promise<void> => {
    batches.push([...accountIds].sort());
    if (fails) throw new Error('Meta does not answer');
  };
  const report = await readHinted({ database: store.database, clock, log, readNow });
  return { batches, report };
}

const hints = () =>
  store.database.sql<{ id: string; reason: string }>`
    select account_id as id, reason from hints order by account_id`;

describe('a delivery', () => {
  it('makes one hint of many changes of an account', async () => {
    const entries = Array.from({ length: 300 }, (_, ad) => change('1', 1795200000, 'field_changed', `${ad}`));
    expect(await hear(ads(...entries, change('2', 1795200000)))).toBe(301);
    expect(await hear(status('1', 1795200001))).toBe(1);
    expect(await hints()).toEqual([
      { id: 'act_1', reason: 'ad_account' },
      { id: 'act_2', reason: 'field_changed' },
    ]);
    expect((await read()).batches).toEqual([['act_1', 'act_2']]);
  });

  it('stores nothing of what it claims', async () => {
    const before = await store.database.sql`select * from latest order by account_no`;
    await hear(status('1', 1795200000, 42));
    expect(await store.database.sql`select * from latest order by account_no`).toEqual(before);
    const columns = await store.database.sql<{ name: string }>`
      select column_name as name from information_schema.columns
      where table_name in ('hints', 'webhook_changes') order by 1`;
    expect(columns.map(({ name }) => name)).toEqual([
      ...['account_id', 'account_id', 'digest', 'field', 'heard_at', 'heard_at', 'read_at', 'reason'],
    ]);
  });

  it('is heard once, however often it comes, alone or among others', async () => {
    const first = ads(change('1', 1795200000));
    expect(await hear(first)).toBe(1);
    clock.at += 1;
    expect((await read()).batches).toEqual([['act_1']]);
    clock.at += 3_600_000;
    expect(await hear(first)).toBe(0);
    expect(await hear(ads(change('1', 1795200000), change('1', 1795200000)))).toBe(0);
    expect((await read()).batches).toEqual([]);
    expect(await hear(ads(change('1', 1795200000), change('1', 1795200007)))).toBe(1);
    expect((await read()).batches).toEqual([['act_1']]);
  });

  it('may come late and out of order', async () => {
    expect(await hear(status('1', 1795200060, 1))).toBe(1);
    clock.at += 30_000;
    await read();
    expect(await hear(status('1', 1795200000, 2))).toBe(1);
    expect(await hear(status('1', 1795200060, 1))).toBe(0);
    clock.at += 30_000;
    expect((await read()).batches).toEqual([['act_1']]);
  });

  it('is heard once by many that get it at the same time, in whatever order its changes stand', async () => {
    const ids = Array.from({ length: 2000 }, (_, ad) => ad);
    const entries = ids.map((ad) => change(`${(ad % 3) + 1}`, 1795200000, 'field_changed', `${ad}`));
    const backwards = entries.toReversed();
    // Connections first, so that the deliveries really meet.
    await Promise.all(Array.from({ length: 4 }, () => store.database.sql`select pg_sleep(0.02)`));
    const heard = await Promise.all([entries, backwards, entries, backwards].map((all) => hear(ads(...all))));
    expect(heard.reduce((sum, one) => sum + one, 0)).toBe(2000);
  });

  it('with nothing to hear makes no hint', async () => {
    expect(await hear(ads(change('1', 1, 'creative_fatigue')))).toBe(0);
    expect(await hear({ object: 'page', entry: [change('1', 1)] })).toBe(0);
    expect(await hear({ object: 'ad_account', entry: [] })).toBe(0);
    expect(
      await hear(ads({ id: '1', time: 1 }, { nonsense: true }, 7, { id: '1', changes: ['x', {}] })),
    ).toBe(0);
    expect(await hints()).toEqual([]);
    expect(await hear(ads(7, { id: '1', changes: ['x', { field: 'effective_status' }] }))).toBe(1);
  });

  it('wakes the readers once, and a repeat wakes nobody', async () => {
    const { database } = store;
    const payloads: string[] = [];
    let isHeard = (): void => {};
    const take = (payload: string): void => void (payload === '' ? payloads.push(payload) : isHeard());
    const unlisten = await database.listen(hintChannel, take, () => {});
    /** How often the readers were woken so far. */
    const woken = async (): Promise<number> => {
      const mark = new Promise<void>((resolve) => (isHeard = resolve));
      await database.sql`select pg_notify(${hintChannel}, 'mark')`;
      await mark;
      return payloads.length;
    };
    await hear(ads(change('1', 1), change('2', 1)));
    expect(await woken()).toBe(1);
    await hear(ads(change('1', 1)));
    expect(await woken()).toBe(1);
    await hear(ads(change('1', 1), change('1', 2)));
    expect(await woken()).toBe(2);
    await unlisten();
  });
});

describe('reading what was hinted at', () => {
  it('leaves out accounts that are unknown or archived', async () => {
    await hear(ads(change('4', 1), change('99', 1), change('3', 1)));
    clock.at += 1;
    const { batches, report } = await read();
    expect(batches).toEqual([['act_3']]);
    expect(report).toEqual({ read: 1, nextDueAt: null });
  });

  it('gives each account to one of many readers, and none waits for another', async () => {
    const take = { at: noon + 1, restMs: 15_000, most: 2 };
    await hear(ads(change('1', 1), change('2', 1), change('3', 1)));
    await store.database.transaction(async (sql) => {
      expect((await takeHints(sql, take)).sort()).toEqual(['act_1', 'act_2']);
      expect(await takeHints(store.database.sql, take)).toEqual(['act_3']);
    });
    expect(await takeHints(store.database.sql, take)).toEqual([]);
  });

  it('looks again when something was heard while it read, but not at once', async () => {
    await hear(ads(change('1', 1)));
    clock.at += 1000;
    expect((await read()).batches).toEqual([['act_1']]);
    clock.at += 1000;
    await hear(ads(change('1', 2)));
    const waiting = await read();
    expect(waiting).toEqual({ batches: [], report: { read: 0, nextDueAt: noon + 16_000 } });
    clock.at = noon + 15_999;
    expect((await read()).batches).toEqual([]);
    clock.at = noon + 16_000;
    expect((await read()).batches).toEqual([['act_1']]);
    expect((await read()).report).toEqual({ read: 0, nextDueAt: null });
  });

  it('gives back what could not be read', async () => {
    await hear(ads(change('1', 1), change('2', 1)));
    clock.at += 1000;
    expect(await read(true)).toEqual({
      batches: [['act_1', 'act_2']],
      report: { read: 0, nextDueAt: noon + 16_000 },
    });
    expect(log.warn).toHaveBeenCalledOnce();
    expect((await read()).batches).toEqual([['act_1', 'act_2']]);
  });

  it('takes a batch at a time', async () => {
    const { sql } = store.database;
    for (let number = 100; number < 170; number++) await addAccount(sql, { id: `act_${number}` });
    await hear(ads(...Array.from({ length: 70 }, (_, at) => change(`${100 + at}`, 1))));
    clock.at += 1000;
    const { batches, report } = await read();
    expect(batches.map((batch) => batch.length)).toEqual([50, 20]);
    expect(report).toEqual({ read: 70, nextDueAt: null });
  });
});

it('what was heard is forgotten after a week', async () => {
  const week = 7 * 86_400_000;
  await hear(ads(change('1', 1)));
  clock.at += week;
  await hear(ads(change('2', 1)));
  await forgetHeard({ database: store.database, clock });
  expect(await hear(ads(change('1', 1)))).toBe(0);
  clock.at += 1;
  await forgetHeard({ database: store.database, clock });
  expect((await hints()).map(({ id }) => id)).toEqual(['act_2']);
  expect(await hear(ads(change('1', 1)))).toBe(1);
});
