import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../../../tests/database.ts';
import { apiError } from '../../../../contract/api-error.ts';
import { webhookAnswer } from '../../../../contract/meta-webhook.ts';
import type { Log } from '../../../../ports/log.ts';
import { parseConfig } from '../../../../server/config.ts';
import { buildHouse, moveIn } from '../../../../server/house.ts';
import { addAccount } from '../../../../services/accounts/fleet.fixture.ts';
import { GET, POST } from './route.ts';

const later = vi.hoisted(() => ({ work: [] as (() => Promise<unknown>)[] }));
vi.mock('server-only', () => ({}));
vi.mock('next/server', () => ({ after: (work: () => Promise<unknown>) => later.work.push(work) }));

const secret = '0123456789abcdef0123456789abcdef';
const verifyToken = 'a long random text';
/** Meta's test vector. */
const vector =
  '{"object":"ad_account","entry":[{"id":"1122334455","time":1795200000,"changes":[{"field":"field_changed","value":{"object_id":"9988776655","object_type":"ad","changed_fields":["effective_status"]}}]}]}';
const vectorSignature = 'sha256=2f8f51d7fb232a830918eb2b62b5015ec9399c18997fc0b9ad90958174576dc4';
const statusVector =
  '{ "object": "application", "entry": [ { "id": "<APP_ID>", "time": 1795200000, "changes": [ { "field": "ad_account", "value": { "id": "1122334455", "account_status": 2, "disable_reason": 1, "business": "700100200300400" } } ] } ] }';

let store: TestDatabase;
const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };
const readNow = vi.fn(async () => {});
const sign = (body: string | Uint8Array) =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

function settle(env: Record<string, string>): void {
  moveIn({ ...buildHouse(parseConfig(env, false), store.database, silent, null), readNow });
}

beforeAll(async () => {
  store = await testDatabase();
  await addAccount(store.database.sql, { id: 'act_1122334455' });
});
afterAll(() => store.drop());
beforeEach(async () => {
  settle({ META_APP_SECRET: secret, META_WEBHOOK_VERIFY_TOKEN: verifyToken });
  later.work = [];
  readNow.mockClear();
  await store.database.sql`truncate webhook_changes, hints`;
});

const context = { params: Promise.resolve({}) };
const address = 'http://localhost/api/webhooks/meta';

