import { readFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routeTable } from '../../src/server/route-table.ts';
import { admin, startProduct, type Product } from '../browser/product.ts';

/** What every answer of the running product looks like from outside, at an https address behind a proxy. */

const host = 'arbhub.example';
const own = `https://${host}`;
const apiKey = 'key-of-a-program-1';
const bearer = { headers: { authorization: `Bearer ${apiKey}` } };
let product: Product;
let session = '';

beforeAll(async () => {
  product = await startProduct({ env: { APP_URL: own, ARBHUB_API_KEY: apiKey } });
});
afterAll(() => product.stop());

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

interface Wish {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

function ask(path: string, { method = 'GET', headers = {}, body }: Wish = {}): Promise<Answer> {
  const { port } = new URL(product.url);
  return new Promise((resolve, reject) => {
    const call = request(
      { host: '127.0.0.1', port, path, method, headers: { host, ...headers } },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => {
          const text = Buffer.concat(parts).toString();
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
        });
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}

/** Sends the sign-in form as a browser without JavaScript does. */
async function signIn(password: string, headers: Record<string, string>, cookie = ''): Promise<Answer> {
  const page = await ask('/login');
  const form = new FormData();
  for (const [field] of page.text.matchAll(/<input type="hidden"[^>]*>/g)) {
    const value = (/value="([^"]*)"/.exec(field)?.[1] ?? '').replaceAll('&quot;', '"');
    form.set(/name="([^"]*)"/.exec(field)?.[1] ?? '', value);
  }
  form.set('email', admin.email);
  form.set('password', password);
  const packed = new Response(form);
  const body = Buffer.from(await packed.arrayBuffer());
  const type = packed.headers.get('content-type') ?? '';
  return ask('/login', { method: 'POST', body, headers: { 'content-type': type, cookie, ...headers } });
}

/** What stands on the wire for these bytes; the beginning of it. */
function raw(bytes: string): Promise<string> {
  const { port } = new URL(product.url);
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (part) => (text += String(part)));
    socket.on('close', () => resolve(text));
    socket.on('error', () => resolve(text));
    socket.setTimeout(1_500, () => socket.destroy());
  });
}

describe('signing in', () => {
  test.each<[string, Record<string, string>]>([
    ['a foreign page', { origin: 'https://evil.example' }],
    ['a page that hides its origin', { origin: 'null' }],
    ['a foreign page by its own words', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['a neighbour', { origin: 'https://other.arbhub.example', 'sec-fetch-site': 'same-site' }],
    ['nobody', {}],
    ['an address bar', { 'sec-fetch-site': 'none' }],
  ])('is refused to %s', async (_who, headers) => {
    const answer = await signIn(admin.password, headers);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.headers.location).toBeUndefined();
    expect(answer.status).toBeGreaterThanOrEqual(400);
  });

  test('gives a cookie that belongs to this host, to https and to the server alone', async () => {
    const answer = await signIn(admin.password, { origin: own });
    const [cookie = '', ...others] = answer.headers['set-cookie'] ?? [];
    expect(others).toEqual([]);
    const [pair = '', ...attributes] = cookie.split(/;\s*/);
    expect(pair).toMatch(/^__Host-arbhub=[\w-]{43}$/);
    const told = attributes.map((one) => one.toLowerCase()).filter((one) => !one.startsWith('expires='));
    expect(told.sort()).toEqual(['httponly', 'max-age=604800', 'path=/', 'samesite=lax', 'secure']);
    expect(answer.text).not.toContain(pair.slice(pair.indexOf('=') + 1));
    session = pair;
    expect((await ask('/dashboard', { headers: { cookie: session } })).status).toBe(200);
  });

  test('ends the session that the browser came with', async () => {
    const before = session;
    session =
      (await signIn(admin.password, { origin: own }, before)).headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    expect(session).not.toBe(before);
    expect((await ask('/api/board', { headers: { cookie: before } })).status).toBe(401);
    expect((await ask('/api/board', { headers: { cookie: session } })).status).toBe(200);
  });

  test('by an address, a header or a body is none', async () => {
    const token = session.slice(session.indexOf('=') + 1);
    for (const path of [
      `/api/board?${session}`,
      `/api/board?token=${token}&access_token=${token}&api_key=${apiKey}`,
    ])
      expect((await ask(path)).status).toBe(401);
    for (const headers of [
      { 'x-api-key': apiKey },
      { authorization: `Bearer ${token}` },
      { 'x-session': token },
    ])
      expect((await ask('/api/board', { headers: headers as Record<string, string> })).status).toBe(401);
  });
});

