import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { eventKinds, eventList, eventsQuery } from '../../contract/event.ts';
import { addAccount, addTransition, dayMs, manualClock, noon, stranger, viewer } from './fleet.fixture.ts';
import { listEvents } from './list-events.ts';

let store: TestDatabase;
let stored: number[];
const deps = () => ({ database: store.database, clock: manualClock() });
const midnight = Date.parse('2026-11-24T00:00:00Z');

beforeAll(async () => {
  store = await testDatabase();
  const { sql } = store.database;
  const one = await addAccount(sql, { id: 'act_1', currency: 'JPY' });
  const two = await addAccount(sql, { id: 'act_2', archivedAt: noon });
  const codes = { from_code: 1, to_code: 2, from_state: 'active', to_state: 'suspended' };
  stored = [
    await addTransition(sql, one, 'discovered', midnight - dayMs, { to_code: 1, to_state: 'active' }),
    await addTransition(sql, one, 'status_changed', midnight - 1, {
      ...codes,
      occurred_at: '2026-11-23T23:00:00Z',
    }),
    await addTransition(sql, one, 'daily_limit_changed', midnight, { from_minor: 25_000, to_minor: null }),
    await addTransition(sql, two, 'spend_cap_changed', midnight + 1, { from_minor: null, to_minor: 0 }),
    await addTransition(sql, two, 'amount_spent_reset', noon - 3, { from_minor: 900, to_minor: 10 }),
    await addTransition(sql, two, 'access_lost', noon - 2, { from_state: 'active', to_state: 'access_lost' }),
    await addTransition(sql, two, 'access_regained', noon - 2),
    await addTransition(sql, two, 'archived', noon - 1),
    await addTransition(sql, two, 'unarchived', noon),
  ];
});
afterAll(() => store.drop());

const list = async (query: Record<string, string> = {}) => {
  const answer = await listEvents(deps(), viewer, eventsQuery.parse(query));
  expect(() => eventList.parse(answer)).not.toThrow();
  return answer;
};
/** The places that the answer's events have among the stored ones. */
const places = async (query: Record<string, string>) =>
  (await list(query)).data.map((event) => stored.indexOf(event.id));

it('gives every kind of event as the contract writes it, oldest first', async () => {
  const { data, next_cursor, as_of } = await list();
  const yen = (minor: number) => ({ minor, currency: 'JPY' });
  const dollars = (minor: number) => ({ minor, currency: 'USD' });
  expect(
    data.map(({ id, account_id, ...rest }) => [
      stored.indexOf(id),
      account_id,
      rest.kind,
      rest.from,
      rest.to,
    ]),
  ).toEqual([
    [0, 'act_1', 'discovered', null, null],
    [1, 'act_1', 'status_changed', 1, 2],
    [2, 'act_1', 'daily_limit_changed', yen(25_000), null],
    [3, 'act_2', 'spend_cap_changed', null, dollars(0)],
    [4, 'act_2', 'amount_spent_reset', dollars(900), dollars(10)],
    [5, 'act_2', 'access_lost', null, null],
    [6, 'act_2', 'access_regained', null, null],
    [7, 'act_2', 'archived', null, null],
    [8, 'act_2', 'unarchived', null, null],
  ]);
  expect(new Set(data.map((event) => event.kind))).toEqual(new Set(eventKinds));
  expect(next_cursor).toBeNull();
  expect(as_of).toBe('2026-11-24T12:00:00.000Z');
});

it('tells the states of a status change, and when Meta says it happened', async () => {
  const { data } = await list({ kind: 'status_changed' });
  expect(data).toEqual([
    {
      id: stored[1],
      account_id: 'act_1',
      kind: 'status_changed',
      from: 1,
      to: 2,
      from_state: 'active',
      to_state: 'suspended',
      occurred_at: '2026-11-23T23:00:00.000Z',
      detected_at: '2026-11-23T23:59:59.999Z',
    },
  ]);
  expect((await list({ kind: 'discovered' })).data[0]?.occurred_at).toBeNull();
});

it.each([
  [{ since: '2026-11-24' }, [2, 3, 4, 5, 6, 7, 8]],
  [{ since: '2026-11-24T01:00:00.001+01:00' }, [3, 4, 5, 6, 7, 8]],
  [{ since: '0000-01-01' }, [0, 1, 2, 3, 4, 5, 6, 7, 8]],
  [{ since: '9999-12-31T23:59:59-14:00' }, []],
  [{ account: 'act_1' }, [0, 1, 2]],
  [{ account: 'act_9' }, []],
  [{ kind: 'archived' }, [7]],
  [{ account: 'act_1', since: '2026-11-24', kind: 'daily_limit_changed' }, [2]],
])('filtered by %o holds %o', async (query, expected) => {
  expect(await places(query)).toEqual(expected);
});

it.each([1, 2, 3, 9])('gives every event exactly once in pages of %s', async (limit) => {
  const seen: number[] = [];
  let cursor: string | null = null;
  do {
    const page = await list({ limit: String(limit), ...(cursor === null ? {} : { cursor }) });
    expect(page.data.length).toBeLessThanOrEqual(limit);
    seen.push(...page.data.map((event) => event.id));
    cursor = page.next_cursor;
  } while (cursor !== null);
  expect(seen).toEqual(stored);
});

it('is refused to a role that the table does not know', async () => {
  await expect(listEvents(deps(), stranger, eventsQuery.parse({}))).rejects.toMatchObject({
    refusal: 'forbidden',
  });
});
