import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Result } from '../../domain/observation.ts';
import type { TokenFacts } from '../../domain/token-life.ts';
import { startSimulator, type TestSimulator } from '../../../simulator/test-simulator.ts';
import { graphFixture, type GraphFixture } from './graph-fixture.ts';
import { metaTokenOffice, type OfficeSettings } from './tokens.ts';

const token = 'canary-token-that-looks-like-none';
const [appId, appSecret] = ['123456789012345', '0123456789abcdef0123456789abcdef'];
const signal = new AbortController().signal;
const elapsed = () => performance.now();
const sleep = () => Promise.resolve();
let graph: GraphFixture;
beforeAll(async () => {
  graph = await graphFixture();
});
beforeEach(() => {
  graph.seen.length = 0;
});
afterAll(() => graph.close());

const office = (more: Partial<OfficeSettings> = {}) =>
  metaTokenOffice({ ...graph.settings, appId, appSecret, ...more }, elapsed, sleep);
const answer = (body: unknown, status = 200) =>
  graph.answer((_seen, response) => {
    response.statusCode = status;
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
const detailOf = (result: Result<unknown>) =>
  result.ok ? 'no failure' : `${result.failure.kind}: ${result.failure.detail}`;

const living = {
  app_id: appId,
  type: 'SYSTEM_USER',
  application: 'ArbHub',
  is_valid: true,
  issued_at: 1_790_000_000,
  expires_at: 1_795_184_000,
  data_access_expires_at: 0,
  scopes: ['ads_read', 'business_management'],
  user_id: '61550000000001',
};
const facts: TokenFacts = {
  isValid: true,
  problem: null,
  appId,
  kind: 'SYSTEM_USER',
  scopes: ['ads_read', 'business_management'],
  expiresAt: 1_795_184_000_000,
  dataAccessExpiresAt: Infinity,
};

describe('inspection', () => {
  test('asks as the app and reads both clocks', async () => {
    answer({ data: living });
    expect(await office().inspect(token, signal)).toEqual({ ok: true, value: facts });
    expect(graph.seen).toHaveLength(1);
    expect(graph.seen[0]?.method).toBe('GET');
    expect(graph.seen[0]?.url).toBe(`/v26.0/debug_token?input_token=${token}`);
    expect(graph.seen[0]?.headers.authorization).toBe(`Bearer ${appId}|${appSecret}`);
  });

  test.each([
    ['never', { expires_at: 0, data_access_expires_at: 0 }, Infinity, Infinity],
    ['not told', { expires_at: undefined, data_access_expires_at: null }, null, null],
    ['both', { expires_at: 5, data_access_expires_at: 7 }, 5000, 7000],
  ])('expiries: %s', async (_name, more, expiresAt, dataAccessExpiresAt) => {
    answer({ data: { ...living, ...more } });
    expect(await office().inspect(token, signal)).toEqual({
      ok: true,
      value: { ...facts, expiresAt, dataAccessExpiresAt },
    });
  });

  test('a dead token is an answer with what to do, and tells no scopes', async () => {
    const error = { code: 190, subcode: 463, message: `Session of ${token} has expired` };
    answer({ data: { ...living, is_valid: false, scopes: [], error } });
    expect(await office().inspect(token, signal)).toEqual({
      ok: true,
      value: {
        ...facts,
        isValid: false,
        scopes: null,
        problem: '(#190/463) Session of [token] has expired; it was not renewed in time: make a new token',
      },
    });
  });

  test.each([
    ['a bare object', {}],
    ['no verdict', { data: { ...living, is_valid: undefined } }],
    ['an expiry in words', { data: { ...living, expires_at: 'soon' } }],
    ['an expiry beyond time', { data: { ...living, expires_at: 1e15 } }],
    ['a negative expiry', { data: { ...living, expires_at: -1 } }],
  ])('%s is not believed', async (_name, body) => {
    answer(body);
    expect(detailOf(await office().inspect(token, signal))).toBe(
      'shape: debug_token: not an answer about a token',
    );
  });

  test('a refused app is no dead token', async () => {
    graph.answer(({ url }, response) => {
      const body = { error: { message: `bad ${appSecret}`, code: 190 } };
      response.end(JSON.stringify(url.includes('debug_token') ? body : { id: '1' }));
    });
    expect(detailOf(await office().inspect(token, signal))).toBe(
      'config: META_APP_ID or META_APP_SECRET is refused: (#190) bad [secret]',
    );
  });

  test('a hiccup is tried three times', async () => {
    let count = 0;
    graph.answer((_seen, response) => {
      response.statusCode = ++count < 3 ? 503 : 200;
      response.end(count < 3 ? '' : JSON.stringify({ data: living }));
    });
    expect((await office().inspect(token, signal)).ok).toBe(true);
    answer('', 503);
    expect(detailOf(await office().inspect(token, signal))).toMatch(/^transient/);
    expect(graph.seen).toHaveLength(6);
  });

  test.each([{ appId: null }, { appSecret: null }])(
    'without the app (%j) it only learns whether the token lives',
    async (more) => {
      answer({ id: '1' });
      const unknown = { appId: null, kind: null, scopes: null, expiresAt: null, dataAccessExpiresAt: null };
      expect(await office(more).inspect(token, signal)).toEqual({
        ok: true,
        value: { ...unknown, isValid: true, problem: null },
      });
      expect(graph.seen[0]?.url).toContain('/v26.0/me?fields=id');
      expect(graph.seen[0]?.url.includes('appsecret_proof')).toBe(more.appSecret === undefined);
      expect(graph.seen[0]?.url).not.toContain(token);
      answer({ error: { message: 'gone', code: 190, error_subcode: 460 } }, 401);
      expect(await office(more).inspect(token, signal)).toEqual({
        ok: true,
        value: { ...unknown, isValid: false, problem: '(#190/460) gone; make a new token' },
      });
      expect(office(more).knowsApp).toBe(false);
    },
  );
});

describe('renewal', () => {
  test('sends what Meta documents and answers the new token', async () => {
    answer({ access_token: 'EAANewExample', token_type: 'bearer', expires_in: 5_183_944 });
    expect(await office().renew(token, signal)).toEqual({ ok: true, value: 'EAANewExample' });
    const url = new URL(graph.seen[0]?.url ?? '', graph.settings.baseUrl);
    expect(url.pathname).toBe('/v26.0/oauth/access_token');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      grant_type: 'fb_exchange_token',
      client_id: appId,
      client_secret: appSecret,
      set_token_expires_in_60_days: 'true',
      fb_exchange_token: token,
    });
  });

  test.each([
    [{}, 'shape: oauth/access_token: no new token in the answer'],
    [{ access_token: '' }, 'shape: oauth/access_token: no new token in the answer'],
    [{ access_token: 'a b' }, 'shape: oauth/access_token: no new token in the answer'],
    [{ error: { message: `no ${token} ${appSecret}`, code: 190 } }, 'token: (#190) no [token] [secret]'],
  ])('%j is no token', async (body, detail) => {
    answer(body);
    expect(detailOf(await office().renew(token, signal))).toBe(detail);
  });

  test('needs the app', async () => {
    expect(detailOf(await office({ appId: null }).renew(token, signal))).toBe(
      'config: META_APP_ID and META_APP_SECRET are not set',
    );
    expect(graph.seen).toEqual([]);
  });
});

