import { expect, test } from 'vitest';
import type { Result } from '../../domain/observation.ts';
import type { StatusPage } from '../../ports/account-source.ts';
import {
  observeAccount,
  observeAds,
  observeHistory,
  observeLimit,
  observeRow,
  observeToday,
  type Owner,
} from './observe.ts';
import { graphFixture, nothingWanted, ok, turnAt } from './graph-fixture.ts';

const at = Date.parse('2026-11-22T18:00:00Z');
const owner: Owner = { accountId: 'act_1', currency: 'USD', timezone: 'America/New_York' };
const node = {
  id: 'act_1',
  account_status: 1,
  disable_reason: 0,
  name: 'Alpha',
  currency: 'USD',
  timezone_name: 'America/New_York',
  amount_spent: '1284390',
  spend_cap: '2000000',
  balance: '18475',
};
const day = {
  account_id: '1',
  spend: '247.8',
  impressions: '90412',
  clicks: '729',
  cpc: '0.339918',
  outbound_clicks: [{ action_type: 'outbound_click', value: '612' }],
  date_start: '2026-11-22',
  date_stop: '2026-11-22',
};
const days = (...rows: object[]) => ({ data: rows.map((row) => ({ ...day, ...row })) });
/** A failure that says what is wrong. */
const named = /^shape: \w{2}/;
const detail = <T>(result: Result<T>) =>
  result.ok ? 'a reading' : `${result.failure.kind}: ${result.failure.detail}`;

test.each([
  ['null', null],
  ['text', 'act_1'],
  ['a list', [node]],
  ['nothing known', {}],
  ['no id', { ...node, id: undefined }],
  ['an id too long', { ...node, id: `act_${'1'.repeat(21)}` }],
  ['another id', { ...node, id: 'act_2' }],
  ['two ids', { ...node, account_id: '2' }],
  ['half a status', { ...node, account_status: 1.5 }],
  ['a status that no column holds', { ...node, account_status: 40_000 }],
  ['a null reason', { ...node, disable_reason: null }],
  ['a reason that no column holds', { ...node, disable_reason: 3_000_000_000 }],
  ['a null name', { ...node, name: null }],
  ['an endless name', { ...node, name: 'x'.repeat(401) }],
  ['a small currency', { ...node, currency: 'usd' }],
  ['an empty zone', { ...node, timezone_name: '' }],
  ['an amount in words', { ...node, amount_spent: 'much' }],
  ['an amount beyond 2^53', { ...node, amount_spent: 1e20 }],
  ['a negative cap', { ...node, spend_cap: '-1' }],
  ['a balance with decimals', { ...node, balance: 184.75 }],
  ['a business without an id', { ...node, business: { name: 'BM' } }],
])('an account answered with %s is a named failure', (_what, body) => {
  expect(detail(observeAccount('act_1', body))).toMatch(named);
});

test('a failure names the field and quotes no value', () => {
  const said = detail(observeAccount('act_1', { ...node, amount_spent: 'EAASecret', currency: 7 }));
  expect(said).toMatch(/^shape: currency: .*; amount_spent: is not an integer amount$/);
  expect(said).not.toContain('EAASecret');
});

test.each([
  [{ amount_spent: 1284390 }, { amountSpentMinor: 1_284_390 }],
  [{ balance: '-50' }, { balanceDueMinor: -50 }],
  [{ spend_cap: 0 }, { spendCap: { minor: null, source: 'none' } }],
  [{ spend_cap: undefined }, { spendCap: { minor: null, source: 'unknown' } }],
  [{ spend_cap: '1' }, { spendCap: { minor: 1, source: 'meta' } }],
  [
    { account_status: '2', disable_reason: '99' },
    { statusCode: 2, disableReason: 99 },
  ],
  [
    { disable_reason: undefined, name: undefined },
    { disableReason: null, name: null },
  ],
  [
    { name: 'A\0B', business: { id: '7', name: '\0' } },
    { name: 'AB', businessName: '' },
  ],
  [
    { business: { id: '7' }, new_field: {} },
    { businessId: '7', businessName: null },
  ],
])('%j reads as %j', (more, expected) => {
  expect(observeAccount('act_1', { ...node, ...more })).toMatchObject({ ok: true, value: expected });
});

