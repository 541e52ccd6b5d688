import { afterAll, beforeAll, expect, it } from 'vitest';
import { alertList, alertsQuery } from '../../contract/alert.ts';
import { noon, stranger, viewer } from '../accounts/fleet.fixture.ts';
import { AlertBench, minuteMs } from './alerts.fixture.ts';
import { listAlerts } from './list-alerts.ts';

const bench = new AlertBench();
let stored: number[];

beforeAll(async () => {
  await bench.open();
  await bench.reset();
  const [first = 0, second = 0] = bench.accounts;
  stored = [
    await bench.add({
      openedAt: noon - 60 * minuteMs,
      resolvedAt: noon,
      told: { ops: 'sent', night: 'dead' },
    }),
    await bench.add({ openedAt: noon - 3 * minuteMs, acknowledgedBy: 'mara@example.com' }),
    await bench.add({ openedAt: noon - 2 * minuteMs, accounts: [second, first], told: { ops: 'retry' } }),
    await bench.add({ openedAt: noon, kind: 'of_a_later_release', severity: 'warning' }),
  ];
  await bench.database.sql`
    insert into silences (author, reason, starts_at, ends_at) values ('owner@example.com', 'move', ${noon}, ${noon + 1})`;
  await bench.database.sql`
    update alerts set silence_id = 1, muted_by = ${stored[2] ?? 0}::int8, is_flapping = true where id = ${stored[3] ?? 0}::int8`;
});
afterAll(bench.close);

const list = async (query: Record<string, string> = {}) => {
  const answer = await listAlerts(bench.deps, viewer, alertsQuery.parse(query));
  expect(() => alertList.parse(answer)).not.toThrow();
  return answer;
};
const places = async (query: Record<string, string>) =>
  (await list(query)).data.map(({ id }) => stored.indexOf(id));

it('tells of each alert what the contract promises, with every delivery', async () => {
  const { data, next_cursor, as_of } = await list();
  expect(data.map(({ id }) => id)).toEqual(stored);
  expect(data[0]).toMatchObject({
    short_id: expect.stringMatching(/^[0-9A-Z]{6}$/),
    kind: 'account_suspended',
    severity: 'critical',
    state: 'resolved',
    account_ids: [],
    opened_at: '2026-11-24T11:00:00.000Z',
    resolved_at: '2026-11-24T12:00:00.000Z',
    acknowledged_by: null,
  });
  const shared = { purpose: 'opened', attempts: 1, created_at: as_of };
  expect(data[0]?.deliveries).toEqual([
    {
      ...{ ...shared, channel: 'ops', channel_kind: 'slack', state: 'sent', due_at: null },
      ...{ sent_at: '2026-11-24T12:00:00.800Z', duration_ms: 800, last_error: null },
    },
    {
      ...{ ...shared, channel: 'night', channel_kind: 'email', state: 'dead', due_at: null },
      ...{ sent_at: null, duration_ms: null, last_error: 'HTTP 410 gone' },
    },
  ]);
  expect(data[1]).toMatchObject({ state: 'acknowledged', acknowledged_by: 'mara@example.com' });
  expect(data[2]).toMatchObject({ state: 'open', account_ids: ['act_1', 'act_2'] });
  expect(data[2]?.deliveries[0]?.due_at).toBe(as_of);
  expect(data[3]).toMatchObject({ silenced_by: 'owner@example.com', muted_by: stored[2], is_flapping: true });
  expect(next_cursor).toBeNull();
});

it.each([
  [{ state: 'open' }, [2, 3]],
  [{ state: 'acknowledged' }, [1]],
  [{ state: 'resolved' }, [0]],
  [{ state: 'all' }, [0, 1, 2, 3]],
  [{ since: '2026-11-24T11:58:00Z' }, [2, 3]],
  [{ since: '2026-11-24T12:00:00.001Z' }, []],
  [{ since: '2026-11-24', state: 'resolved' }, [0]],
])('filtered by %o holds %o', async (query, expected) => {
  expect(await places(query)).toEqual(expected);
});

it.each([1, 2, 4])('gives every alert exactly once in pages of %s', async (limit) => {
  const seen: number[] = [];
  let cursor: string | null = null;
  do {
    const page = await list({ limit: String(limit), ...(cursor === null ? {} : { cursor }) });
    expect(page.data.length).toBeLessThanOrEqual(limit);
    seen.push(...page.data.map(({ id }) => id));
    cursor = page.next_cursor;
  } while (cursor !== null);
  expect(seen).toEqual(stored);
});

it('is refused to a role that the table does not know', async () => {
  await expect(listAlerts(bench.deps, stranger, alertsQuery.parse({}))).rejects.toMatchObject({
    refusal: 'forbidden',
  });
});