test('nobody there: no failure tells an address or a secret', async () => {
  const closed = await graphFixture();
  await closed.close();
  for (const baseUrl of [closed.settings.baseUrl, 'http://127.0.0.1:1'])
    for (const ask of ['inspect', 'renew'] as const) {
      const text = JSON.stringify(await office({ baseUrl })[ask](token, signal));
      for (const secret of [token, appSecret, 'http', 'debug_token', 'oauth'])
        expect(text).not.toContain(secret);
    }
});

describe('against the simulated Meta', () => {
  let simulator: TestSimulator;
  beforeAll(async () => {
    simulator = await startSimulator('--app-secret', appSecret, '--accounts', '3');
  });
  afterAll(() => simulator.close());
  const here = (more: Partial<OfficeSettings> = {}) => office({ baseUrl: simulator.url, ...more });

  test('a token without end becomes one of 60 days, which is known as such', async () => {
    const before = await here().inspect('EAATest', signal);
    expect(before).toEqual({ ok: true, value: { ...facts, expiresAt: Infinity } });
    const renewed = await here().renew('EAATest', signal);
    const now = simulator.simulation.clock.now();
    expect(renewed.ok && (await here().inspect(renewed.value, signal))).toEqual({
      ok: true,
      value: { ...facts, expiresAt: now + 60 * 86_400_000 },
    });
  });

  test('a wrong secret, and a proof without the app id', async () => {
    expect(detailOf(await here({ appSecret: 'wrong' }).inspect('EAATest', signal))).toMatch(
      /^config: META_APP/,
    );
    expect(await here({ appId: null }).inspect('EAATest', signal)).toMatchObject({
      ok: true,
      value: { isValid: true, expiresAt: null },
    });
  });

  // Without a token the scenario kills all, that of the app too.
  test.each([{ token: 'EAATest' }, {}])('a token that is dead: %j', async (scope) => {
    await simulator.control('POST', '/scenarios', { kind: 'dead_token', subcode: 460, ...scope });
    expect(await here().inspect('EAATest', signal)).toMatchObject({
      ok: true,
      value: {
        isValid: false,
        problem: expect.stringMatching(/^\(#190\/460\).*; make a new token$/) as string,
      },
    });
    expect(detailOf(await here().renew('EAATest', signal))).toMatch(/^token: \(#190\/460\)/);
    await simulator.control('POST', '/scenarios', { kind: 'back_to_normal' });
  });
});
