import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { testDatabase, type TestDatabase } from '../../tests/database.ts';
import { type MembersHouse, membersHouse, operator, password } from '../../tests/members-house.ts';
import { type Action, roles } from '../domain/permissions.ts';
import { addMember } from '../services/members/add-member.ts';
import { signInWithPassword } from '../services/members/sign-in.ts';
import { cronRoute, guarded, notFound, parseQuery, publicRoute } from './guard.ts';

const here = vi.hoisted(() => ({ house: null as unknown }));
vi.mock('server-only', () => ({}));
vi.mock('./house.ts', () => ({ house: async () => here.house }));

const apiKey = 'an-api-key-of-32-characters-----';
const cronSecret = 'a-cron-secret-of-32-characters--';
const own = 'http://localhost:3000';
let db: TestDatabase;
let house: MembersHouse;

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  house = membersHouse(db.database);
  Object.assign(house.config, { apiKey, cronSecret });
  here.house = house;
  await house.empty();
});

async function cookieOf(role: (typeof roles)[number]): Promise<string> {
  const email = `${role}@agency.example`;
  await addMember(house, operator, { email, role, password });
  const result = await signInWithPassword(house, { email, password, address: '192.0.2.1' });
  return result.outcome === 'in' ? `arbhub=${result.token}` : '';
}

type Route = ReturnType<typeof guarded<Record<string, string>>>;

async function call(route: Route, headers: Record<string, string> = {}, method = 'GET', path = '/api/x') {
  const request = new Request(`${own}${path}`, { method, headers });
  const response = await route(request, { params: Promise.resolve({ id: '7' }) });
  return { response, status: response.status, body: await response.json() };
}

const tellCaller = (action: Action) => guarded(action, ({ actor }) => Response.json(actor));

describe('who gets through', () => {
  const actions: Record<Action, readonly string[]> = {
    'self:change': ['viewer', 'analyst', 'admin'],
    'accounts:read': ['viewer', 'analyst', 'admin'],
    'alerts:read': ['viewer', 'analyst', 'admin'],
    'alerts:receive': ['viewer', 'analyst', 'admin'],
    'alerts:acknowledge': ['analyst', 'admin'],
    'metrics:export': ['analyst', 'admin'],
    'keys:own': ['analyst', 'admin'],
    'notes:write': ['analyst', 'admin'],
    'accounts:change': ['admin'],
    'members:change': ['admin'],
    'connections:change': ['admin'],
    'channels:change': ['admin'],
    'rules:change': ['admin'],
    'simulation:control': ['admin'],
  };

  test.each(roles)('%s: what his role allows', async (role) => {
    const cookie = await cookieOf(role);
    for (const [action, allowed] of Object.entries(actions)) {
      const { status } = await call(tellCaller(action as Action), { cookie });
      expect([action, status]).toEqual([action, allowed.includes(role) ? 200 : 403]);
    }
  });

  test('an API key: what a viewer may', async () => {
    const authorization = `Bearer ${apiKey}`;
    const { status, body } = await call(tellCaller('accounts:read'), { authorization });
    expect([status, body]).toEqual([200, { role: 'viewer', name: 'api-key:environment' }]);
    expect((await call(tellCaller('metrics:export'), { authorization })).status).toBe(403);
  });

  test('nobody without a session or a key, with made-up ones, or by headers that others trust', async () => {
    const cookie = await cookieOf('admin');
    const strangers: Record<string, string>[] = [
      {},
      { cookie: '' },
      { cookie: 'arbhub=' },
      { cookie: `${cookie}x` },
      { cookie: cookie.replace('arbhub', '__Host-arbhub') },
      { cookie: cookie.replace('arbhub=', 'arbhub=null; x=') },
      { authorization: 'Bearer ' },
      { authorization: `Bearer ${apiKey}x` },
      { authorization: `Bearer ${apiKey.slice(1)}` },
      { authorization: `Bearer ${cronSecret}` },
      { authorization: apiKey },
      { authorization: `Basic ${apiKey}` },
      // A wrong key is not made good by a cookie.
      { authorization: 'Bearer wrong', cookie },
      { 'x-middleware-subrequest': 'middleware:middleware:middleware', 'x-forwarded-for': '127.0.0.1' },
      { 'x-user': 'admin', 'x-role': 'admin', 'x-original-url': '/api/health', rsc: '1' },
    ];
    for (const headers of strangers) {
      const { status, response, body } = await call(tellCaller('accounts:read'), headers);
      expect([headers, status]).toEqual([headers, 401]);
      expect(response.headers.get('location')).toBeNull();
      expect(body).toEqual({
        error: {
          code: 'unauthorized',
          message: expect.any(String),
          requestId: expect.stringMatching(/^[\w-]{36}$/),
        },
      });
    }
  });

  test('no key at all where none is set', async () => {
    Object.assign(house.config, { apiKey: null });
    for (const authorization of ['Bearer null', 'Bearer undefined', 'Bearer ']) {
      expect((await call(tellCaller('accounts:read'), { authorization })).status).toBe(401);
    }
  });

  test('the role of this very request, not of the one before', async () => {
    const cookie = await cookieOf('admin');
    const route = tellCaller('members:change');
    expect((await call(route, { cookie })).status).toBe(200);
    await db.database.sql`update members set role = 'viewer'`;
    expect((await call(route, { cookie })).status).toBe(403);
    await db.database.sql`update members set disabled_at = now()`;
    expect((await call(route, { cookie })).status).toBe(401);
  });
});