test('a list row without a usable id is dropped, one with an id is a failure of that account', () => {
  const into: StatusPage = { readings: [], failures: [], askedAt: at };
  for (const row of [node, null, 7, {}, { id: 'page_1' }, { id: 'act_9' }]) observeRow(row, into);
  expect(into.readings.map(({ accountId }) => accountId)).toEqual(['act_1']);
  expect(into.failures.map(({ accountId }) => accountId)).toEqual(['act_9']);
});

const atOnce = (instant: number) => ({ askedAt: instant, answeredAt: instant });

test.each([
  ['null', null],
  ['no list', {}],
  ['a null list', { data: null }],
  ['a null row', { data: [null] }],
  ['no owner', days({ account_id: undefined })],
  ['a number for an owner', days({ account_id: 1 })],
  ['the day after tomorrow', days({ date_start: '2026-11-24', date_stop: '2026-11-24' })],
  ['tomorrow', days({ date_start: '2026-11-23', date_stop: '2026-11-23' })],
  ['yesterday', days({ date_start: '2026-11-21', date_stop: '2026-11-21' })],
  ['no day', days({ date_start: undefined })],
  ['a day in words', days({ date_start: 'today', date_stop: 'today' })],
  ['a number for a spend', days({ spend: 247.8 })],
  ['a spend with an exponent', days({ spend: '1e3' })],
  ['a huge spend', days({ spend: '99999999999999.99' })],
  ['negative clicks', days({ clicks: '-1' })],
  ['more clicks than a column holds', days({ clicks: '2147483648' })],
  ['a null count', days({ impressions: null })],
  ['a huge count', days({ impressions: 1e20 })],
  ['a cost in words', days({ cpc: 'NaN' })],
  ['an entry without a value', days({ outbound_clicks: [{ action_type: 'outbound_click' }] })],
  ['a huge sum', days({ outbound_clicks: [{ value: '2147483647' }, { value: '1' }] })],
])('a day answered with %s is a named failure', (_what, body) => {
  expect(detail(observeToday(owner, atOnce(at), body))).toMatch(named);
});

test.each(['2026-11-31', '2026-11-00', '2026-13-01', '2026-02-29'])('%s is no day', (date) => {
  const end = Date.parse('2026-11-30T18:00:00Z');
  const start = Date.parse('2026-11-01T18:00:00Z');
  const body = days({ date_start: date, date_stop: date });
  for (const instant of [start, end]) expect(observeToday(owner, atOnce(instant), body).ok).toBe(false);
  expect(observeHistory(owner, body).ok).toBe(false);
});

test.each([
  ['America/Los_Angeles', '2026-11-23T07:59:59Z', '2026-11-22'],
  ['America/Los_Angeles', '2026-11-23T08:00:00Z', '2026-11-23'],
  ['Asia/Tokyo', '2026-11-22T14:59:59Z', '2026-11-22'],
  ['Asia/Tokyo', '2026-11-22T15:00:00Z', '2026-11-23'],
])('no row is a zero: in %s at %s for the day %s', (timezone, instant, expected) => {
  const zero = { spendMinor: 0, impressions: 0, clicks: 0, outboundClicks: 0, cpc: null };
  const result = observeToday({ ...owner, timezone }, atOnce(Date.parse(instant)), { data: [] });
  expect(result).toEqual({ ok: true, value: { accountId: 'act_1', day: expected, ...zero } });
});

test('no row says nothing of a day that ended between question and answer', () => {
  const midnight = Date.parse('2026-11-23T08:00:00Z');
  const zone = { ...owner, timezone: 'America/Los_Angeles' };
  const span = { askedAt: midnight - 1000, answeredAt: midnight };
  expect(detail(observeToday(zone, span, { data: [] }))).toMatch(/day ended/);
  const row = days({ date_start: '2026-11-23', date_stop: '2026-11-23' });
  expect(observeToday(zone, span, row)).toMatchObject({ ok: true, value: { day: '2026-11-23' } });
});

