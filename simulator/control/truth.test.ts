/** The truth endpoint against what the Graph API tells: two ways to the same figures. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator, type Json, type TestSimulator } from '../test-simulator.ts';

let meta: TestSimulator;
beforeAll(async () => {
  meta = await startSimulator('--accounts', '60');
});
afterAll(() => meta.close());

const MINOR: Readonly<Record<string, number>> = { JPY: 1, KRW: 1, VND: 1, IDR: 1 };

async function truth(query = ''): Promise<Json[]> {
  const { status, json } = await meta.control('GET', `/truth${query}`);
  expect(status).toBe(200);
  return Object.values(json['accounts'] ?? {});
}

const read = async (path: string): Promise<Json> => (await meta.get(`/v26.0/${path}`)).json;

function dayOf(answer: Json, day: unknown, currency: string): object {
  const row = answer['data']?.[0];
  return {
    day: row?.['date_start'] ?? day,
    spend_minor: Math.round(Number(row?.['spend'] ?? 0) * (MINOR[currency] ?? 100)),
    impressions: Number(row?.['impressions'] ?? 0),
    clicks: Number(row?.['clicks'] ?? 0),
    link_clicks: Number(row?.['inline_link_clicks'] ?? 0),
    outbound_clicks: Number(row?.['outbound_clicks']?.[0]?.['value'] ?? 0),
  };
}

describe('the truth', () => {
  it('is what the Graph API tells of every account', async () => {
    const fields =
      'account_status,disable_reason,currency,timezone_name,amount_spent,spend_cap,balance,name,business{id}';
    const figures = 'fields=spend,impressions,clicks,inline_link_clicks,outbound_clicks&date_preset=';
    for (const account of await truth()) {
      const id = `act_${String(account['account_id'])}`;
      const currency = String(account['currency']);
      const node = await read(`${id}?fields=${fields}`);
      expect(account).toMatchObject({
        account_status: node['account_status'],
        disable_reason: node['disable_reason'],
        currency: node['currency'],
        timezone_name: node['timezone_name'],
        business_id: node['business']?.['id'],
        amount_spent_minor: Number(node['amount_spent']),
        balance_minor: Number(node['balance']),
        spend_cap_minor: Number(node['spend_cap']) || null,
      });
      for (const day of ['today', 'yesterday']) {
        const rows = await read(`${id}/insights?${figures}${day}`);
        expect(account[day]).toEqual(dayOf(rows, account[day]?.['day'], currency));
      }
      const { adtrust_dsl: limit } = await read(`${id}?fields=adtrust_dsl`);
      expect(account['daily_limit']?.['minor']).toBe(
        Number(limit) >= 0 ? Number(limit) * (MINOR[currency] ?? 100) : null,
      );
    }
  });

  it('counts the ads, the rejected ones too', async () => {
    let rejected = 0;
    for (const account of await truth()) {
      const count = async (query: string): Promise<unknown> => {
        const path = `act_${String(account['account_id'])}/ads?limit=0&summary=total_count${query}`;
        return (await read(path))['summary']?.['total_count'];
      };
      expect(account['ads']).toEqual({
        total: await count(''),
        active: await count('&effective_status=%5B%22ACTIVE%22%5D'),
        rejected: await count('&effective_status=%5B%22DISAPPROVED%22%5D'),
      });
      rejected += Number(account['ads']?.['rejected']);
    }
    expect(rejected).toBeGreaterThan(20);
  });

  it('can be asked for some accounts and for another instant, and the past stays', async () => {
    const { fleet } = meta.simulation;
    const ids = [fleet.traits(7).accountId, fleet.traits(3).accountId];
    const query = `?account_ids=${ids.join(',')}&at=2026-11-20T12:00:00Z`;
    const before = await truth(query);
    expect(before.map((account) => account['account_id'])).toEqual(ids);
    await meta.control('POST', '/scenarios', { kind: 'suspend_one', account_id: ids[0], disable_reason: 3 });
    expect(await truth(query)).toEqual(before);
    const [now] = await truth(`?account_ids=act_${ids[0]}`);
    expect(now).toMatchObject({ account_status: 2, disable_reason: 3 });
    await meta.control('POST', '/clock', { now: '2026-11-20T12:00:00Z' });
    expect(await truth(`?account_ids=${ids.join(',')}`)).toEqual(before);
    await meta.control('POST', '/clock', { now: '2026-11-22T18:07:00Z' });
  });

  it('refuses what it does not know', async () => {
    expect((await meta.control('GET', '/truth?at=nonsense')).status).toBe(400);
    expect((await meta.control('GET', '/truth?account_ids=1')).status).toBe(400);
  });
});
