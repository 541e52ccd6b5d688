import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { testDatabase, type TestDatabase } from '../../tests/database.ts';
import { ManualClock } from '../../tests/manual-clock.ts';
import type { AccountId } from '../domain/account.ts';
import { addAccount, noon } from '../services/accounts/fleet.fixture.ts';
import { hearChanges } from '../store/hints.ts';
import { startHintReader } from './hint-reader.ts';

let store: TestDatabase;
let clock: ManualClock;
const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };

beforeAll(async () => {
  store = await testDatabase();
  for (const number of [1, 2]) await addAccount(store.database.sql, { id: `act_${number}` });
});
afterAll(() => store.drop());
beforeEach(async () => {
  clock = new ManualClock(noon);
  vi.clearAllMocks();
  await store.database.sql`truncate webhook_changes, hints`;
});

/** A reader whose next reading can be waited for. */
async function reader(onRead: (accountIds: AccountId[]) => void = () => {}) {
  const waiting: ((accountIds: AccountId[]) => void)[] = [];
  const stop = await startHintReader({
    database: store.database,
    clock,
    log,
    async readNow(accountIds) {
      waiting.shift()?.(accountIds);
      onRead(accountIds);
    },
  });
  return { stop, next: () => new Promise<AccountId[]>((resolve) => waiting.push(resolve)) };
}

let times = 0;
const hear = (accountId: AccountId, at = noon) =>
  hearChanges(
    // Another process: its own pool.
    store.connect().sql,
    [{ digest: `${times++}`.padStart(64, '0'), accountId, field: 'field_changed' }],
    at,
  );

test('a hint that another process heard is read at once, and so is the next', async () => {
  const { stop, next } = await reader();
  const first = next();
  await hear('act_1');
  expect(await first).toEqual(['act_1']);
  const second = next();
  await hear('act_2');
  expect(await second).toEqual(['act_2']);
  await stop();
});

test('what was heard before the start is read at the start', async () => {
  await hear('act_2');
  const read = vi.fn();
  const { stop } = await reader(read);
  await vi.waitFor(() => expect(read).toHaveBeenCalledWith(['act_2']));
  await stop();
});

test('an account that was just read waits its turn, without another word', async () => {
  const { stop, next } = await reader();
  const first = next();
  await hear('act_1', noon - 1);
  await first;
  await hear('act_1', noon + 1000);
  const second = next();
  // The reader sleeps till then; a clock that moved before it lay down would be looked at anyway.
  const moved = setInterval(() => clock.advance(1000), 5);
  expect(await second).toEqual(['act_1']);
  clearInterval(moved);
  expect(await clock.now()).toBeGreaterThanOrEqual(noon + 15_000);
  await stop();
});

test('a reading that fails is tried again and stops nothing', async () => {
  let fails = 2;
  const { stop, next } = await reader(() => {
    if (fails-- > 0) throw new Error('Meta does not answer');
  });
  const readings = [next(), next(), next()];
  await hear('act_1');
  const moved = setInterval(() => clock.advance(5000), 5);
  expect(await Promise.all(readings)).toEqual([['act_1'], ['act_1'], ['act_1']]);
  clearInterval(moved);
  expect(log.warn).toHaveBeenCalledTimes(2);
  await stop();
});