test.each([
  ['USD', {}, { spendMinor: 24_780, cpc: '0.339918', outboundClicks: 612 }],
  ['JPY', {}, { spendMinor: 248 }],
  ['USD', { spend: '0.005' }, { spendMinor: 1 }],
  ['USD', { cpc: undefined, clicks: undefined }, { cpc: null, clicks: 0 }],
  ['USD', { outbound_clicks: undefined }, { outboundClicks: 0 }],
  ['USD', { outbound_clicks: [] }, { outboundClicks: 0 }],
  ['USD', { outbound_clicks: [{ value: '3' }, { value: 4 }] }, { outboundClicks: 7 }],
  ['USD', { spend: undefined, impressions: undefined }, { spendMinor: 0, impressions: 0 }],
])('in %s a row with %j reads as %j', (currency, more, expected) => {
  const result = observeToday({ ...owner, currency }, atOnce(at), days(more));
  expect(result).toMatchObject({ ok: true, value: { accountId: 'act_1', ...expected } });
});

test.each([
  ['2026-11-23T03:30:00Z', '2026-11-23', true],
  ['2026-11-23T02:30:00Z', '2026-11-23', false],
  ['2026-11-23T06:30:00Z', '2026-11-22', true],
  ['2026-11-23T07:30:00Z', '2026-11-22', false],
])('at %s, with midnight at 05:00Z, a row of %s is today: %j', (now, date, isToday) => {
  const body = days({ date_start: date, date_stop: date });
  expect(observeToday(owner, atOnce(Date.parse(now)), body).ok).toBe(isToday);
});

test('history is sorted by day, keeps its gaps, and one foreign row spoils it', () => {
  const on = (date: string, more: object = {}) => ({ date_start: date, date_stop: date, ...more });
  const read = observeHistory(owner, days(on('2026-11-20'), on('2026-11-02'), on('2026-11-11')));
  expect(read.ok && read.value.map((reading) => reading.day)).toEqual([
    '2026-11-02',
    '2026-11-11',
    '2026-11-20',
  ]);
  expect(observeHistory(owner, { data: [] })).toEqual({ ok: true, value: [] });
  expect(detail(observeHistory(owner, days(on('2026-11-20'), on('2026-11-21', { account_id: '2' }))))).toBe(
    'shape: answer belongs to another account',
  );
});

test.each([
  ['USD', { adtrust_dsl: 250 }, { minor: 25_000, source: 'meta' }],
  ['USD', { adtrust_dsl: 12.345 }, { minor: 1235, source: 'meta' }],
  ['JPY', { adtrust_dsl: 5000 }, { minor: 5000, source: 'meta' }],
  ['USD', { adtrust_dsl: 0 }, { minor: 0, source: 'meta' }],
  ['USD', { adtrust_dsl: -1 }, { minor: null, source: 'unlimited' }],
  ['USD', { adtrust_dsl: -0.5 }, { minor: null, source: 'unlimited' }],
  ['USD', { adtrust_dsl: null }, { minor: null, source: 'unknown' }],
  ['USD', {}, { minor: null, source: 'unknown' }],
])('in %s a limit told as %j is %j', (currency, more, value) => {
  expect(observeLimit({ ...owner, currency }, { id: 'act_1', ...more })).toEqual({ ok: true, value });
});

test.each([
  ['text', { id: 'act_1', adtrust_dsl: 'much' }],
  ['huge', { id: 'act_1', adtrust_dsl: 1e21 }],
  ['of another account', { id: 'act_2', adtrust_dsl: 250 }],
  ['of nobody', { adtrust_dsl: 250 }],
  ['null', null],
])('a limit that is %s is a named failure', (_what, body) => {
  expect(detail(observeLimit(owner, body))).toMatch(named);
});

const total = (total_count: unknown) => ({ data: [], summary: { total_count } });
test.each([
  [total(12), total('40'), { activeAds: 12, totalAds: 40, rejectedAds: 12 }],
  [total(0), { data: [] }, { activeAds: 0, totalAds: null, rejectedAds: 0 }],
  [{ data: [] }, { data: [] }, { activeAds: null, totalAds: null, rejectedAds: null }],
])('%j and %j count as %j', (active, all, value) => {
  expect(observeAds(active, all, active)).toEqual({ ok: true, value });
});

