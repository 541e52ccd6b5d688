/** Paging, batches and usage headers, against a server that really listens. */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator, type BatchItemAnswer, type Json, type TestSimulator } from '../test-simulator.ts';

const rows = (json: Json): Json[] => Object.values(json['data'] ?? {});
const items = (text: string): (BatchItemAnswer | null)[] => JSON.parse(text) as (BatchItemAnswer | null)[];

async function pageThrough(meta: TestSimulator, path: string): Promise<string[]> {
  const ids: string[] = [];
  let after = '';
  for (let pages = 0; pages < 200; pages++) {
    const { json } = await meta.get(`/v26.0/${path}${after}`);
    ids.push(...rows(json).map((row) => String(row['id'])));
    if (!json['paging']?.['next']) return ids;
    after = `&after=${json['paging']['cursors']?.['after']}`;
  }
  throw new Error('the pages do not end');
}

describe('list edges', () => {
  let meta: TestSimulator;
  beforeAll(async () => {
    meta = await startSimulator('--accounts', '230');
  });
  afterAll(() => meta.close());

  it('page through every account once', async () => {
    const ids = await pageThrough(meta, 'me/adaccounts?fields=account_status,amount_spent&limit=50');
    expect(ids).toHaveLength(230);
    expect(new Set(ids).size).toBe(230);
  });

  it('share the accounts out over the Business Managers', async () => {
    const { json } = await meta.control('GET', '');
    const businesses = Object.values(json['vendors'] ?? {}).flatMap((vendor) =>
      Object.values(vendor['business_ids'] ?? {}),
    );
    const owned = await Promise.all(
      businesses.map((id) => pageThrough(meta, `${String(id)}/owned_ad_accounts?limit=100`)),
    );
    expect(owned.flat()).toHaveLength(230);
    expect(new Set(owned.flat()).size).toBe(230);
    const shared = await pageThrough(
      meta,
      `${String(json['operator_business_id'])}/client_ad_accounts?limit=100`,
    );
    expect(shared).toHaveLength(230);
    expect(await pageThrough(meta, `${String(businesses[0])}/client_ad_accounts?limit=100`)).toEqual([]);
  });

  it('leave a rejected limit out of its row', async () => {
    const { json, status } = await meta.get('/v26.0/me/adaccounts?fields=adtrust_dsl&limit=100');
    expect(status).toBe(200);
    expect(rows(json).filter((row) => 'adtrust_dsl' in row).length).toBeGreaterThan(85);
    expect(rows(json).filter((row) => !('adtrust_dsl' in row)).length).toBeGreaterThan(4);
  });

  it('write the token into paging.next', async () => {
    const { json } = await meta.get('/v26.0/me/adaccounts?limit=1');
    expect(String(json['paging']?.['next'])).toContain('access_token=EAATest');
  });
});

describe('the batch', () => {
  let meta: TestSimulator;
  let ids: string[];
  beforeAll(async () => {
    meta = await startSimulator();
    ids = await pageThrough(meta, 'me/adaccounts?limit=100');
  });
  afterAll(() => meta.close());

  it('answers in order, each item with a code, headers and a body of text', async () => {
    const urls = [...ids.map((id) => `v26.0/${id}?fields=name`), 'v26.0/act_99?fields=name', 'v26.0/me'];
    const { status, text } = await meta.batch(urls);
    expect(status).toBe(200);
    const answers = items(text);
    expect(answers.map((item) => item?.code)).toEqual([...ids.map(() => 200), 400, 200]);
    expect(
      answers.slice(0, ids.length).map((item) => (JSON.parse(item?.body ?? '') as { id: string }).id),
    ).toEqual(ids);
    const header = answers[0]?.headers?.find(({ name }) => name === 'X-Business-Use-Case-Usage');
    expect(Object.keys(JSON.parse(header?.value ?? '{}') as object)).toEqual([ids[0]?.slice(4)]);
  });

  it('takes JSON bodies, leaves headers out on request and reads leading slashes', async () => {
    const batch = [{ method: 'GET', relative_url: `/v26.0/${ids[0]}?fields=name` }];
    const response = await fetch(`${meta.url}/v26.0/`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ access_token: 'EAATest', include_headers: false, batch }),
    });
    const answers = items(await response.text());
    expect(answers).toHaveLength(1);
    expect(Object.keys(answers[0] ?? {})).toEqual(['code', 'body']);
  });

  it('fails item by item on a version, a token and a field', async () => {
    await meta.control('POST', '/scenarios', { kind: 'dead_token', token: 'EAAOther', subcode: 463 });
    const urls = [
      `${ids[0]}?fields=name`,
      `v26.0/${ids[0]}?fields=name&access_token=EAAOther`,
      `v26.0/${ids[0]}?fields=name`,
    ];
    const answers = items((await meta.batch(urls)).text);
    expect(answers.map((item) => item?.code)).toEqual([400, 401, 200]);
    expect(answers[1]?.body).toContain('"error_subcode":463');
  });

  it.each([
    [
      'more than fifty items',
      { batch: JSON.stringify(Array(51).fill({ method: 'GET', relative_url: 'v26.0/me' })) },
      100,
    ],
    ['no JSON', { batch: 'nonsense' }, 100],
    ['no token', { access_token: '' }, 190],
  ])('is refused as a whole for %s', async (_, extra, code) => {
    const { status, json } = await meta.batch(['v26.0/me'], extra);
    expect(status).toBe(400);
    expect(json['error']).toMatchObject({ code });
  });

  it('counts every item in the log, without tokens', async () => {
    const { json: before } = await meta.control('GET', '/stats');
    await meta.batch(ids.slice(0, 7).map((id) => `v26.0/${id}?fields=name`));
    await meta.get('/v26.0/me?access_token=EAASecret', {});
    const { json: after } = await meta.control('GET', '/stats');
    expect(Number(after['calls']) - Number(before['calls'])).toBe(8);
    const log = await meta.control('GET', `/requests?since=${String(before['requests'])}`);
    expect(
      Object.values(log.json['requests'] ?? {}).map((one) => [
        one['method'],
        one['path'],
        one['items'],
        one['calls'],
      ]),
    ).toEqual([
      ['POST', '/v26.0/', 7, 7],
      ['GET', '/v26.0/me', 0, 1],
    ]);
    expect(log.text).not.toContain('EAA');
  });
});

