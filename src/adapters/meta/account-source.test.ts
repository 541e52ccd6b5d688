import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Failure } from '../../domain/observation.ts';
import type { MetricsReading, MetricsRequest, StatusPage } from '../../ports/account-source.ts';
import { failed, graphFixture, nothingWanted, ok, turnAt, type GraphFixture } from './graph-fixture.ts';

let graph: GraphFixture;
beforeAll(async () => {
  graph = await graphFixture();
});
afterAll(() => graph.close());
beforeEach(() => {
  graph.seen.length = 0;
});

const at = Date.parse('2026-11-22T18:00:00Z');
const never = turnAt(at);

const row = (n: number, more: object = {}) => ({
  id: `act_${n}`,
  name: `Account ${n}`,
  account_status: 1,
  disable_reason: 0,
  currency: 'USD',
  timezone_name: 'America/New_York',
  amount_spent: '1284390',
  spend_cap: '2000000',
  balance: '18475',
  ...more,
});
const day = (n: number, more: object = {}) => ({
  account_id: String(n),
  spend: '247.8',
  impressions: '90412',
  clicks: '729',
  cpc: '0.339918',
  outbound_clicks: [{ action_type: 'outbound_click', value: '612' }],
  date_start: '2026-11-22',
  date_stop: '2026-11-22',
  ...more,
});
const request = (n: number, wants: Partial<MetricsRequest['wants']>): MetricsRequest => ({
  accountId: `act_${n}`,
  currency: 'USD',
  timezone: 'America/New_York',
  wants: { ...nothingWanted, ...wants },
});

async function all<T>(run: AsyncGenerator<T, Failure | null>): Promise<{ pages: T[]; end: Failure | null }> {
  const pages: T[] = [];
  for (;;) {
    const step = await run.next();
    if (step.done) return { pages, end: step.value };
    pages.push(step.value);
  }
}
const list = async () => {
  const { pages, end } = await all<StatusPage>(graph.source().listStatuses(never));
  return {
    end,
    ids: pages.flatMap(({ readings }) => readings.map(({ accountId }) => accountId)),
    failed: pages.flatMap(({ failures }) => failures.map(({ accountId }) => accountId)),
    pages,
  };
};
const read = async (requests: MetricsRequest[]) => {
  const { pages, end } = await all<MetricsReading[]>(graph.source().readMetrics(requests, never));
  return { readings: pages.flat(), end };
};

/** Answers the list from these pages, by cursor. */
function servePages(pages: { data: unknown[]; after?: string }[]): void {
  graph.answer(({ url }, response) => {
    const after = new URL(url, 'http://x').searchParams.get('after');
    const index = after === null ? 0 : pages.findIndex((page) => page.after === after) + 1;
    const page = pages[index];
    const paging =
      page?.after === undefined
        ? undefined
        : { cursors: { after: page.after }, next: 'https://elsewhere.example/?access_token=EAAsecret' };
    response.end(JSON.stringify({ data: page?.data ?? [], paging }));
  });
}

test('the list is followed by cursor to its end, across short and empty pages', async () => {
  servePages([{ data: [row(1), row(2)], after: 'A' }, { data: [], after: 'B' }, { data: [row(3)] }]);
  expect(await list()).toMatchObject({ ids: ['act_1', 'act_2', 'act_3'], failed: [], end: null });
  expect(graph.seen).toHaveLength(3);
});

test('a reading holds what Meta said, in minor units', async () => {
  servePages([{ data: [row(1, { spend_cap: '0', business: { id: '70', name: 'BM' } })] }]);
  expect((await list()).pages[0]?.readings).toEqual([
    {
      accountId: 'act_1',
      name: 'Account 1',
      statusCode: 1,
      disableReason: 0,
      currency: 'USD',
      timezone: 'America/New_York',
      amountSpentMinor: 1_284_390,
      spendCap: { minor: null, source: 'none' },
      balanceDueMinor: 18_475,
      businessId: '70',
      businessName: 'BM',
    },
  ]);
});