describe('a request that changes something', () => {
  const route = tellCaller('accounts:read');
  test.each<[Record<string, string>, number]>([
    [{}, 403],
    [{ origin: 'null' }, 403],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'http://localhost:3000.evil.example' }, 403],
    [{ origin: 'http://localhost:3001' }, 403],
    [{ origin: 'https://localhost:3000' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ 'sec-fetch-site': 'none' }, 403],
    [{ referer: `${own}/dashboard` }, 403],
    [{ origin: own }, 200],
    [{ origin: 'http://127.0.0.1:3000' }, 200],
    [{ 'sec-fetch-site': 'same-origin' }, 200],
    [{ origin: 'null', 'sec-fetch-site': 'same-origin' }, 200],
  ])('with %j: %i', async (headers, expected) => {
    const cookie = await cookieOf('admin');
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      expect((await call(route, { cookie, ...headers }, method)).status).toBe(expected);
    }
    expect((await call(route, { cookie, ...headers }, 'GET')).status).toBe(200);
  });

  test('needs no origin from a program with a key', async () => {
    expect((await call(route, { authorization: `Bearer ${apiKey}` }, 'POST')).status).toBe(200);
  });
});

describe('the cron routes', () => {
  const route = cronRoute(() => Response.json({ ran: true }));

  test('run for the secret alone, by GET and POST', async () => {
    for (const method of ['GET', 'POST']) {
      expect((await call(route, { authorization: `Bearer ${cronSecret}` }, method)).status).toBe(200);
    }
    const cookie = await cookieOf('admin');
    for (const headers of [
      {},
      { cookie, origin: own },
      { authorization: 'Bearer undefined' },
      { authorization: `Bearer ${apiKey}` },
      { authorization: `Bearer ${cronSecret} x` },
      { authorization: cronSecret },
    ] as Record<string, string>[]) {
      expect(await call(route, headers, 'POST')).toMatchObject({
        status: 401,
        body: { error: { code: 'unauthorized' } },
      });
    }
  });

  test('answer 503 without the setting, to whomever', async () => {
    Object.assign(house.config, { cronSecret: null });
    for (const authorization of ['Bearer ', 'Bearer null', 'Bearer undefined', `Bearer ${cronSecret}`]) {
      expect(await call(route, { authorization })).toMatchObject({
        status: 503,
        body: { error: { code: 'not_configured' } },
      });
    }
  });
});

describe('an answer', () => {
  const headers = { authorization: `Bearer ${apiKey}` };

  test('is never stored, whatever it says', async () => {
    for (const route of [
      tellCaller('accounts:read'),
      tellCaller('members:change'),
      publicRoute('health', () => Response.json({}, { headers: { 'cache-control': 'max-age=60' } })),
    ]) {
      expect((await call(route, headers)).response.headers.get('cache-control')).toBe('no-store');
    }
  });

  test('carries the parameters, the query and the status of the route', async () => {
    const route = guarded('accounts:read', ({ params, request }) =>
      Response.json(
        { params, ...parseQuery(z.object({ limit: z.coerce.number() }), request) },
        { status: 202 },
      ),
    );
    expect(await call(route, headers, 'GET', '/api/x?limit=5&other=1')).toMatchObject({
      status: 202,
      body: { params: { id: '7' }, limit: 5 },
    });
  });

  test('names what is wrong with the query', async () => {
    const schema = z.object({ limit: z.coerce.number('limit must be a number'), state: z.enum(['a']) });
    const route = guarded('accounts:read', ({ request }) => Response.json(parseQuery(schema, request)));
    const { status, body } = await call(route, headers, 'GET', '/api/x?limit=x&state=b');
    expect(status).toBe(400);
    expect(body.error).toMatchObject({
      code: 'bad_input',
      message: expect.stringMatching(/^limit must be a number; state: /),
    });
  });

  test('says that there is nothing', async () => {
    const route = guarded('accounts:read', () => {
      throw notFound('There is no account act_1.');
    });
    expect(await call(route, headers)).toMatchObject({
      status: 404,
      body: { error: { code: 'not_found', message: 'There is no account act_1.' } },
    });
  });

  test('to a failure of ours is generic; the log has the rest under the same id', async () => {
    const route = guarded('accounts:read', () => {
      throw new Error('canary in the stack');
    });
    const { status, body } = await call(route, headers, 'GET', '/api/x?q=private');
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('canary');
    const lines = JSON.stringify(house.lines);
    expect(lines).toContain('canary');
    expect(lines).toContain(body.error.requestId);
    expect(lines).not.toContain('private');
  });
});