async function ask(query: Record<string, string>) {
  const response = await GET(new Request(`${address}?${new URLSearchParams(query)}`), context);
  expect(response.headers.get('cache-control')).toBe('no-store');
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

async function post(
  body: string | Uint8Array,
  signature: string | null,
  headers: Record<string, string> = {},
) {
  const signed: Record<string, string> = signature === null ? {} : { 'x-hub-signature-256': signature };
  const init = { method: 'POST', body: body as BodyInit, headers: { ...signed, ...headers } };
  const response = await POST(new Request(address, init), context);
  return { status: response.status, body: (await response.json()) as unknown };
}

const heardChanges = async () => (await store.database.sql`select from webhook_changes`).length;

describe('the question', () => {
  const right = { 'hub.mode': 'subscribe', 'hub.verify_token': verifyToken, 'hub.challenge': '1158201444' };

  it('is answered with the bare challenge', async () => {
    expect(await ask(right)).toEqual({ status: 200, type: 'text/plain; charset=utf-8', text: '1158201444' });
  });

  it.each([
    ['a wrong token', { 'hub.verify_token': `${verifyToken}x` }],
    ['an empty token', { 'hub.verify_token': '' }],
    ['another mode', { 'hub.mode': 'unsubscribe' }],
  ])('with %s gets 403', async (_, wrong) => {
    expect((await ask({ ...right, ...wrong })).status).toBe(403);
  });

  it.each(['hub.mode', 'hub.verify_token', 'hub.challenge'])('without %s gets 403', async (name) => {
    const rest = Object.fromEntries(Object.entries(right).filter(([key]) => key !== name));
    const { status, text } = await ask(rest);
    expect([status, apiError.parse(JSON.parse(text)).error.code]).toEqual([403, 'forbidden']);
  });

  it.each(['', 'null', 'undefined', verifyToken])(
    'gets 403 where nothing is set, with "%s"',
    async (token) => {
      settle({ META_APP_SECRET: secret });
      expect((await ask({ ...right, 'hub.verify_token': token })).status).toBe(403);
    },
  );
});

describe('a notification', () => {
  it("of Meta's test vector is heard once, and read after the answer", async () => {
    const first = await post(vector, vectorSignature);
    expect([first.status, webhookAnswer.parse(first.body)]).toEqual([200, { heard: 1 }]);
    expect(readNow).not.toHaveBeenCalled();
    expect(later.work).toHaveLength(1);
    await later.work[0]?.();
    expect(readNow).toHaveBeenCalledExactlyOnceWith(['act_1122334455']);
    for (let repeat = 0; repeat < 3; repeat++) {
      expect(await post(vector, vectorSignature)).toEqual({ status: 200, body: { heard: 0 } });
    }
    expect(later.work).toHaveLength(1);
  });

  it('of a status is heard, and the status it claims is not believed', async () => {
    expect(await post(statusVector, sign(statusVector))).toEqual({ status: 200, body: { heard: 1 } });
    const [row] = await store.database.sql<{ code: number }>`select status_code as code from latest`;
    expect(row?.code).toBe(1);
  });

  it.each([
    ['no signature', vector, null],
    ['an empty one', vector, ''],
    ['one digit wrong', vector, vectorSignature.replace(/4$/, '5')],
    ['the signature of another body', vector, sign(statusVector)],
    ['a body that was written anew', JSON.stringify(JSON.parse(vector), null, 1), vectorSignature],
    [
      'the signature under another secret',
      vector,
      `sha256=${createHmac('sha256', 'x').update(vector).digest('hex')}`,
    ],
    ['an old SHA-1 signature', vector, `sha1=${createHmac('sha1', secret).update(vector).digest('hex')}`],
  ])('with %s gets 401 and leaves nothing behind', async (_, body, signature) => {
    const { status, body: answer } = await post(body, signature);
    expect([status, apiError.parse(answer).error.code]).toEqual([401, 'unauthorized']);
    expect([await heardChanges(), later.work.length]).toEqual([0, 0]);
  });

  it('is not parsed before its signature is right', async () => {
    expect((await post('{', vectorSignature)).status).toBe(401);
    expect((await post('{', sign('{'))).status).toBe(400);
    expect((await post('[]', sign('[]'))).status).toBe(400);
  });

  it('is checked by its bytes, whatever they are', async () => {
    const bytes = new Uint8Array([0xff, 0xfe, 0x00, 0x7b]);
    expect((await post(bytes, sign(bytes))).status).toBe(400);
    const { status } = await post(`\uFEFF${vector}`, sign(`\uFEFF${vector}`));
    expect(status).toBe(200);
  });

  it('above 1 MB gets 413, by its header or by its bytes', async () => {
    const large = 'x'.repeat(1024 * 1024 + 1);
    expect((await post(large, sign(large))).status).toBe(413);
    expect((await post(vector, vectorSignature, { 'content-length': '1048577' })).status).toBe(413);
    const most = large.slice(1);
    expect((await post(most, sign(most))).status).toBe(400);
  });

  it('of things that ArbHub has no use for is accepted', async () => {
    for (const body of [
      '{"object":"page","entry":[{"id":"1","time":1,"changes":[]}]}',
      '{"object":"ad_account","entry":[{"id":"0","time":1,"changes":[{"field":"ad_recommendations","value":{}}]}]}',
    ]) {
      expect(await post(body, sign(body))).toEqual({ status: 200, body: { heard: 0 } });
    }
    expect(later.work).toEqual([]);
  });

  it('gets 503 where no secret is set, signed or not', async () => {
    settle({ META_WEBHOOK_VERIFY_TOKEN: verifyToken });
    const unkeyed = `sha256=${createHmac('sha256', '').update(vector).digest('hex')}`;
    for (const signature of [null, vectorSignature, unkeyed]) {
      expect((await post(vector, signature)).status).toBe(503);
    }
    expect(await heardChanges()).toBe(0);
  });
});