test.each([
  ['no status', { account_status: undefined }],
  ['a null status', { account_status: null }],
  ['a status in words', { account_status: 'ACTIVE' }],
  ['no currency', { currency: undefined }],
  ['a currency that is none', { currency: 'dollars' }],
  ['no zone', { timezone_name: undefined }],
  ['an unknown zone', { timezone_name: 'Mars/Olympus' }],
  ['a null amount', { amount_spent: null }],
  ['an amount with decimals', { amount_spent: '12.5' }],
  ['an amount beyond all bounds', { amount_spent: '99999999999999999999' }],
  ['a cap of another type', { spend_cap: { minor: 1 } }],
  ['a name that is none', { name: 7 }],
])('%s makes the row a failure of that account alone', async (_what, more) => {
  servePages([{ data: [row(1), row(2, more), row(3)] }]);
  expect(await list()).toMatchObject({ ids: ['act_1', 'act_3'], failed: ['act_2'], end: null });
});

test('what is absent is unknown, and an unknown code is kept', async () => {
  servePages([
    {
      data: [
        row(1, { account_status: 202, amount_spent: undefined, spend_cap: undefined, balance: undefined }),
      ],
    },
  ]);
  expect((await list()).pages[0]?.readings[0]).toMatchObject({
    statusCode: 202,
    amountSpentMinor: null,
    spendCap: { minor: null, source: 'unknown' },
    balanceDueMinor: null,
  });
});

test('the same cursor twice ends the list with a failure, and what was read stays', async () => {
  graph.answer((_seen, response) =>
    response.end(JSON.stringify({ data: [row(1)], paging: { cursors: { after: 'A' }, next: 'x' } })),
  );
  expect(await list()).toMatchObject({ ids: ['act_1', 'act_1'], end: { kind: 'shape' } });
});

test('too much data halves the page', async () => {
  const message = "Please reduce the amount of data you're asking for, then retry your request";
  graph.answer(({ url }, response) => {
    const limit = Number(new URL(url, 'http://x').searchParams.get('limit'));
    if (limit > 50) response.writeHead(500).end(JSON.stringify({ error: { message, code: 1 } }));
    else response.end(JSON.stringify({ data: [row(1)] }));
  });
  expect(await list()).toMatchObject({ ids: ['act_1'], end: null });
  expect(graph.seen.map(({ url }) => new URL(url, 'http://x').searchParams.get('limit'))).toEqual([
    '100',
    '50',
  ]);
});

test('a dead token ends the list at once, a hiccup is tried three times', async () => {
  graph.answer((_seen, response) => response.writeHead(400).end(failed(190, { error_subcode: 460 }).body));
  expect(await list()).toMatchObject({ ids: [], end: { kind: 'token', code: 190, subcode: 460 } });
  expect(graph.seen).toHaveLength(1);
  graph.seen.length = 0;
  graph.answer((_seen, response) => response.writeHead(500).end(failed(2).body));
  expect(await list()).toMatchObject({ end: { kind: 'transient' } });
  expect(graph.seen).toHaveLength(3);
});

test('today of 120 accounts is 120 counted calls in three batches', async () => {
  graph.answerItems((url) => ok({ data: [day(Number(/act_(\d+)/.exec(url)?.[1]))] }));
  const { readings, end } = await read(
    Array.from({ length: 120 }, (_, n) => request(n + 1, { today: true })),
  );
  expect(end).toBeNull();
  expect(graph.seen.map(({ batch }) => batch.length)).toEqual([50, 50, 20]);
  expect(new Set(readings.map(({ accountId }) => accountId)).size).toBe(120);
  expect(readings[0]?.today).toEqual({
    ok: true,
    value: {
      accountId: readings[0]?.accountId,
      day: '2026-11-22',
      spendMinor: 24_780,
      impressions: 90_412,
      clicks: 729,
      outboundClicks: 612,
      cpc: '0.339918',
    },
  });
});

