import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { UsageMeters } from './usage.ts';
import { graphFixture, ok, turnAt, type GraphFixture } from './graph-fixture.ts';

let graph: GraphFixture;
beforeAll(async () => {
  graph = await graphFixture();
});
afterAll(() => graph.close());
beforeEach(() => {
  graph.seen.length = 0;
  graph.answer((_seen, response) => response.end('{"id":"1"}'));
});

const never = turnAt(Date.parse('2026-11-22T18:00:00Z'));
const items = [
  { path: 'act_1', params: { fields: 'id,business{id,name}' } },
  { path: 'act_2/ads', params: { effective_status: '["ACTIVE"]' } },
];

test('a read sends the token in a header, the version in the path, and every value encoded', async () => {
  await graph.client().get('me/adaccounts', { fields: 'id,business{id}', after: 'a+b=' }, never);
  const [one] = graph.seen;
  expect(one?.headers.authorization).toBe('Bearer EAAExampleToken123');
  expect(one?.url).toBe('/v26.0/me/adaccounts?fields=id%2Cbusiness%7Bid%7D&after=a%2Bb%3D');
});

test('a batch sends the token in its form and in no address', async () => {
  await graph.client().batch(items, never);
  const [one] = graph.seen;
  expect(one?.url).toBe('/v26.0/');
  expect(new URLSearchParams(one?.body).get('access_token')).toBe('EAAExampleToken123');
  expect(new URLSearchParams(one?.body).get('include_headers')).toBe('true');
  expect(one?.batch).toEqual([
    { method: 'GET', relative_url: 'v26.0/act_1?fields=id%2Cbusiness%7Bid%2Cname%7D' },
    { method: 'GET', relative_url: 'v26.0/act_2/ads?effective_status=%5B%22ACTIVE%22%5D' },
  ]);
});

test('the proof is the one of the reference', async () => {
  const client = graph.client({ appSecret: '0123456789abcdef0123456789abcdef' });
  const proof = '901f63f602415db86fcca2dc0f6b9fa049f266b0013a1cdee6e9cc6f9c2bf132';
  await client.get('me', {}, never);
  await client.batch(items, never);
  expect(graph.seen[0]?.url).toContain(`appsecret_proof=${proof}`);
  expect(new URLSearchParams(graph.seen[1]?.body).get('appsecret_proof')).toBe(proof);
});

test.each([
  ['nothing at all', 503, '', /HTTP 503/],
  ['a page', 502, '<html>Bad Gateway</html>', /HTTP 502/],
  ['half a document', 200, '{"data":[{"id"', /not JSON/],
  ['an error in a 200', 200, '{"error":{"message":"x","code":2}}', /#2/],
])('%s is a failure to try again', async (_what, status, body, detail) => {
  graph.answer((_seen, response) => response.writeHead(status).end(body));
  const answer = await graph.client().get('me', {}, never);
  expect(answer).toMatchObject({ ok: false, failure: { remedy: 'retry' } });
  expect(!answer.ok && answer.failure.detail).toMatch(detail);
});

test('no answer in time, no end after the beginning, a broken line and a redirect all end as failures', async () => {
  graph.answer(() => {});
  expect(await graph.client().get('me', {}, never)).toMatchObject({
    failure: { detail: 'no answer within 300 ms' },
  });
  graph.answer((_seen, response) => response.writeHead(200).write('{"da'));
  expect(await graph.client().get('me', {}, never)).toMatchObject({
    failure: { detail: 'no answer within 300 ms' },
  });
  graph.answer((_seen, response) => response.destroy());
  expect(await graph.client().get('me', {}, never)).toMatchObject({ failure: { remedy: 'retry' } });
  graph.answer((_seen, response) => response.writeHead(302, { location: '/elsewhere' }).end());
  expect(await graph.client().get('me', {}, never)).toMatchObject({ ok: false });
  expect(graph.seen.map(({ url }) => url)).not.toContain('/elsewhere');
  const nobody = graph.client({ baseUrl: 'http://127.0.0.1:65533' });
  expect(await nobody.get('me', {}, never)).toMatchObject({
    failure: { detail: 'connection failed: ECONNREFUSED' },
  });
});

test('the end of the cycle ends a read at once', async () => {
  graph.answer(() => {});
  const cycle = new AbortController();
  const reading = graph.client({ requestTimeoutMs: 60_000 }).get('me', {}, turnAt(0, cycle.signal));
  cycle.abort();
  expect(await reading).toMatchObject({ failure: { detail: 'the cycle ran out of time' } });
});

test('each item of a batch stands for itself', async () => {
  const odd: unknown[] = [
    ok({ id: 'act_1' }),
    null,
    {},
    { code: 200, body: '<html>' },
    { code: 400, body: '{"error":{"message":"x","code":100,"error_subcode":33}}' },
    { code: 200, headers: {}, body: '{"id":"act_6"}' },
    { code: 200, headers: [{ name: 'X-Ad-Account-Usage', value: 'no json' }, 7], body: '{"id":"act_7"}' },
  ];
  graph.answer((_seen, response) => response.end(JSON.stringify(odd)));
  const answers = await graph.client().batch(
    odd.map((_, n) => ({ path: `act_${n}`, params: {} })),
    never,
  );
  expect(answers.map((answer) => (answer.ok ? 'ok' : answer.failure.remedy))).toEqual([
    'ok',
    'shrink',
    'shrink',
    'retry',
    'access',
    'ok',
    'ok',
  ]);
});

test.each([
  ['too short', JSON.stringify([ok({})]), 'retry'],
  ['an object without an error', '{}', 'retry'],
  ['one error for all', '{"error":{"message":"x","code":190}}', 'token'],
])('a batch that is %s fails as a whole', async (_what, body, remedy) => {
  graph.answer((_seen, response) => response.end(body));
  const answers = await graph.client().batch(items, never);
  expect(answers).toHaveLength(2);
  for (const answer of answers) expect(answer).toMatchObject({ ok: false, failure: { remedy } });
});

test('neither token nor proof comes back, wherever Meta quotes them', async () => {
  const token = 'a|token/of-no-usual-shape';
  const secrets = [token, encodeURIComponent(token)];
  graph.answer(({ url }, response) => {
    secrets.push(new URL(url, 'http://x').searchParams.get('appsecret_proof') ?? 'no proof');
    const quoted = secrets.join(' ');
    response.setHeader('x-ad-api-version-warning', `called with ${quoted}`);
    const error = { message: `not ${quoted}`, code: 190, fbtrace_id: quoted };
    response.writeHead(400).end(JSON.stringify({ error }));
  });
  const meters = new UsageMeters();
  const answer = await graph.client({ token, appSecret: 'the app secret' }, meters).get('me', {}, never);
  const told = JSON.stringify([answer, meters.of(never).take()]);
  expect(told).toContain('called with [token] [token] [token]');
  expect(told).toContain('not [token] [token] [token]');
  expect(secrets).toHaveLength(3);
  for (const secret of secrets) expect(told).not.toContain(secret);
});
