/** Every scenario, seen from outside through the API it disturbs, and the way back. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator, type Json, type TestSimulator } from '../test-simulator.ts';

let meta: TestSimulator;
beforeEach(async () => {
  meta = await startSimulator();
});
afterEach(() => meta.close());

const rows = (json: Json): Json[] => Object.values(json['data'] ?? {});

async function begin(body: object): Promise<string[]> {
  const { status, json } = await meta.control('POST', '/scenarios', body);
  expect(status).toBe(200);
  expect(json['at']).toBe(new Date(meta.simulation.clock.now()).toISOString());
  return Object.values(json['account_ids'] ?? {}).map(String);
}

async function statuses(): Promise<Record<string, unknown>> {
  const { json } = await meta.get('/v26.0/me/adaccounts?fields=account_id,account_status&limit=100');
  return Object.fromEntries(rows(json).map((row) => [String(row['account_id']), row['account_status']]));
}

const account = async (id: string, fields: string): Promise<Json> =>
  (await meta.get(`/v26.0/act_${id}?fields=${fields}`)).json;
const errorOf = async (path: string): Promise<Json | undefined> =>
  (await meta.get(`/v26.0/${path}`)).json['error'];
const moveTo = (now: string) => meta.control('POST', '/clock', { now });

describe('bans', () => {
  it('suspend one spending account, log it, stop its spend, and give it back', async () => {
    const before = await statuses();
    const [id = '', ...others] = await begin({ kind: 'suspend_one' });
    expect(others).toEqual([]);
    expect(before[id]).toBe(1);
    expect(await account(id, 'account_status,disable_reason')).toMatchObject({
      account_status: 2,
      disable_reason: 1,
    });
    const { json } = await meta.get(`/v26.0/act_${id}/activities?fields=event_type,event_time,extra_data`);
    expect(rows(json)[0]).toMatchObject({
      event_type: 'ad_account_update_status',
      event_time: '2026-11-22T18:07:00+0000',
    });
    expect(JSON.parse(String(rows(json)[0]?.['extra_data']))).toMatchObject({ old_value: 1, new_value: 2 });
    await moveTo('2026-11-22T18:15:00Z');
    const atBan = (await account(id, 'amount_spent'))['amount_spent'];
    await moveTo('2026-11-22T20:00:00Z');
    expect((await account(id, 'amount_spent'))['amount_spent']).toBe(atBan);
    expect(await begin({ kind: 'back_to_normal' })).toEqual([id]);
    expect((await account(id, 'account_status'))['account_status']).toBe(1);
    await moveTo('2026-11-22T21:00:00Z');
    expect(Number((await account(id, 'amount_spent'))['amount_spent'])).toBeGreaterThan(Number(atBan));
  });

  it('take twelve at once, all others stay', async () => {
    const before = await statuses();
    const ids = await begin({ kind: 'ban_wave' });
    expect(new Set(ids).size).toBe(12);
    const after = await statuses();
    for (const [id, status] of Object.entries(after)) expect(status).toBe(ids.includes(id) ? 2 : before[id]);
    await begin({ kind: 'back_to_normal' });
    expect(await statuses()).toEqual(before);
  });

  it('take the named account with the named reason, and choose the next one otherwise', async () => {
    const [first = ''] = await begin({ kind: 'suspend_one' });
    const [second = ''] = await begin({ kind: 'suspend_one' });
    expect(second).not.toBe(first);
    expect(await begin({ kind: 'suspend_one', account_id: `act_${first}`, disable_reason: 3 })).toEqual([
      first,
    ]);
    expect(await account(first, 'disable_reason')).toMatchObject({ disable_reason: 3 });
  });

  it('close an account in two steps and set any status', async () => {
    const [closing = ''] = await begin({ kind: 'close_account', close_after_ms: 60_000 });
    const [other = ''] = await begin({ kind: 'suspend_one' });
    await begin({ kind: 'set_status', account_id: other, account_status: 42 });
    expect([(await statuses())[closing], (await statuses())[other]]).toEqual([100, 42]);
    await moveTo('2026-11-22T18:09:00Z');
    expect((await statuses())[closing]).toBe(101);
  });
});

describe('limits', () => {
  it('are cut, with the cap, and come back', async () => {
    const { fleet } = meta.simulation;
    const capped = Array.from({ length: 30 }, (_, index) => fleet.traits(index)).find(
      (traits) => traits.fate === 'plain' && traits.topUpMinor > 0,
    );
    const id = capped?.accountId ?? '';
    const before = await account(id, 'adtrust_dsl,spend_cap');
    await begin({ kind: 'cut_limit', account_id: id, factor: 0.5 });
    const after = await account(id, 'adtrust_dsl,spend_cap');
    expect(after['adtrust_dsl']).toBe(Math.floor(Number(before['adtrust_dsl']) / 2));
    expect(after['spend_cap']).toBe(String(Math.floor(Number(before['spend_cap']) / 2)));
    await begin({ kind: 'back_to_normal' });
    expect(await account(id, 'adtrust_dsl,spend_cap')).toEqual(before);
  });

  it('become unreadable by rejection or absence', async () => {
    const [rejected = ''] = await begin({ kind: 'limit_unreadable' });
    expect(await errorOf(`act_${rejected}?fields=adtrust_dsl`)).toMatchObject({
      code: 100,
      message: expect.stringContaining('(adtrust_dsl)'),
    });
    const [absent = ''] = await begin({ kind: 'limit_unreadable', answer: 'absent' });
    expect(await account(absent, 'adtrust_dsl')).toEqual({ id: `act_${absent}` });
    expect(await begin({ kind: 'limit_unreadable', account_ids: 'all' })).toHaveLength(30);
  });

  it('have their counter reset', async () => {
    const [id = ''] = await begin({ kind: 'reset_amount_spent' });
    expect((await account(id, 'amount_spent'))['amount_spent']).toBe('0');
    await moveTo('2026-11-22T20:00:00Z');
    expect(Number((await account(id, 'amount_spent'))['amount_spent'])).toBeGreaterThan(0);
  });
});

describe('failures', () => {
  it('throttle one account in both buckets, with the minutes until it ends', async () => {
    const [id = ''] = await begin({ kind: 'throttling', regain_minutes: 7 });
    expect(await errorOf(`act_${id}?fields=name`)).toMatchObject({ code: 80004, error_subcode: 2446079 });
    const blocked = await meta.get(`/v26.0/act_${id}/insights?fields=spend`);
    expect(blocked.json['error']).toMatchObject({ code: 80000 });
    expect(blocked.headers.get('x-business-use-case-usage')).toContain('"estimated_time_to_regain_access":7');
    const other = Object.keys(await statuses()).find((one) => one !== id);
    expect((await meta.get(`/v26.0/act_${other}?fields=name`)).status).toBe(200);
    await begin({ kind: 'throttling', account_id: id, code: 17 });
    expect(await errorOf(`act_${id}?fields=name`)).toMatchObject({ code: 17 });
  });

  it('throttle the app, or only its insights', async () => {
    const [id = ''] = Object.keys(await statuses());
    await begin({ kind: 'throttling', scope: 'app', subcode: 1504022 });
    expect(await errorOf(`act_${id}/insights?fields=spend`)).toMatchObject({
      code: 4,
      error_subcode: 1504022,
    });
    expect(await errorOf(`act_${id}?fields=name`)).toBeUndefined();
    await begin({ kind: 'throttling', scope: 'app' });
    const refused = await meta.batch(['v26.0/me']);
    expect(refused.status).toBe(403);
    expect(refused.json['error']).toMatchObject({ code: 4 });
    expect(refused.headers.get('x-app-usage')).toContain('103');
  });

  it('go down in three ways, for a share of the calls, or by leaving items out', async () => {
    await begin({ kind: 'outage' });
    const answers = await Promise.all(Array.from({ length: 6 }, () => meta.get('/v26.0/me')));
    expect(answers.map(({ status }) => status).sort()).toEqual([500, 500, 502, 502, 503, 503]);
    expect(answers.find(({ status }) => status === 500)?.json['error']).toMatchObject({ code: 2 });
    expect(answers.find(({ status }) => status === 502)?.text).toContain('<html>');
    await begin({ kind: 'outage', rate: 0.3 });
    const some = await Promise.all(Array.from({ length: 60 }, () => meta.get('/v26.0/me')));
    const failed = some.filter(({ status }) => status !== 200).length;
    expect(failed).toBeGreaterThan(8);
    expect(failed).toBeLessThan(30);
    await begin({ kind: 'outage', mode: 'null_items' });
    expect(JSON.parse((await meta.batch(['v26.0/me', 'v26.0/me', 'v26.0/me'])).text)).toEqual([
      expect.anything(),
      null,
      expect.anything(),
    ]);
    await begin({ kind: 'outage', mode: 'truncated' });
    const cut = await meta.get('/v26.0/me');
    expect(cut.status).toBe(200);
    expect(() => JSON.parse(cut.text) as unknown).toThrow();
  });

  it('hang until the caller gives up', async () => {
    await begin({ kind: 'outage', mode: 'hang' });
    await expect(fetch(`${meta.url}/v26.0/me`, { signal: AbortSignal.timeout(80) })).rejects.toThrow(
      /timeout/i,
    );
  });

  it('kill every token or one, and say so when asked', async () => {
    await begin({ kind: 'dead_token', token: 'EAAOther' });
    expect((await meta.get('/v26.0/me')).status).toBe(200);
    expect((await meta.get('/v26.0/me', { Authorization: 'Bearer EAAOther' })).json['error']).toMatchObject({
      code: 190,
      error_subcode: 460,
    });
    const inspected = await meta.get('/v26.0/debug_token?input_token=EAAOther');
    expect(inspected.json['data']).toMatchObject({ is_valid: false, error: { code: 190, subcode: 460 } });
    expect((await meta.get('/v26.0/debug_token?input_token=EAATest')).json['data']).toMatchObject({
      is_valid: true,
      expires_at: 0,
    });
    await begin({ kind: 'dead_token', subcode: 463 });
    expect((await meta.batch(['v26.0/me'])).json['error']).toMatchObject({ code: 190, error_subcode: 463 });
    await begin({ kind: 'back_to_normal' });
    expect((await meta.batch(['v26.0/me'])).status).toBe(200);
  });

  it('take an account out of the lists and refuse to read it', async () => {
    const [hidden = ''] = await begin({ kind: 'access_lost' });
    const [refused = ''] = await begin({ kind: 'access_lost', code: 200 });
    expect(Object.keys(await statuses())).toHaveLength(28);
    expect(await errorOf(`act_${hidden}?fields=name`)).toMatchObject({ code: 100, error_subcode: 33 });
    expect(await errorOf(`act_${refused}/insights?fields=spend`)).toMatchObject({ code: 200 });
    await begin({ kind: 'back_to_normal' });
    expect(Object.keys(await statuses())).toHaveLength(30);
  });

  it('slow every answer down', async () => {
    await begin({ kind: 'delay', ms: 120 });
    const start = performance.now();
    await meta.get('/v26.0/me');
    expect(performance.now() - start).toBeGreaterThan(110);
  });
});

describe('the control API', () => {
  it('describes the world and what goes on in it', async () => {
    await begin({ kind: 'suspend_one' });
    await begin({ kind: 'outage' });
    const { json } = await meta.control('GET', '');
    expect(json).toMatchObject({ speed: 1, now: '2026-11-22T18:07:00.000Z', seed: 7, accounts: 30 });
    expect(Object.values(json['vendors'] ?? {}).map((vendor) => vendor['name'])).toEqual([
      'Agency Alpha',
      'Agency Beta',
      'Agency Gamma',
      'Agency Delta',
    ]);
    expect(Object.values(json['scenarios'] ?? {}).map((entry) => entry['kind'])).toEqual([
      'outage',
      'suspend_one',
    ]);
    await begin({ kind: 'back_to_normal' });
    expect((await meta.control('GET', '')).json['scenarios']).toEqual([]);
  });

  it.each([
    [{ kind: 'nonsense' }],
    [{}],
    [{ kind: 'suspend_one', account_id: '99' }],
    [{ kind: 'set_status', account_status: 2 }],
    [{ kind: 'cut_limit', factor: 'half' }],
    [{ kind: 'outage', mode: 'nonsense' }],
    [{ kind: 'delay' }],
  ])('refuses %j and changes nothing', async (body) => {
    const { status, json } = await meta.control('POST', '/scenarios', body);
    expect(status).toBe(400);
    expect(json['error']).toBeTypeOf('string');
    expect((await meta.control('GET', '')).json['scenarios']).toEqual([]);
  });

  it('moves the clock and lets it run again', async () => {
    expect((await moveTo('2026-11-25T00:00:00Z')).json).toMatchObject({
      now: '2026-11-25T00:00:00.000Z',
      is_frozen: true,
    });
    const { json } = await meta.control('POST', '/clock', { now: null });
    expect(json['is_frozen']).toBe(false);
    expect((await meta.control('POST', '/clock', { now: 'nonsense' })).status).toBe(400);
  });
});

describe('the state file', () => {
  it('carries scenarios, their past and the clock over a restart, and no token', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
    const file = join(folder, 'state.json');
    await meta.close();
    meta = await startSimulator('--state', file);
    await moveTo('2026-11-22T12:00:00Z');
    const [ended = ''] = await begin({ kind: 'suspend_one' });
    await moveTo('2026-11-22T16:00:00Z');
    await begin({ kind: 'back_to_normal' });
    const [banned = ''] = await begin({ kind: 'suspend_one' });
    await begin({ kind: 'dead_token', token: 'EAASecret' });
    const look = async () => [
      await account(ended, 'account_status,amount_spent'),
      await account(banned, 'account_status'),
      (await meta.control('GET', '')).json,
    ];
    const before = await look();
    expect(before[1]).toMatchObject({ account_status: 2 });
    await meta.close();
    meta = await startSimulator('--state', file);
    expect(await look()).toEqual(before);
    expect((await meta.get('/v26.0/me', { Authorization: 'Bearer EAASecret' })).status).toBe(401);
    expect(readFileSync(file, 'utf8')).not.toContain('EAASecret');
    rmSync(folder, { recursive: true });
  });
});
