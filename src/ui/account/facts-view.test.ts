import { expect, test } from 'vitest';
import type { AccountCard } from '../../contract/account-card.ts';
import { activeCard } from '../board/board.fixture.ts';
import { fundsEnd, life, outboundCost } from './facts-view.ts';

// 12:00 in New York.
const noon = Date.parse('2026-11-24T17:00:00Z');
const day = 86_400_000;
const card = (given: Partial<AccountCard>): AccountCard => ({ ...activeCard, ...given });

test.each([
  [{ spendMinor: 10_000, fundsLeftMinor: 5000 }, /^end in ≈ 6\sh at this pace, 18:00 EST$/],
  [{ spendMinor: 10_000, fundsLeftMinor: 100_000 }, /^end in ≈ 5\sdays at this pace, Nov 29$/],
  [{ spendMinor: 0, fundsLeftMinor: 5000 }, /^nothing is spent today$/],
  [{ spendMinor: 10_000, fundsLeftMinor: 0 }, /^nothing is left$/],
  [{ spendMinor: 10, fundsLeftMinor: 500, metricsAt: noon - 11 * 3_600_000 }, /^too early/],
])('with %j the funds end so', (given, words) => {
  const base = {
    metricsAt: noon,
    timezone: 'America/New_York',
    dailyLimitMinor: null,
    dailyLimitSource: 'unlimited',
  } as const;
  expect(fundsEnd({ card: card({ ...base, ...given }) })).toMatch(words);
});

test('what nobody read does not end', () => {
  expect(fundsEnd({ card: card({ fundsLeftMinor: null }) })).toBeNull();
  expect(fundsEnd({ card: card({ fundsLeftMinor: 5000, metricsAt: null }) })).toBeNull();
});

test('no click to the outside and no reading are two things', () => {
  const day = (outboundClicks: number) => ({
    ...{ spendMinor: 3000, clicks: 70, outboundClicks, cpc: null, cpcChangePercent: null },
  });
  expect(outboundCost({ card: card({}), day: null })).toEqual({ kind: 'unknown', reason: 'not read' });
  expect(outboundCost({ card: card({}), day: day(0) })).toMatchObject({ reason: 'no outbound clicks' });
  expect(outboundCost({ card: card({}), day: day(60) })).toMatchObject({ figure: { text: '$0.50' } });
});

test('a life ends with the account, and one that had ended before is said so', () => {
  const view = (given: Partial<AccountCard>) => ({
    card: card(given),
    dateAdded: noon - 61 * day,
    archivedAt: null,
    now: noon,
  });
  expect(life(view({ state: 'active' })).words).toBe('61\u00a0days');
  expect(life(view({ state: 'suspended', stateSince: noon - 60 * day })).words).toBe('1\u00a0day');
  expect(life(view({ state: 'suspended', stateSince: noon - 70 * day })).note).toMatch(/dead by then/);
});
