/** What the log and the totals say of tokens, accounts and minutes. */
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator, type TestSimulator } from './test-simulator.ts';

let meta: TestSimulator;
beforeEach(async () => {
  meta = await startSimulator();
});
afterEach(() => meta.close());

const mark = (token: string): string => createHash('sha256').update(token).digest('hex').slice(0, 12);

describe('the totals', () => {
  it('count calls by token, account, bucket and simulated minute', async () => {
    const [one, other] = [0, 1].map((index) => meta.simulation.fleet.traits(index).accountId);
    await meta.batch([
      `v26.0/act_${one}/insights?fields=spend`,
      `v26.0/act_${one}/insights?fields=spend`,
      `v26.0/act_${one}?fields=name,insights.date_preset(today){spend}`,
      `v26.0/act_${other}/ads?limit=0`,
      'v26.0/act_99?fields=name',
    ]);
    await meta.control('POST', '/clock', { now: '2026-11-22T18:09:30Z' });
    await meta.get(`/v26.0/act_${other}?fields=name`, { Authorization: 'Bearer sim-1-of-2' });
    const { json, text } = await meta.control('GET', '/stats');
    expect(json['by_token']).toEqual({
      [mark('EAATest')]: { requests: 1, calls: 5 },
      [mark('sim-1-of-2')]: { requests: 1, calls: 1 },
    });
    expect(json['by_account']).toEqual({
      [String(one)]: { ads_insights: 3, ads_management: 1 },
      [String(other)]: { ads_insights: 0, ads_management: 2 },
    });
    expect(json['by_minute']).toEqual({ '2026-11-22T18:07:00.000Z': 5, '2026-11-22T18:09:00.000Z': 1 });
    expect(text).not.toMatch(/EAATest|sim-1-of-2/);
  });

  it('start anew on request, while the requests keep their numbers', async () => {
    await meta.get('/v26.0/me');
    await meta.get(`/v26.0/act_${meta.simulation.fleet.traits(0).accountId}?fields=name`);
    const { json: emptied } = await meta.control('POST', '/stats/reset');
    expect(emptied['by_account']).toEqual({});
    expect(emptied).toMatchObject({ requests: 0, calls: 0, by_token: {}, by_minute: {} });
    await meta.get('/v26.0/me');
    expect((await meta.control('GET', '/stats')).json).toMatchObject({ requests: 1, calls: 1 });
    const { json } = await meta.control('GET', '/requests?since=2');
    expect(json['last']).toBe(3);
    expect(json['requests']?.[0]).toMatchObject({ number: 3, token: mark('EAATest'), fault: null });
  });
});