describe('usage', () => {
  it('rises with the counted calls of an account, blocks over the quota and falls with the hour', async () => {
    const meta = await startSimulator('--tier', 'development');
    const [id = ''] = await pageThrough(meta, 'me/adaccounts?limit=100');
    const usage = async (count: number): Promise<{ status: number; code: number; percent: number }> => {
      const answers = items(
        (await meta.batch(Array<string>(count).fill(`v26.0/${id}/insights?fields=spend`))).text,
      );
      const last = answers.at(-1);
      const header = last?.headers?.find(({ name }) => name === 'X-Ad-Account-Usage')?.value ?? '{}';
      const error = (JSON.parse(last?.body ?? '{}') as { error?: { code: number } }).error;
      return {
        status: last?.code ?? 0,
        code: error?.code ?? 0,
        percent: (JSON.parse(header) as { acc_id_util_pct: number }).acc_id_util_pct,
      };
    };
    expect(await usage(6)).toEqual({ status: 200, code: 0, percent: 10 });
    expect(await usage(24)).toEqual({ status: 200, code: 0, percent: 50 });
    const blocked = await usage(40);
    expect(blocked).toMatchObject({ status: 400, code: 17 });
    expect(blocked.percent).toBeGreaterThan(100);
    await meta.control('POST', '/clock', { now: '2026-11-22T18:14:00Z' });
    expect(await usage(3)).toEqual({ status: 200, code: 0, percent: 5 });
    await meta.close();
  });
});

describe('the app secret', () => {
  const SECRET = '0123456789abcdef0123456789abcdef';
  let meta: TestSimulator;
  beforeAll(async () => {
    meta = await startSimulator('--app-secret', SECRET);
  });
  afterAll(() => meta.close());

  it('accepts the right proof only', async () => {
    const token = { Authorization: 'Bearer EAAExampleToken123' };
    const right = '901f63f602415db86fcca2dc0f6b9fa049f266b0013a1cdee6e9cc6f9c2bf132';
    expect(createHmac('sha256', SECRET).update('EAAExampleToken123').digest('hex')).toBe(right);
    expect((await meta.get(`/v26.0/me?appsecret_proof=${right}`, token)).status).toBe(200);
    const wrong = await meta.get(`/v26.0/me?appsecret_proof=${'0'.repeat(64)}`, token);
    expect(wrong.json['error']).toMatchObject({
      code: 100,
      message: 'Invalid appsecret_proof provided in the API argument',
    });
    const none = await meta.get('/v26.0/me', token);
    expect(none.json['error']).toMatchObject({
      code: 100,
      message: expect.stringContaining('require an appsecret_proof'),
    });
  });

  it('lets the items of a batch use the proof around them', async () => {
    const proof = createHmac('sha256', SECRET).update('EAATest').digest('hex');
    const answers = items((await meta.batch(['v26.0/me'], { appsecret_proof: proof })).text);
    expect(answers.map((item) => item?.code)).toEqual([200]);
  });

  it('guards the renewal of tokens', async () => {
    const renew = (secret: string) =>
      meta.get(
        `/v26.0/oauth/access_token?grant_type=fb_exchange_token&client_id=1&client_secret=${secret}&fb_exchange_token=EAAOld`,
        { Authorization: 'Bearer EAAOld' },
      );
    expect((await renew('wrong')).status).toBe(400);
    const { json } = await renew(SECRET);
    expect(json).toMatchObject({ token_type: 'bearer', expires_in: 5_184_000 });
    const inspected = await meta.get(`/v26.0/debug_token?input_token=${String(json['access_token'])}`, {
      Authorization: `Bearer 1|${SECRET}`,
    });
    const day = 86_400;
    expect(Number(inspected.json['data']?.['expires_at']) - Date.parse('2026-11-22T18:07:00Z') / 1000).toBe(
      60 * day,
    );
  });
});