test.each([
  ['of another account', { account_id: '9' }],
  ['of another day', { date_start: '2026-11-20', date_stop: '2026-11-20' }],
  ['of many days', { date_start: '2026-11-21' }],
  ['with a negative spend', { spend: '-1' }],
  ['with a null spend', { spend: null }],
  ['with a spend in words', { spend: 'much' }],
  ['with half a click', { clicks: '1.5' }],
  ['with clicks of another type', { outbound_clicks: 5 }],
])('a day %s is a failure of that account alone', async (_what, more) => {
  graph.answerItems((url) => ok({ data: [url.includes('act_2/') ? day(2, more) : day(1)] }));
  const { readings } = await read([request(1, { today: true }), request(2, { today: true })]);
  expect(readings.find(({ accountId }) => accountId === 'act_1')?.today?.ok).toBe(true);
  expect(readings.find(({ accountId }) => accountId === 'act_2')?.today).toMatchObject({
    ok: false,
    failure: { kind: 'shape' },
  });
});

test("no row is a truthful zero on the account's own day, two rows are none", async () => {
  graph.answerItems((url) => ok({ data: url.includes('act_2/') ? [day(2), day(2)] : [] }));
  const { readings } = await read([request(1, { today: true }), request(2, { today: true })]);
  expect(readings.find(({ accountId }) => accountId === 'act_1')?.today).toMatchObject({
    value: { day: '2026-11-22', spendMinor: 0, clicks: 0, cpc: null },
  });
  expect(readings.find(({ accountId }) => accountId === 'act_2')?.today).toMatchObject({ ok: false });
});

test.each([
  [{ adtrust_dsl: 250 }, { minor: 25_000, source: 'meta' }],
  [{ adtrust_dsl: 12.5 }, { minor: 1250, source: 'meta' }],
  [{ adtrust_dsl: 0 }, { minor: 0, source: 'meta' }],
  [{ adtrust_dsl: -1 }, { minor: null, source: 'unlimited' }],
  [{}, { minor: null, source: 'unknown' }],
])('a limit answered as %j is %j', async (body, value) => {
  graph.answerItems(() => ok({ id: 'act_1', ...body }));
  expect((await read([request(1, { limit: true })])).readings[0]?.limit).toEqual({ ok: true, value });
});

test('a refused limit is a failure of the limit alone, and is not asked again', async () => {
  graph.answerItems((url) =>
    url.includes('adtrust_dsl')
      ? failed(100, { message: '(#100) Tried accessing nonexisting field (adtrust_dsl)' })
      : ok({ data: [day(1)] }),
  );
  const { readings } = await read([request(1, { today: true, limit: true })]);
  expect(readings.find(({ today }) => today !== null)?.today?.ok).toBe(true);
  expect(readings.find(({ limit }) => limit !== null)?.limit).toMatchObject({ failure: { kind: 'request' } });
  expect(graph.seen.flatMap(({ batch }) => batch)).toHaveLength(2);
});

test('a field that Meta does not know is left out at once, and nothing else of the read is lost', async () => {
  graph.answerItems((url) =>
    url.includes('user_tasks')
      ? failed(100, { message: '(#100) Tried accessing nonexisting field (user_tasks)' })
      : ok({ id: 'act_1', is_prepay_account: true }),
  );
  const { readings } = await read([request(1, { details: true })]);
  expect(readings[0]?.details).toMatchObject({ ok: true, value: { isPrepay: true } });
  expect(graph.seen.flatMap(({ batch }) => batch)).toHaveLength(2);
});

test('ads are counted by two summaries; without one the count is unknown', async () => {
  graph.answerItems((url) =>
    ok({ data: [], ...(url.includes('effective_status') ? { summary: { total_count: 12 } } : {}) }),
  );
  expect((await read([request(1, { ads: true })])).readings[0]?.ads).toEqual({
    ok: true,
    value: { activeAds: 12, totalAds: null, rejectedAds: 12 },
  });
});

