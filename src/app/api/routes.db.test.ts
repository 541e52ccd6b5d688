import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { accountAnswer, accountList } from '../../contract/account.ts';
import { board } from '../../contract/account-card.ts';
import { alertList } from '../../contract/alert.ts';
import { apiError } from '../../contract/api-error.ts';
import { eventList } from '../../contract/event.ts';
import { health } from '../../contract/health.ts';
import type { Log } from '../../ports/log.ts';
import { parseConfig } from '../../server/config.ts';
import { buildHouse, moveIn } from '../../server/house.ts';
import { addAccount, addCycle, addTransition, noon } from '../../services/accounts/fleet.fixture.ts';
import { GET as getBoard } from './board/route.ts';
import { GET as getHealth } from './health/route.ts';
import { GET as getOpenApi } from './openapi.json/route.ts';
import { GET as getAccount } from './v1/accounts/[id]/route.ts';
import { GET as getAccounts } from './v1/accounts/route.ts';
import { GET as getAlerts } from './v1/alerts/route.ts';
import { GET as getEvents } from './v1/events/route.ts';

// Next gives this module a meaning; outside of it, it only throws.
vi.mock('server-only', () => ({}));

type Route = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;

let store: TestDatabase;
const key = 'a-key-for-these-tests';
const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };

beforeAll(async () => {
  store = await testDatabase();
  const no = await addAccount(store.database.sql, { id: 'act_1' });
  await addTransition(store.database.sql, no, 'discovered', noon);
  moveIn(buildHouse(parseConfig({ ARBHUB_API_KEY: key }, false), store.database, silent, null));
});
afterAll(() => store.drop());

async function get(
  route: Route,
  path: string,
  params: Record<string, string> = {},
  token: string | null = key,
) {
  const headers: HeadersInit = token === null ? {} : { authorization: `Bearer ${token}` };
  const response = await route(new Request(`http://localhost${path}`, { headers }), {
    params: Promise.resolve(params),
  });
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  return { status: response.status, body: (await response.json()) as unknown };
}

it('answers a caller with a key by the shapes of the contract', async () => {
  const list = await get(getAccounts, '/api/v1/accounts?limit=1');
  expect(list.status).toBe(200);
  expect(accountList.parse(list.body).data.map((one) => one.account_id)).toEqual(['act_1']);
  const one = await get(getAccount, '/api/v1/accounts/act_1', { id: 'act_1' });
  expect(accountAnswer.parse(one.body).data.account_id).toBe('act_1');
  const events = await get(getEvents, '/api/v1/events?since=2026-11-24');
  expect(eventList.parse(events.body).data.map((event) => event.kind)).toEqual(['discovered']);
  const alerts = await get(getAlerts, '/api/v1/alerts?state=open&since=2026-11-24');
  expect(alertList.parse(alerts.body).data).toEqual([]);
  const cards = await get(getBoard, '/api/board?ids=act_1%2Cact_2');
  expect(board.parse(cards.body).cards.map((card) => card.accountId)).toEqual(['act_1']);
});

it.each([
  ['/api/v1/accounts', getAccounts],
  ['/api/v1/accounts/act_1', getAccount],
  ['/api/v1/events', getEvents],
  ['/api/v1/alerts', getAlerts],
  ['/api/board', getBoard],
])('%s refuses a caller without a key', async (path, route) => {
  for (const token of [null, 'another-key-for-tests']) {
    const { status, body } = await get(route, path, { id: 'act_1' }, token);
    expect(status).toBe(401);
    expect(apiError.parse(body).error.code).toBe('unauthorized');
  }
});

it.each([
  ['/api/v1/accounts?state=dead', getAccounts, 400, /^state must be one of active, /],
  ['/api/v1/accounts?limit=0&q=%00', getAccounts, 400, /q must be .*; limit must be /],
  ['/api/v1/events?since=now', getEvents, 400, /^since must be /],
  [
    '/api/v1/alerts?state=snoozed',
    getAlerts,
    400,
    /^state must be one of open, acknowledged, resolved, all$/,
  ],
  ['/api/v1/alerts?cursor=ZTox', getAlerts, 400, /^cursor must be /],
  ['/api/board?ids=', getBoard, 400, /ids must be an account id/],
  ['/api/v1/accounts/act_2', getAccount, 404, /no account of this id/],
  ['/api/v1/accounts/everything', getAccount, 404, /no account of this id/],
])('%s says what is wrong', async (path, route, expected, words) => {
  const { status, body } = await get(route, path, { id: path.split('/').at(-1) ?? '' });
  expect(status).toBe(expected);
  expect(apiError.parse(body).error.message).toMatch(words);
});

it('tells anyone its health, with 200 only for ok', async () => {
  const before = await get(getHealth, '/api/health', {}, null);
  expect([before.status, health.parse(before.body).status]).toEqual([503, 'starting']);
  const [row] = await store.database.sql<{ now: number }>`select now() as now`;
  await addCycle(store.database.sql, 'metrics', 1, row?.now ?? 0, { attempted: 1, succeeded: 1 });
  const after = await get(getHealth, '/api/health', {}, null);
  expect([after.status, health.parse(after.body).status]).toEqual([200, 'ok']);
});

it('describes itself to anyone', async () => {
  const { status, body } = await get(getOpenApi, '/api/openapi.json', {}, null);
  expect(status).toBe(200);
  expect(body).toMatchObject({ openapi: '3.1.0' });
});