/** One address of each kind of answer. */
async function answers(): Promise<[string, Answer][]> {
  const built = /\/_next\/static\/[^"]+\.js/.exec((await ask('/login')).text)?.[0] ?? '';
  const byKey = { authorization: `Bearer ${apiKey}` };
  const pages = Object.keys(routeTable)
    .filter((route) => !route.startsWith('/api/'))
    .map((route) => route.replace(/\[set\]/, 'house').replace(/\[\w+\]/, 'x'));
  const routes = Object.keys(routeTable).filter((route) => route.startsWith('/api/'));
  const wishes: [string, Wish][] = [
    ...[...pages, built, '/icon.svg', '/manifest.webmanifest', '/nowhere', '/favicon.ico', '/worker.js'].map(
      (path): [string, Wish] => [path, { headers: { cookie: session } }],
    ),
    ...pages.map((path): [string, Wish] => [path, {}]),
    ...routes.map((path): [string, Wish] => [path.replace('[id]', 'act_1'), { headers: byKey }]),
    ['/api/v1/accounts?limit=x', { headers: byKey }],
    ['/api/nowhere', {}],
    ['/api/board', {}],
    ['/api/v1/accounts', { method: 'DELETE', headers: byKey }],
    ['/api/me/device', { method: 'PUT', headers: { cookie: session }, body: '{}' }],
    ['/api/webhooks/meta', { method: 'POST', body: '{}' }],
  ];
  return Promise.all(
    wishes.map(async ([path, wish]): Promise<[string, Answer]> => [
      `${wish.method ?? 'GET'} ${path}`,
      await ask(path, wish),
    ]),
  );
}

describe('every answer', () => {
  let all: [string, Answer][];
  beforeAll(async () => {
    all = await answers();
  });
  const without = (isRight: (answer: Answer, what: string) => boolean) =>
    all
      .filter(([what, answer]) => !isRight(answer, what))
      .map(([what, answer]) => `${what}: ${answer.status}`);
  const isBuilt = (what: string) => what.includes('/_next/static/');

  test('comes of all kinds', () => {
    expect(all.length).toBeGreaterThan(50);
    const statuses = new Set(all.map(([, { status }]) => status));
    for (const status of [200, 307, 400, 401, 403, 404, 405, 503]) expect(statuses).toContain(status);
  });

  test('is read as what it says it is', () => {
    expect(without(({ headers }) => headers['x-content-type-options'] === 'nosniff')).toEqual([]);
    // JSON has no charset: it is UTF-8 by its own standard (RFC 8259).
    const named = /^(text\/[\w-]+; ?charset=utf-8|application\/json|image\/(svg\+xml|png|x-icon))$/i;
    const others = /^(text\/csv|application\/(javascript|manifest\+json))\b/i;
    expect(
      without(
        ({ text, headers: { 'content-type': type = '' } }) =>
          text === '' || named.test(type) || others.test(type),
      ),
    ).toEqual([]);
  });

  test('asks browsers to come by https alone, for two years, for all names below', () => {
    const asked = 'max-age=63072000; includeSubDomains';
    expect(
      without(({ headers }, what) => isBuilt(what) || headers['strict-transport-security'] === asked),
    ).toEqual([]);
  });

  test('has the policy, tells no referrer, and cannot be framed', () => {
    const isSafe = ({ headers }: Answer, what: string) => {
      const policy = String(headers['content-security-policy']);
      const wanted = [
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "'strict-dynamic'",
        "'nonce-",
      ];
      return (
        isBuilt(what) ||
        (headers['referrer-policy'] === 'no-referrer' && wanted.every((one) => policy.includes(one)))
      );
    };
    expect(without(isSafe)).toEqual([]);
  });

  test('is stored nowhere, unless it is a built file', () => {
    expect(
      without(
        ({ headers }, what) => isBuilt(what) || headers['cache-control']?.includes('no-store') === true,
      ),
    ).toEqual([]);
  });

  test('opens nothing to other origins and names no software', () => {
    expect(
      without(({ headers }) => !Object.keys(headers).some((name) => name.startsWith('access-control-'))),
    ).toEqual([]);
    expect(
      without(({ headers }) => headers['x-powered-by'] === undefined && headers.server === undefined),
    ).toEqual([]);
  });

  test('sets a cookie never by itself', () => {
    expect(without(({ headers }) => headers['set-cookie'] === undefined)).toEqual([]);
  });

  test('leads nobody to another host', () => {
    expect(
      without(({ headers: { location } }) => location === undefined || /^\/(?![/\\])/.test(location)),
    ).toEqual([]);
  });
});

test('figures to take away come as a file, under a name of ours', async () => {
  const stretch = 'from=2026-11-01&to=2026-11-02&filename=x.exe';
  const { status, headers } = await ask(`/api/v1/export/metrics.csv?${stretch}`, {
    headers: { cookie: session },
  });
  expect([status, headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8']);
  expect(headers['content-disposition']).toMatch(/^attachment; filename="[\w.-]+\.csv"$/);
});

test('of a parameter that comes twice the last counts, and it is checked', async () => {
  const headers = { authorization: `Bearer ${apiKey}` };
  expect((await ask('/api/v1/accounts?limit=1&limit=x', { headers })).status).toBe(400);
  const { status, text } = await ask('/api/v1/accounts?limit=x&limit=1', { headers });
  expect([status, (JSON.parse(text) as { data: object[] }).data.length]).toEqual([200, 1]);
});

test('who was refused, where and why stands in the log', async () => {
  await ask('/api/board?secret=1', { headers: { authorization: 'Bearer a-wrong-key-of-somebody' } });
  await ask('/api/me/device', {
    method: 'PUT',
    body: '{}',
    headers: { cookie: session, origin: 'https://evil.example' },
  });
  await ask('/api/webhooks/meta', { method: 'GET' });
  const lines = product
    .output()
    .split('\n')
    .filter((line) => line.includes('"refused"'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const told = lines.map(({ pathname, code }) => `${String(pathname)} ${String(code)}`);
  expect(told).toContain('/api/board unauthorized');
  expect(told).toContain('/api/me/device cross_origin');
  expect(told).toContain('/api/webhooks/meta forbidden');
  for (const { requestId, time } of lines.filter(({ pathname }) => pathname !== undefined))
    expect([String(requestId).length, Number.isNaN(Date.parse(String(time)))]).toEqual([36, false]);
  expect(product.output()).not.toContain('a-wrong-key');
});

describe('what is not for the outside', () => {
  test.each([
    '/.git/config',
    '/.env',
    '/package.json',
    '/src/server/main.ts',
    '/_next/static/',
    '/public/',
    '/..%2f.env',
    '/%2e%2e/.env',
    '/_next/../.env',
    '/data/encryption.key',
  ])('%s is not there', async (path) => {
    const { status, text } = await ask(path);
    expect([307, 308, 400, 404]).toContain(status);
    expect(text).not.toMatch(/repositoryformatversion|"dependencies"|Index of|import \{/);
  });

  test('there are no maps of the source beside the built files', async () => {
    const built = [...new Set((await ask('/login')).text.match(/\/_next\/static\/[^"\\]+\.js/g))];
    expect(built.length).toBeGreaterThan(3);
    for (const path of built.slice(0, 5)) {
      expect((await ask(path)).text).not.toContain('sourceMappingURL');
      expect((await ask(`${path}.map`)).status).toBe(404);
    }
  });

  test('methods that nobody asked for are refused', async () => {
    const headers = { authorization: `Bearer ${apiKey}` };
    for (const method of ['TRACE', 'PUT', 'PATCH', 'DELETE', 'PROPFIND'])
      expect([400, 403, 404, 405, 501], method).toContain(
        (await ask('/api/v1/accounts', { method, headers })).status,
      );
    const traced = await raw(
      `TRACE /login HTTP/1.1\r\nHost: ${host}\r\nX-Echo: echo-me\r\nConnection: close\r\n\r\n`,
    );
    expect(traced).not.toContain('echo-me');
  });
});

describe('a request whose end is not clear', () => {
  const post = `POST /api/webhooks/meta HTTP/1.1\r\nHost: ${host}\r\n`;
  const hidden = 'GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n';
  test.each([
    ['two lengths', `${post}Content-Length: 0\r\nContent-Length: 5\r\n\r\n${hidden}`],
    [
      'a length and chunks',
      `${post}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
    ],
    ['an encoding that is none', `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${hidden}`],
    ['chunks not at the end', `${post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${hidden}`],
    ['a length with a sign', `${post}Content-Length: +5\r\n\r\n${hidden}`],
    [
      'a folded header',
      `${post}Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${hidden}`,
    ],
    ['a bare line feed', `GET / HTTP/1.1\nHost: ${host}\nContent-Length: 3\n\n${hidden}`],
  ])('by %s hides no second one', async (_what, bytes) => {
    expect(await raw(bytes)).not.toContain('"openapi"');
  });
});

test('what docs/api.md tells to ask is answered', async () => {
  const page = readFileSync(path.join(import.meta.dirname, '../../docs/api.md'), 'utf8');
  const told = [
    ...page.matchAll(
      /^curl (-H "Authorization: Bearer \$ARBHUB_API_KEY" )?"http:\/\/localhost:3000([^"]+)"$/gm,
    ),
  ];
  expect(told.length).toBe(page.match(/^curl /gm)?.length);
  expect(told.length).toBeGreaterThanOrEqual(7);
  const list = JSON.parse((await ask('/api/v1/accounts', bearer)).text) as { data: { account_id: string }[] };
  const known = list.data[0]?.account_id ?? 'none';
  for (const [, key, where = ''] of told) {
    const answer = await ask(where.replace('act_1234567890', known), key === undefined ? {} : bearer);
    // Its first figures may still be under way.
    const isHealth = where === '/api/health' && answer.status === 503;
    expect(isHealth ? 200 : answer.status, where).toBe(200);
  }
});
