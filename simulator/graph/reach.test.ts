/** Several tokens: what each reaches, what is granted to one and taken from another. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator, type BatchItemAnswer, type Json, type TestSimulator } from '../test-simulator.ts';

let meta: TestSimulator;
beforeEach(async () => {
  meta = await startSimulator();
});
afterEach(() => meta.close());

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const idAt = (index: number): string => meta.simulation.fleet.traits(index).accountId;

async function listed(token: string, edge = 'me/adaccounts'): Promise<string[]> {
  const { json } = await meta.get(`/v26.0/${edge}?fields=account_id&limit=100`, bearer(token));
  return Object.values(json['data'] ?? {}).map((row: Json) => String(row['account_id']));
}

async function codeOf(token: string, id: string, edge = ''): Promise<unknown> {
  const { json } = await meta.get(`/v26.0/act_${id}${edge}?fields=account_id`, bearer(token));
  return json['error']?.['code'] ?? 'read';
}

async function begin(body: object): Promise<void> {
  expect((await meta.control('POST', '/scenarios', body)).status).toBe(200);
}

describe('a token of a part', () => {
  it('lists and reads its own accounts, and all parts make up the fleet', async () => {
    const parts = await Promise.all([1, 2, 3].map((which) => listed(`sim-${which}-of-3`)));
    expect(parts.map((ids) => ids.length)).toEqual([10, 10, 10]);
    expect(parts[1]).toContain(idAt(1));
    expect(parts.flat().sort()).toEqual((await listed('simulation')).sort());
    expect(await codeOf('sim-2-of-3', idAt(4))).toBe('read');
    const refused = await meta.get(`/v26.0/act_${idAt(5)}?fields=name`, bearer('sim-2-of-3'));
    expect(refused.json['error']).toMatchObject({ code: 100, error_subcode: 33 });
    expect(await codeOf('sim-2-of-3', idAt(5), '/insights')).toBe(100);
  });

  it('shares it with a token of another ending, and reaches nothing outside 1..n', async () => {
    expect(await listed('sim-1-of-2-spare')).toEqual(await listed('sim-1-of-2'));
    expect(await listed('sim-3-of-2')).toEqual([]);
    expect(await listed('sim-1-of-0')).toHaveLength(30);
    expect(await listed('sim-1-of-2spare')).toHaveLength(30);
  });

  it('sees only its part of a Business Manager, and which Business Managers there are', async () => {
    const { json } = await meta.control('GET', '');
    const operator = String(json['operator_business_id']);
    expect(await listed('sim-1-of-3', `${operator}/client_ad_accounts`)).toEqual(await listed('sim-1-of-3'));
    const businesses = await meta.get('/v26.0/me/businesses?fields=id,name&limit=100', bearer('sim-1-of-3'));
    const found = Object.values(businesses.json['data'] ?? {});
    expect(found[0]).toEqual({ id: operator, name: 'Media Buying Team' });
    const owned = await Promise.all(
      found.map((one) => listed('sim-1-of-3', `${String(one['id'])}/owned_ad_accounts`)),
    );
    expect(owned.flat().sort()).toEqual((await listed('sim-1-of-3')).sort());
    expect(owned.slice(1).every((ids) => ids.length > 0)).toBe(true);
  });

  it('fails item by item in a batch under another token', async () => {
    const urls = [0, 1].map((index) => `v26.0/act_${idAt(index)}?fields=name`);
    const { text } = await meta.batch(urls, { access_token: 'sim-1-of-2' });
    expect((JSON.parse(text) as BatchItemAnswer[]).map(({ code }) => code)).toEqual([200, 400]);
  });

  it('is inspected like any other, and keeps its part when it is renewed', async () => {
    const inspected = await meta.get('/v26.0/debug_token?input_token=sim-1-of-2', bearer('1|secret'));
    expect(inspected.json['data']).toMatchObject({
      is_valid: true,
      scopes: ['ads_read', 'business_management'],
    });
    const { json } = await meta.get(
      '/v26.0/oauth/access_token?grant_type=fb_exchange_token&client_id=1&client_secret=s&fb_exchange_token=sim-1-of-2',
      bearer('sim-1-of-2'),
    );
    const renewed = String(json['access_token']);
    expect(await listed(renewed)).toEqual(await listed('sim-1-of-2'));
    await meta.control('POST', '/clock', { now: '2027-02-01T00:00:00Z' });
    const expired = await meta.get('/v26.0/me', bearer(renewed));
    expect(expired.json['error']).toMatchObject({ code: 190, error_subcode: 463 });
  });
});

describe('access', () => {
  it('is lost for one token, while another still reads', async () => {
    await begin({ kind: 'access_lost', account_id: idAt(0), token: 'sim-1-of-2' });
    expect(await codeOf('sim-1-of-2', idAt(0))).toBe(100);
    expect(await listed('sim-1-of-2')).not.toContain(idAt(0));
    expect(await codeOf('sim-1-of-2-spare', idAt(0))).toBe('read');
    expect(await listed('simulation')).toContain(idAt(0));
  });

  it('is granted beyond the part, and the newest ruling counts', async () => {
    await begin({ kind: 'grant', account_id: idAt(1), token: 'sim-1-of-2' });
    expect(await codeOf('sim-1-of-2', idAt(1))).toBe('read');
    expect(await listed('sim-1-of-2')).toHaveLength(16);
    expect(await codeOf('sim-1-of-2-spare', idAt(1))).toBe(100);
    await begin({ kind: 'access_lost', account_id: idAt(1), code: 200 });
    expect(await codeOf('sim-1-of-2', idAt(1))).toBe(200);
    expect(await listed('sim-1-of-2')).not.toContain(idAt(1));
    await begin({ kind: 'grant', account_id: idAt(1), token: 'sim-1-of-2' });
    expect(await codeOf('sim-1-of-2', idAt(1))).toBe('read');
    expect(await codeOf('simulation', idAt(1))).toBe(200);
    expect(await listed('sim-1-of-2')).toContain(idAt(1));
    expect(await listed('simulation')).not.toContain(idAt(1));
    await begin({ kind: 'back_to_normal' });
    expect(await listed('sim-1-of-2')).toHaveLength(15);
  });

  it('is taken from an account that the token reaches when none is named', async () => {
    for (const which of [1, 2, 3]) {
      const body = { kind: 'access_lost', token: `sim-${which}-of-3` };
      const { json } = await meta.control('POST', '/scenarios', body);
      const [lost] = Object.values(json['account_ids'] ?? {}).map(String);
      expect((meta.simulation.fleet.indexOf(lost ?? '') ?? 0) % 3).toBe(which - 1);
    }
    expect(JSON.stringify(meta.simulation.book.entries())).not.toContain('-of-3');
    expect((await meta.control('POST', '/scenarios', { kind: 'grant' })).status).toBe(400);
  });
});