test.each([null, 'text', { summary: null }, total(-1), total(null), total(1.5), total(3_000_000_000)])(
  'ads counted by %j are a named failure',
  (body) => {
    expect(detail(observeAds(body, total(1), total(1)))).toMatch(named);
    expect(detail(observeAds(total(1), body, total(1)))).toMatch(named);
    expect(detail(observeAds(total(1), total(1), body))).toMatch(named);
  },
);

/** Changes one place anywhere in a copy: gone, null, another type, a foreign id, a huge number. */
function mutate<T>(whole: T, random: (below: number) => number): T {
  const copy = JSON.parse(JSON.stringify(whole)) as T;
  const places: [Record<string, unknown>, string][] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      places.push([value as Record<string, unknown>, key]);
      visit(inner);
    }
  };
  visit(copy);
  const [holder, key] = places[random(places.length)]!;
  const values = [null, 7, 'x', true, [], {}, 'act_2', 'act_99', '2', '99', 1e20, 9e15, '9'.repeat(30), -1];
  const pick = random(values.length + 3);
  if (pick < values.length) holder[key] = values[pick];
  else if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else Reflect.deleteProperty(holder, key);
  return copy;
}

test('2,000 damaged answers: nothing is thrown, and no reading says what its answer does not', async () => {
  const graph = await graphFixture();
  const source = graph.source();
  const never = turnAt(at);
  const five = [1, 2, 3, 4, 5];
  const list = {
    data: five.map((n) => ({ ...node, id: `act_${n}`, name: `Account ${n}`, amount_spent: `${n}00` })),
    paging: { cursors: {} },
  };
  const bodies = five.map((n) => days({ account_id: `${n}`, clicks: `${n}0`, spend: `${n}.25` }));
  const wants = { ...nothingWanted, today: true };
  const requests = five.map((n) => ({ ...owner, accountId: `act_${n}` as const, wants }));
  let seed = 20_261_122;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const number = (value: unknown) => (value === undefined ? null : Number(value));
  const came = { rows: 0, days: 0 };
  // Damage to one of five leaves the other four, unless it took the frame around them.
  const atLeast = (came: number, isWhole: boolean) => expect(came).toBeGreaterThanOrEqual(isWhole ? 4 : 0);
  for (let n = 0; n < 1000; n++) {
    const before = { ...came };
    const page = mutate(list, random);
    graph.answer((_seen, response) => response.end(JSON.stringify(page)));
    for await (const { readings } of source.listStatuses(never))
      for (const reading of readings) {
        came.rows += 1;
        const { accountId: id, name } = reading;
        const row = page.data.find((one) => one?.id === id && (one.name ?? null) === name);
        expect(reading).toMatchObject({
          statusCode: Number(row?.account_status),
          amountSpentMinor: number(row?.amount_spent),
          balanceDueMinor: number(row?.balance),
          currency: row?.currency,
        });
      }
    const isFramed = JSON.stringify(page.paging) === JSON.stringify(list.paging);
    atLeast(came.rows - before.rows, isFramed && Array.isArray(page.data) && page.data.length >= 4);
    const answers = mutate(bodies, random);
    graph.answer((_seen, response) => response.end(JSON.stringify(answers.map(ok))));
    for await (const readings of source.readMetrics(requests, never))
      for (const { accountId, today } of readings) {
        if (today?.ok !== true) continue;
        came.days += 1;
        const row = answers[five.findIndex((five) => `act_${five}` === accountId)]!.data[0];
        if (row !== undefined) expect(`act_${row.account_id}`).toBe(accountId);
        expect(today.value).toMatchObject({
          accountId,
          spendMinor: Math.round(Number(row?.spend ?? 0) * 100),
          clicks: Number(row?.clicks ?? 0),
          impressions: Number(row?.impressions ?? 0),
        });
      }
    atLeast(came.days - before.days, answers.length === 5);
  }
  await graph.close();
  expect(Math.min(came.rows, came.days)).toBeGreaterThan(3000);
});
