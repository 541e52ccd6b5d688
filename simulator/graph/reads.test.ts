/** The wire format of single reads, against a server that really listens. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator, type Json, type TestSimulator } from '../test-simulator.ts';
import type { Fate } from '../world/account-traits.ts';

let meta: TestSimulator;
beforeAll(async () => {
  meta = await startSimulator();
});
afterAll(() => meta.close());

function idOf(fate: Fate): string {
  const { fleet } = meta.simulation;
  const index = Array.from({ length: fleet.size }, (_, at) => at).find(
    (at) => fleet.traits(at).fate === fate,
  );
  return `act_${fleet.traits(index ?? 0).accountId}`;
}

const rows = (json: Json): Json[] => Object.values(json['data'] ?? {});
const read = (path: string) => meta.get(`/v26.0/${path}`);
const insights = (id: string, query: string) => read(`${id}/insights?level=account&${query}`);
const FIELDS = 'fields=account_id,spend,impressions,clicks,cpc,ctr,outbound_clicks,cost_per_outbound_click';

describe('the account node', () => {
  it('answers only the asked fields, and the id', async () => {
    const { json, status } = await read(
      `${idOf('at_limit')}?fields=account_status,amount_spent,business{id,name}`,
    );
    expect(status).toBe(200);
    expect(Object.keys(json).sort()).toEqual(['account_status', 'amount_spent', 'business', 'id']);
    expect(json['account_status']).toBe(1);
    expect(json['amount_spent']).toMatch(/^\d+$/);
    expect(json['business']).toEqual({
      id: expect.stringMatching(/^\d{15}$/),
      name: expect.stringContaining('Agency'),
    });
    expect((await read(idOf('at_limit'))).json).toEqual({ id: idOf('at_limit') });
  });

  it('writes money as texts of integers and limits as numbers', async () => {
    const { json } = await read(
      `${idOf('at_limit')}?fields=spend_cap,balance,disable_reason,timezone_offset_hours_utc,created_time,age`,
    );
    expect(json['spend_cap']).toMatch(/^\d+$/);
    expect(json['balance']).toMatch(/^\d+$/);
    expect(json['disable_reason']).toBe(0);
    expect(json['created_time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}$/);
    expect(typeof json['age']).toBe('number');
  });

  it('answers the daily limit as number, -1, absence and rejection', async () => {
    expect((await read(`${idOf('at_limit')}?fields=adtrust_dsl`)).json['adtrust_dsl']).toBeGreaterThan(0);
    expect((await read(`${idOf('unlimited')}?fields=adtrust_dsl`)).json['adtrust_dsl']).toBe(-1);
    expect((await read(`${idOf('limit_absent')}?fields=adtrust_dsl`)).json).toEqual({
      id: idOf('limit_absent'),
    });
    const rejected = await read(`${idOf('limit_rejected')}?fields=account_status,adtrust_dsl`);
    expect(rejected.status).toBe(400);
    expect(rejected.json['error']).toMatchObject({
      code: 100,
      message: "(#100) Tried accessing nonexisting field (adtrust_dsl) on node type 'AdAccount'",
    });
    expect((await read(`${idOf('limit_rejected')}?fields=account_status`)).status).toBe(200);
  });

  it('expands insights by alias and leaves the key out when nothing was delivered', async () => {
    const expanded =
      'insights.date_preset(today).as(p_today){spend,clicks},insights.date_preset(yesterday).as(p_yday){spend}';
    const busy = await read(`${idOf('at_limit')}?fields=${encodeURIComponent(expanded)}`);
    const edge = await insights(idOf('at_limit'), 'date_preset=today&fields=spend,clicks');
    expect(busy.json['p_today']?.['data']).toEqual(edge.json['data']);
    expect(rows(busy.json['p_yday'] ?? {})).toHaveLength(1);
    const closed = await read(`${idOf('closed')}?fields=name,${encodeURIComponent(expanded)}`);
    expect(Object.keys(closed.json)).toEqual(['name', 'id']);
  });
});

describe('insights', () => {
  it('answers texts, outbound clicks as arrays, and the day of the account', async () => {
    const { json } = await insights(idOf('at_limit'), `date_preset=today&${FIELDS}`);
    const [row] = rows(json);
    expect(row?.['account_id']).toBe(idOf('at_limit').slice(4));
    expect(Number(row?.['cpc'])).toBeCloseTo(Number(row?.['spend']) / Number(row?.['clicks']), 5);
    expect(row?.['outbound_clicks']).toEqual([
      { action_type: 'outbound_click', value: expect.stringMatching(/^\d+$/) },
    ]);
    for (const name of ['spend', 'clicks', 'impressions', 'cpc', 'ctr'])
      expect(typeof row?.[name]).toBe('string');
    expect(row?.['date_start']).toMatch(/^2026-11-2[123]$/);
  });

  it('answers an empty list when nothing was delivered', async () => {
    expect((await insights(idOf('closed'), 'date_preset=today&fields=spend')).json).toEqual({ data: [] });
  });

  it('adds the daily rows of a range up to its total', async () => {
    const id = idOf('at_limit');
    const range = `time_range=${encodeURIComponent('{"since":"2026-09-01","until":"2026-11-20"}')}`;
    const daily = rows((await insights(id, `${range}&time_increment=1&limit=200&fields=spend`)).json);
    const [total] = rows((await insights(id, `${range}&fields=spend`)).json);
    expect(daily.length).toBeGreaterThan(60);
    expect(new Set(daily.map((row) => row['date_start'])).size).toBe(daily.length);
    expect(daily.reduce((sum, row) => sum + Number(row['spend']), 0)).toBeCloseTo(
      Number(total?.['spend']),
      4,
    );
    expect(total).toMatchObject({ date_start: '2026-09-01', date_stop: '2026-11-20' });
  });

  it('shows 25 rows a page unless asked for more', async () => {
    const query = 'date_preset=last_90d&time_increment=1&fields=spend';
    const first = (await insights(idOf('at_limit'), query)).json;
    expect(rows(first)).toHaveLength(25);
    expect(first['paging']?.['next']).toBeTypeOf('string');
    const second = (
      await insights(idOf('at_limit'), `${query}&after=${first['paging']?.['cursors']?.['after']}`)
    ).json;
    expect(Date.parse(String(rows(second)[0]?.['date_start']))).toBeGreaterThan(
      Date.parse(String(rows(first)[24]?.['date_start'])),
    );
  });

  it('breaks a day down by hours', async () => {
    const hourly =
      'breakdowns=hourly_stats_aggregated_by_advertiser_time_zone&date_preset=yesterday&fields=spend';
    const hours = rows((await insights(idOf('at_limit'), hourly)).json);
    const [day] = rows((await insights(idOf('at_limit'), 'date_preset=yesterday&fields=spend')).json);
    expect(hours[3]?.['hourly_stats_aggregated_by_advertiser_time_zone']).toBe('03:00:00 - 03:59:59');
    expect(hours.reduce((sum, row) => sum + Number(row['spend']), 0)).toBeCloseTo(Number(day?.['spend']), 4);
  });

  it.each([
    ['date_preset=nonsense', 100],
    ['time_range={"since":"2026-11-05","until":"2026-11-01"}', 100],
    ['time_range={"since":"2020-01-01","until":"2026-11-01"}', 3018],
    ['fields=nonsense', 100],
    ['fields=spend{', 2500],
  ])('refuses %s with code %i', async (query, code) => {
    const { status, json } = await insights(idOf('at_limit'), query);
    expect(status).toBe(400);
    expect(json['error']).toMatchObject({ code });
  });
});

describe('the ads edge', () => {
  const count = async (query: string): Promise<unknown> =>
    (await read(`${idOf('at_limit')}/ads?limit=0&summary=total_count${query}`)).json['summary']?.[
      'total_count'
    ];

  it('counts without listing, by effective status', async () => {
    const total = await count('');
    const parts = [
      'ACTIVE',
      'PAUSED',
      'CAMPAIGN_PAUSED',
      'ADSET_PAUSED',
      'PENDING_REVIEW',
      'DISAPPROVED',
      'WITH_ISSUES',
    ];
    const counts = await Promise.all(
      parts.map((part) => count(`&effective_status=${encodeURIComponent(`["${part}"]`)}`)),
    );
    expect(counts.reduce<number>((sum, part) => sum + Number(part), 0)).toBe(total);
    expect(counts[0]).toBeGreaterThan(0);
    expect(await count('&effective_status=%5B%22DELETED%22%5D')).toBe(0);
    expect((await read(`${idOf('at_limit')}/ads?limit=0`)).json).toEqual({ data: [] });
  });

  it('counts them inside a node too', async () => {
    const counted = encodeURIComponent('ads.limit(0).summary(total_count)');
    const { json } = await read(`${idOf('at_limit')}?fields=${counted}`);
    expect(json['ads']).toEqual({ data: [], summary: { total_count: await count('') } });
  });

  it('lists ads with their statuses', async () => {
    const { json } = await read(`${idOf('at_limit')}/ads?fields=id,name,effective_status&limit=3`);
    expect(rows(json)).toHaveLength(3);
    expect(rows(json)[0]).toEqual({
      id: expect.stringMatching(/^\d+$/),
      name: 'Ad 1',
      effective_status: expect.any(String),
    });
  });
});

describe('errors', () => {
  it.each([
    ['/v21.0/me', 400, 2635],
    ['/v24.0/me', 400, 2635],
    ['/v99.0/me', 400, 2635],
    ['/me', 400, 2635],
    ['/v26.0/?ids=act_1,act_2', 500, 100],
    ['/v25.0/?ids=act_1', 500, 100],
    ['/v26.0/act_99?fields=name', 400, 100],
    ['/v26.0/no_such_thing', 400, 100],
    ['/v26.0/me/adaccounts?limit=5000', 500, 1],
    ['/v26.0/me/adaccounts?fields=nonsense', 400, 100],
  ])('%s answers %i with code %i', async (path, status, code) => {
    const answer = await meta.get(path);
    expect(answer.status).toBe(status);
    expect(answer.json['error']).toMatchObject({
      code,
      message: expect.any(String),
      type: expect.any(String),
      fbtrace_id: expect.any(String),
    });
  });

  it('names the subcode of an unknown account', async () => {
    expect((await read('act_99?fields=name')).json['error']).toMatchObject({
      error_subcode: 33,
      type: 'GraphMethodException',
    });
  });

  it('warns on an ending version and not on the current one', async () => {
    expect((await meta.get('/v25.0/me')).headers.get('x-ad-api-version-warning')).toContain('v26.0');
    expect((await meta.get('/v26.0/me')).headers.get('x-ad-api-version-warning')).toBeNull();
  });

  it('asks for a token, in the header, the query or the form', async () => {
    expect((await meta.get('/v26.0/me', {})).json['error']).toMatchObject({ code: 190 });
    expect((await meta.get('/v26.0/me?access_token=EAA', {})).status).toBe(200);
    expect((await meta.get('/v26.0/me')).json).toEqual({ id: expect.any(String), name: expect.any(String) });
  });
});

describe('the activity log', () => {
  it('tells when and how an account was suspended, newest first', async () => {
    const { json } = await read(`${idOf('fragile')}/activities?since=2026-10-20&limit=100&category=ACCOUNT`);
    const updates = rows(json).filter((row) => String(row['event_type']) === 'ad_account_update_status');
    const extras = updates.map((row) => JSON.parse(String(row['extra_data'])) as { new_value: number });
    expect(extras.map((extra) => extra.new_value)).toEqual(expect.arrayContaining([1, 2]));
    const times = rows(json).map((row) => Date.parse(String(row['event_time'])));
    expect(times).toEqual([...times].sort((one, other) => other - one));
  });

  it('keeps to since, until and the asked fields', async () => {
    const { json } = await read(
      `${idOf('fragile')}/activities?since=1793000000&until=1793000001&fields=event_type`,
    );
    expect(json).toEqual({ data: [] });
    const all = await read(`${idOf('fragile')}/activities?since=2026-10-20&fields=event_type`);
    for (const row of rows(all.json)) expect(Object.keys(row)).toEqual(['event_type']);
  });
});