test('what may pass by itself is tried again alone, at most three times', async () => {
  let tries = 0;
  graph.answerItems((url) => {
    if (!url.includes('act_2/')) return ok({ data: [day(Number(/act_(\d+)/.exec(url)?.[1]))] });
    tries += 1;
    return tries < 3 ? null : ok({ data: [day(2)] });
  });
  const requests = [1, 2, 3].map((n) => request(n, { today: true }));
  expect((await read(requests)).readings.every(({ today }) => today?.ok === true)).toBe(true);
  expect(graph.seen.map(({ batch }) => batch.length)).toEqual([3, 1, 1]);
  tries = -10;
  expect((await read(requests)).readings.filter(({ today }) => today?.ok === false)).toHaveLength(1);
  expect(graph.seen).toHaveLength(6);
});

test('an error that nobody knows is asked once more, one that will not pass never', async () => {
  graph.answerItems(() => failed(424_242));
  await read([request(1, { today: true })]);
  expect(graph.seen).toHaveLength(2);
  graph.seen.length = 0;
  graph.answerItems(() => failed(200));
  expect((await read([request(1, { today: true })])).readings[0]?.today).toMatchObject({
    failure: { kind: 'permission' },
  });
  expect(graph.seen).toHaveLength(1);
});

test('a dead token stops the batches that wait, and every account hears why', async () => {
  graph.answer((_seen, response) => response.writeHead(400).end(failed(190).body));
  const { readings, end } = await read(
    Array.from({ length: 600 }, (_, n) => request(n + 1, { today: true })),
  );
  expect(end).toMatchObject({ kind: 'token' });
  expect(readings).toHaveLength(600);
  expect(graph.seen.length).toBeLessThanOrEqual(graph.plan.concurrency + 1);
});

const statusChange = { eventType: 'ad_account_update_status', extra: '', words: null };

test('the story is what the log says, and all clicks', async () => {
  graph.answerItems((url) =>
    url.includes('/activities')
      ? ok({
          data: [
            { event_type: 'ad_account_update_status', event_time: '2026-11-22T10:00:00+0000' },
            { event_type: 'ad_account_update_status', event_time: '2026-11-22T12:30:00+0100' },
            {
              ...{ event_type: 'add_funding_source', event_time: '2026-11-22T15:00:00+0000' },
              ...{ extra_data: '{"new":1}', translated_event_type: 'Funding source added' },
            },
          ],
        })
      : ok({ data: [day(1, { clicks: '48210' })] }),
  );
  expect(await graph.source().readStory('act_1', at, never)).toEqual({
    ok: true,
    value: {
      activities: [
        { ...statusChange, occurredAt: Date.parse('2026-11-22T10:00:00Z') },
        { ...statusChange, occurredAt: Date.parse('2026-11-22T11:30:00Z') },
        {
          ...{ occurredAt: Date.parse('2026-11-22T15:00:00Z'), eventType: 'add_funding_source' },
          ...{ extra: '{"new":1}', words: 'Funding source added' },
        },
      ],
      lifetimeClicks: 48_210,
    },
  });
});

test('usage is summed from the headers of every answer and item; a malformed one is ignored', async () => {
  const source = graph.source();
  graph.answer((_seen, response) => {
    response.setHeader('X-App-Usage', '{"call_count":28,"total_time":25,"total_cputime":31}');
    response.setHeader('X-Ad-Account-Usage', 'not json');
    response.setHeader('X-Ad-Api-Version-Warning', 'soon gone');
    const value =
      '{"1":[{"type":"ads_insights","call_count":97,"total_cputime":3,"total_time":4,"estimated_time_to_regain_access":0}]}';
    response.end(
      JSON.stringify([
        { ...ok({ data: [day(1)] }), headers: [{ name: 'X-Business-Use-Case-Usage', value }] },
      ]),
    );
  });
  await all(source.readMetrics([request(1, { today: true })], never));
  expect(source.takeUsage(never)).toMatchObject({
    requests: 1,
    countedCalls: 1,
    highestUsagePercent: 97,
    versionWarning: 'soon gone',
  });
  expect(source.takeUsage(never)).toMatchObject({
    requests: 0,
    highestUsagePercent: null,
    versionWarning: null,
  });
});
