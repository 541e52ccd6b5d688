import { expect, test } from 'vitest';
import { conditionAlertWords, type AccountFacts } from './alert-words.ts';

const hourMs = 3_600_000;
const facts: AccountFacts = {
  ...{ accountId: 'act_1', name: 'US-Solar-17', vendor: 'North', currency: 'USD', disableReason: null },
  ...{ spendMinor: 59_039, dailyLimitMinor: 160_000, fundsLeftMinor: 1_250_530, balanceDueMinor: null },
};

test.each([
  [4.4 * hourMs, 9, '$12,505.30 (9%) left of its spend cap, gone in about 4 h at the pace of today'],
  [0.5 * hourMs, 0, '$12,505.30 (0%) left of its spend cap, gone in about 30 min at the pace of today'],
  [499.5 * hourMs, 10, '$12,505.30 (10%) left of its spend cap, gone in about 21 days at the pace of today'],
  [Infinity, 10, '$12,505.30 (10%) left of its spend cap'],
  [null, null, '$12,505.30 left of its spend cap'],
])('funds that last %s ms and are %s%% of the cap', (etaMs, percentLeft, sentence) => {
  const { body } = conditionAlertWords({ kind: 'funds_low', etaMs, percentLeft }, facts);
  expect(body).toBe(`act_1 (US-Solar-17): ${sentence}`);
});
