import { expect, test } from 'vitest';
import { failure, type MetaFailure } from './failures.ts';
import { Governor, type About } from './governor.ts';
import { readUsage, type UsageReport } from './usage.ts';

const at = Date.parse('2026-11-24T12:00:00Z');
const minuteMs = 60_000;
const about = (n: number, bucket: About['bucket'] = 'ads_insights'): About => ({
  accountId: `act_${n}`,
  bucket,
  everyMs: 5 * minuteMs,
});
const governor = (random = 0) => new Governor(() => random);

function heard(headers: Record<string, object>): UsageReport {
  const report = readUsage(
    new Map(Object.entries(headers).map(([name, value]) => [name, JSON.stringify(value)])),
  );
  if (report === null) throw new Error('no usage');
  return report;
}
const bucket = (owner: string, type: string, call_count: number, regain = 0) =>
  heard({
    'x-business-use-case-usage': {
      [owner]: [
        { type, call_count, total_cputime: 1, total_time: 1, estimated_time_to_regain_access: regain },
      ],
    },
  });

test('below 75% nothing is held back', () => {
  const one = governor();
  one.hear(bucket('1', 'ads_insights', 74), about(1), at);
  expect(one.holds(about(1), at)).toBeNull();
  expect(one.holds(about(1), at + 1)).toBeNull();
});

test('from 75% the scope is read half as often, and only that scope', () => {
  const one = governor();
  expect(one.holds(about(1), at)).toBeNull();
  one.hear(bucket('1', 'ads_insights', 80), about(1), at);
  expect(one.holds(about(1), at + 5 * minuteMs)).toMatchObject({ kind: 'rate', remedy: 'held' });
  expect(one.holds(about(1), at + 10 * minuteMs)).toBeNull();
  expect(one.holds(about(1, 'ads_management'), at)).toBeNull();
  expect(one.holds(about(2), at)).toBeNull();
});

test('from 90% only statuses are read; after five minutes without a word one careful call is allowed', () => {
  const one = governor();
  one.hear(bucket('1', 'ads_insights', 95), about(1), at);
  expect(one.holds(about(1), at + minuteMs)).not.toBeNull();
  expect(one.holds(null, at + minuteMs)).toBeNull();
  expect(one.holds(about(1), at + 6 * minuteMs)).toBeNull();
  expect(one.holds(about(1), at + 6 * minuteMs + 1)).not.toBeNull();
});

test.each([
  ['100% without a word how long: a minute', bucket('1', 'ads_insights', 100), 1],
  ['minutes to regain access', bucket('1', 'ads_insights', 20, 12), 12],
  [
    "the score's reset time",
    heard({ 'x-ad-account-usage': { acc_id_util_pct: 104, reset_time_duration: 240 } }),
    4,
  ],
])('%s stops the account for that long', (_what, report, minutes) => {
  const one = governor();
  one.hear(report, about(1), at);
  expect(one.holds(about(1), at + minutes * minuteMs - 1)).toMatchObject({ kind: 'rate' });
  expect(one.holds(about(1), at + minutes * minuteMs)).toBeNull();
  expect(one.holds(about(2), at)).toBeNull();
});

test('a key that is no account counts for the account that was asked, the worst of all', () => {
  const one = governor();
  one.hear(bucket('700100', 'ads_insights', 100), about(1), at);
  expect(one.holds(about(1), at)).not.toBeNull();
  expect(one.holds(about(2), at)).toBeNull();
});

test('insights of the whole app stop insights of all accounts and nothing else', () => {
  const one = governor();
  one.hear(
    heard({ 'x-fb-ads-insights-throttle': { app_id_util_pct: 100, acc_id_util_pct: 3 } }),
    about(1),
    at,
  );
  expect(one.holds(about(2), at)).not.toBeNull();
  expect(one.holds(about(2, 'ads_management'), at)).toBeNull();
  expect(one.holds(null, at)).toBeNull();
});

const throttled = (
  remedy: MetaFailure['remedy'],
  code: number,
  pauseMs: number,
  subcode: number | null = null,
) => ({
  ...failure(remedy, `(#${code})`),
  ...{ code, subcode, pauseMs },
});

test.each([
  [
    '80000',
    throttled('throttle_account', 80000, 600_000, 2446079),
    [about(1)],
    [about(1, 'ads_management'), about(2), null],
  ],
  [
    '80004',
    throttled('throttle_account', 80004, 600_000, 2446079),
    [about(1, 'ads_management')],
    [about(1), about(2), null],
  ],
  [
    '17/2446079',
    throttled('throttle_account', 17, 300_000, 2446079),
    [about(1), about(1, 'ads_management')],
    [about(2), null],
  ],
  [
    '613',
    throttled('throttle_account', 613, 3_600_000),
    [about(1), about(1, 'ads_management')],
    [about(2), null],
  ],
  [
    '4/1504022',
    throttled('throttle_insights', 4, 300_000, 1504022),
    [about(1), about(2)],
    [about(1, 'ads_management'), null],
  ],
  ['4', throttled('throttle_app', 4, 300_000), [about(1), about(2, 'ads_management'), null], []],
  ['17', throttled('throttle_token', 17, 300_000), [about(1), about(2, 'ads_management'), null], []],
  ['368', throttled('blocked', 368, 3_600_000), [about(1), null], []],
])('error %s stops its scope for its pause, and no other', (_code, found, stopped, free) => {
  const one = governor();
  one.throttled(found, about(1), at);
  for (const each of stopped) {
    expect(one.holds(each, at + found.pauseMs - 1)).toMatchObject({ kind: 'rate' });
    expect(governorAfter(found).holds(each, at + found.pauseMs)).toBeNull();
  }
  for (const each of free) expect(one.holds(each, at)).toBeNull();
});

function governorAfter(found: MetaFailure): Governor {
  const one = governor();
  one.throttled(found, about(1), at);
  return one;
}

test('other errors stop nothing', () => {
  const one = governor();
  for (const remedy of ['retry', 'token', 'access', 'request', 'config', 'unknown', 'shrink'] as const)
    one.throttled(failure(remedy, 'x'), about(1), at);
  expect(one.holds(about(1), at)).toBeNull();
  expect(one.takePauses()).toEqual([]);
});

test('pauses are told once, taken over from others, and the later end holds', () => {
  const [one, other] = [governor(1), governor()];
  one.throttled(throttled('throttle_app', 4, 300_000), null, at);
  const told = one.takePauses();
  // Up to a tenth more, so that not everything comes back at once.
  expect(told).toEqual([{ scope: 'app', until: at + 330_000, reason: '(#4)' }]);
  expect(one.takePauses()).toEqual([]);
  other.load(told);
  expect(other.holds(null, at + 320_000)).not.toBeNull();
  other.load([{ scope: 'app', until: at + 1, reason: 'earlier' }]);
  expect(other.holds(null, at + 320_000)).not.toBeNull();
  expect(other.takePauses()).toEqual([]);
});
