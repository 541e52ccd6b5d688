/** Every way Meta slows a caller down, with what its headers say, and usage that rises without a refusal. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator, type TestSimulator } from '../test-simulator.ts';

let meta: TestSimulator;
let id: string;
beforeEach(async () => {
  meta = await startSimulator();
  id = meta.simulation.fleet.traits(0).accountId;
});
afterEach(() => meta.close());

async function begin(body: object): Promise<void> {
  expect((await meta.control('POST', '/scenarios', body)).status).toBe(200);
}

interface Told {
  readonly code: unknown;
  readonly subcode: unknown;
  /** Percent and minutes of a bucket, of whatever key. */
  readonly insights: readonly [number, number] | undefined;
  readonly management: readonly [number, number] | undefined;
  readonly score: number | undefined;
  readonly app: number | undefined;
  readonly appInsights: number | undefined;
}

async function read(path: string, token = 'EAATest'): Promise<Told> {
  const { json, headers } = await meta.get(`/v26.0/${path}`, { Authorization: `Bearer ${token}` });
  const parsed = <Shape>(name: string): Shape | undefined => {
    const text = headers.get(name);
    return text === null ? undefined : (JSON.parse(text) as Shape);
  };
  type Entry = { type: string; call_count: number; estimated_time_to_regain_access: number };
  const entries = Object.values(parsed<Record<string, Entry[]>>('x-business-use-case-usage') ?? {}).flat();
  const bucket = (type: string): readonly [number, number] | undefined => {
    const entry = entries.find((one) => one.type === type);
    return entry && [entry.call_count, entry.estimated_time_to_regain_access];
  };
  return {
    code: json['error']?.['code'],
    subcode: json['error']?.['error_subcode'],
    insights: bucket('ads_insights'),
    management: bucket('ads_management'),
    score: parsed<{ acc_id_util_pct: number }>('x-ad-account-usage')?.acc_id_util_pct,
    app: parsed<{ call_count: number }>('x-app-usage')?.call_count,
    appInsights: parsed<{ app_id_util_pct: number }>('x-fb-ads-insights-throttle')?.app_id_util_pct,
  };
}

const node = (token?: string): Promise<Told> => read(`act_${id}?fields=name`, token);
const insights = (token?: string): Promise<Told> => read(`act_${id}/insights?fields=spend`, token);

describe('throttling', () => {
  it('blocks the insights bucket alone with 80000', async () => {
    await begin({ kind: 'throttling', account_id: id, code: 80000, regain_minutes: 9 });
    expect(await insights()).toMatchObject({ code: 80000, subcode: 2446079, insights: [100, 9] });
    expect(await node()).toMatchObject({ code: undefined, management: [0, 0] });
  });

  it('blocks the management bucket alone with 80004', async () => {
    await begin({ kind: 'throttling', account_id: id, code: 80004, regain_minutes: 9 });
    const blocked = await node();
    expect(blocked).toMatchObject({ code: 80004, subcode: 2446079, management: [100, 9] });
    expect(blocked.insights).toEqual([0, 0]);
    expect((await insights()).code).toBeUndefined();
  });

  it.each([
    [17, 2446079],
    [613, 1487742],
  ])('blocks an account whole with %i', async (code, subcode) => {
    await begin({ kind: 'throttling', account_id: id, code, regain_minutes: 3 });
    for (const told of [await node(), await insights()])
      expect(told).toMatchObject({ code, subcode, management: [100, 3], score: 100 });
  });

  it('leaves the subcode out on request', async () => {
    await begin({ kind: 'throttling', account_id: id, code: 613, subcode: 0 });
    expect(await node()).toMatchObject({ code: 613, subcode: undefined });
  });

  it('blocks the insights of the app with 4 and 1504022, and tells for how long when asked to', async () => {
    await begin({ kind: 'throttling', scope: 'app', code: 4, subcode: 1504022, regain_minutes: 12 });
    expect(await insights()).toMatchObject({
      code: 4,
      subcode: 1504022,
      insights: [103, 12],
      appInsights: 103,
    });
    expect((await node()).code).toBeUndefined();
  });

  it('blocks the app with 4, or one token with 17', async () => {
    await begin({ kind: 'throttling', scope: 'app', code: 17, token: 'sim-1-of-1' });
    expect(await node('sim-1-of-1')).toMatchObject({ code: 17, subcode: undefined });
    expect((await node()).code).toBeUndefined();
    await begin({ kind: 'throttling', scope: 'app' });
    expect(await node()).toMatchObject({ code: 4, subcode: undefined, app: 103, management: undefined });
  });
});

describe('usage', () => {
  it('reads as told for an account, without a refusal', async () => {
    await begin({ kind: 'usage', account_id: id, percent: 76 });
    expect(await insights()).toMatchObject({ insights: [76, 0], management: [76, 0], score: 76 });
    await begin({ kind: 'usage', account_id: id, percent: 104, regain_minutes: 4 });
    expect(await node()).toMatchObject({ code: undefined, management: [104, 4], score: 104 });
    const other = await read(`act_${meta.simulation.fleet.traits(1).accountId}?fields=name`);
    expect(other.management).toEqual([0, 0]);
  });

  it('reads as told for one bucket', async () => {
    await begin({ kind: 'usage', account_id: id, percent: 91, bucket: 'ads_insights' });
    const told = await insights();
    expect(told).toMatchObject({ insights: [91, 0], management: [0, 0] });
    expect(told.score).toBeLessThan(5);
  });

  it('reads as told for the app and for its insights', async () => {
    await begin({ kind: 'usage', scope: 'app', percent: 80 });
    await begin({ kind: 'usage', scope: 'app_insights', percent: 95 });
    expect(await insights()).toMatchObject({ app: 80, appInsights: 95, code: undefined });
    expect((await read('me')).app).toBe(80);
    expect((await meta.batch(['v26.0/me'])).headers.get('x-app-usage')).toContain('80');
  });

  it('needs a percentage', async () => {
    expect((await meta.control('POST', '/scenarios', { kind: 'usage', account_id: id })).status).toBe(400);
  });
});
