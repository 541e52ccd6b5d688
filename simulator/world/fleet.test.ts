import { describe, expect, it } from 'vitest';
import { DAY_MS, dayStart, localDay } from './calendar.ts';
import {
  createFleet,
  dayDelivery,
  historyOf,
  hourDelivery,
  rangeDelivery,
  stateAt,
  REFRESH_MS,
} from './fleet.ts';
import { limitAt, momentOf, statusAt, type AccountHistory } from './history.ts';
import type { Intervention } from './intervention.ts';
import { minorPerMajor } from './money.ts';
import { delivers } from './status.ts';

const NOW = Date.parse('2026-11-22T18:07:00Z');
const NOTHING: readonly Intervention[] = [];
const fleet = createFleet(7, 30);

function courses(now = NOW, size = 30): AccountHistory[] {
  const all = createFleet(7, size);
  return Array.from({ length: size }, (_, index) => all.history(index, now, NOTHING));
}

const statusOf = (history: AccountHistory, instant: number): number =>
  statusAt(history, momentOf(history.traits, instant)).status;

describe('the world', () => {
  it('is the same whenever and in whatever order it is asked', () => {
    const once = courses().map((history) => stateAt(history, NOW));
    const later = createFleet(7, 30);
    for (let index = 29; index >= 0; index--) later.history(index, NOW + 60 * DAY_MS, NOTHING);
    const again = Array.from({ length: 30 }, (_, index) => {
      const history = later.history(index, NOW, NOTHING);
      stateAt(history, NOW + 20 * DAY_MS);
      return stateAt(history, NOW);
    });
    expect(again).toEqual(once);
  });

  it('is another one for another seed, and keeps its accounts when it grows', () => {
    expect(createFleet(8, 1).traits(0).accountId).not.toBe(fleet.traits(0).accountId);
    expect(createFleet(7, 500).traits(29)).toEqual(fleet.traits(29));
  });

  it('gives every account an id of its own that leads back to it', () => {
    const large = createFleet(7, 10_000);
    const ids = new Set(Array.from({ length: 10_000 }, (_, index) => large.traits(index).accountId));
    expect(ids.size).toBe(10_000);
    for (const id of ids) expect(id).toMatch(/^\d{15,16}$/);
    expect(large.indexOf(large.traits(9_876).accountId)).toBe(9_876);
    expect(large.indexOf('1')).toBeUndefined();
  });

  it.each([0, 1, 2, 3, 5, 8])('looks alive %i days from now', (days) => {
    const now = NOW + days * DAY_MS;
    const states = courses(now).map((history) => stateAt(history, now));
    const count = (...statuses: number[]): number =>
      states.filter(({ status }) => statuses.includes(status)).length;
    expect(count(1)).toBeGreaterThanOrEqual(21);
    expect(count(1)).toBeLessThanOrEqual(26);
    expect(count(2)).toBeGreaterThanOrEqual(1);
    expect(count(2)).toBeLessThanOrEqual(3);
    expect(count(3, 7)).toBeGreaterThanOrEqual(1);
    expect(count(8, 9)).toBeGreaterThanOrEqual(1);
    expect(count(100)).toBe(1);
    expect(count(101)).toBe(1);
    expect(states.filter((state) => state.dailyLimit === -1)).toHaveLength(1);
    expect(states.filter((state) => state.isLimitRejected)).toHaveLength(1);
    expect(states.filter((state) => state.dailyLimit === undefined)).toHaveLength(2);
    expect(states.filter((state) => state.spendCapMinor === 0).length).toBeGreaterThan(4);
    expect(states.filter((state) => state.spendCapMinor > 0).length).toBeGreaterThan(9);
  });

  it('holds currencies without a minor unit, all vendors, idle accounts and some at their limit', () => {
    const traits = courses().map((history) => history.traits);
    expect(
      traits
        .filter(({ market }) => minorPerMajor(market.currency) === 1)
        .map(({ market }) => market.currency)
        .sort(),
    ).toEqual(['IDR', 'JPY', 'KRW', 'VND']);
    expect(new Set(traits.map(({ vendor }) => vendor.name)).size).toBe(4);
    const yesterday = courses()
      .filter((history) => statusOf(history, NOW) === 1)
      .map((history) => {
        const day = localDay(history.traits.market.zone, NOW) - 1;
        const limit = limitAt(history, day) * minorPerMajor(history.traits.market.currency);
        return dayDelivery(history, day, NOW).spendMinor / limit;
      });
    expect(yesterday.filter((progress) => progress === 0).length).toBeGreaterThan(0);
    expect(yesterday.filter((progress) => progress > 0.995).length).toBeGreaterThan(0);
  });

  it('suspends accounts as time goes on, more often at a worse vendor, and restores them', () => {
    const bans = new Map<string, number>();
    let restored = 0;
    for (const history of courses(NOW, 600)) {
      if (history.traits.fate === 'fragile') continue;
      const recent = history.seasons.filter(
        ({ ban }) => ban > momentOf(history.traits, NOW) - 300 && ban < momentOf(history.traits, NOW),
      );
      bans.set(
        history.traits.vendor.name,
        (bans.get(history.traits.vendor.name) ?? 0) + recent.length / history.traits.vendor.share,
      );
      restored += recent.filter((season) => season.restored < momentOf(history.traits, NOW)).length;
    }
    const rate = (name: string): number => bans.get(name) ?? 0;
    expect(rate('Agency Alpha')).toBeGreaterThan(5);
    expect(rate('Agency Beta')).toBeGreaterThan(rate('Agency Alpha'));
    expect(rate('Agency Delta')).toBeGreaterThan(rate('Agency Beta'));
    expect(restored).toBeGreaterThan(100);
  });
});

describe('money', () => {
  it('adds up: hours to days, days to the amount spent', () => {
    for (const history of courses()) {
      const { traits } = history;
      const today = localDay(traits.market.zone, NOW);
      let sum = 0;
      for (let day = traits.createdDay; day <= today; day++) sum += dayDelivery(history, day, NOW).spendMinor;
      expect(sum).toBe(stateAt(history, NOW).amountSpentMinor);
      expect(rangeDelivery(history, traits.createdDay, today, NOW).spendMinor).toBe(sum);
      for (const day of [today, today - 1, today - 30]) {
        const hours = Array.from({ length: 24 }, (_, hour) => hourDelivery(history, day, hour, NOW));
        const whole = dayDelivery(history, day, NOW);
        expect(hours.reduce((total, hour) => total + hour.spendMinor, 0)).toBe(whole.spendMinor);
        expect(hours.reduce((total, hour) => total + hour.clicks, 0)).toBe(whole.clicks);
        for (const hour of hours) expect(Math.min(...Object.values(hour))).toBeGreaterThanOrEqual(0);
      }
    }
  });

  it('has ninety days of past, none above the daily limit, and stays below the cap', () => {
    let spending = 0;
    for (const history of courses()) {
      const { traits } = history;
      const today = localDay(traits.market.zone, NOW);
      for (let day = today - 90; day <= today; day++) {
        const { spendMinor } = dayDelivery(history, day, NOW);
        spending += spendMinor > 0 ? 1 : 0;
        const limit = limitAt(history, day) * minorPerMajor(traits.market.currency);
        if (traits.limitAnswer !== 'unlimited') expect(spendMinor).toBeLessThanOrEqual(limit);
      }
      const { spendCapMinor, amountSpentMinor } = stateAt(history, NOW);
      if (spendCapMinor > 0) expect(amountSpentMinor).toBeLessThan(spendCapMinor);
    }
    expect(spending).toBeGreaterThan(30 * 91 * 0.7);
  });

  it('moves only at quarter hours', () => {
    const start = Math.floor(NOW / REFRESH_MS) * REFRESH_MS;
    let moved = 0;
    for (const history of courses()) {
      const spent = (instant: number): number => stateAt(history, instant).amountSpentMinor;
      expect(spent(start + REFRESH_MS - 1)).toBe(spent(start));
      expect(spent(start + REFRESH_MS)).toBeGreaterThanOrEqual(spent(start));
      moved += spent(start + REFRESH_MS) > spent(start) ? 1 : 0;
    }
    expect(moved).toBeGreaterThan(10);
  });

  it("starts at zero at the account's own midnight, and yesterday is final at once", () => {
    let spenders = 0;
    for (const history of courses()) {
      const { zone } = history.traits.market;
      const today = localDay(zone, NOW);
      const midnight = dayStart(zone, today);
      expect(dayDelivery(history, today, midnight).spendMinor).toBe(0);
      const closed = dayDelivery(history, today - 1, midnight).spendMinor;
      expect(dayDelivery(history, today - 1, NOW).spendMinor).toBe(closed);
      expect(dayDelivery(history, today + 1, NOW).spendMinor).toBe(0);
      spenders += dayDelivery(history, today - 1, midnight - 1).spendMinor > 0 ? 1 : 0;
    }
    expect(spenders).toBeGreaterThan(15);
  });

  it('stops while an account is down', () => {
    let downs = 0;
    for (const history of courses()) {
      for (const { ban, restored } of history.seasons) {
        const day = Math.ceil(ban);
        if (restored < day + 1 || restored > momentOf(history.traits, NOW)) continue;
        downs += 1;
        expect(delivers(statusAt(history, day + 0.5).status)).toBe(false);
        expect(dayDelivery(history, day, NOW).spendMinor).toBe(0);
      }
    }
    expect(downs).toBeGreaterThan(10);
  });
});

describe('an intervention', () => {
  const traits = courses().find(
    (history) => history.traits.fate === 'at_limit' && statusOf(history, NOW) === 1,
  )?.traits;
  if (!traits) throw new Error('the fleet has an active account at its limit');
  const natural = historyOf(traits, localDay(traits.market.zone, NOW), NOTHING);
  const under = (...interventions: Intervention[]): AccountHistory =>
    historyOf(traits, localDay(traits.market.zone, NOW), interventions);

  it('stops the spend while it holds and leaves the past alone', () => {
    const down = under({ fromMs: NOW - 5 * DAY_MS, toMs: NOW - 2 * DAY_MS, status: 2, disableReason: 1 });
    expect(statusOf(down, NOW - 5 * DAY_MS - 1)).toBe(1);
    expect(statusOf(down, NOW - 5 * DAY_MS)).toBe(2);
    expect(statusOf(down, NOW - 2 * DAY_MS)).toBe(1);
    const today = localDay(traits.market.zone, NOW);
    expect(dayDelivery(down, today - 4, NOW).spendMinor).toBe(0);
    for (const days of [1, 6, 7])
      expect(dayDelivery(down, today - days, NOW)).toEqual(dayDelivery(natural, today - days, NOW));
    expect(stateAt(down, NOW).amountSpentMinor).toBeLessThan(stateAt(natural, NOW).amountSpentMinor);
  });

  it('cuts the limit, and the spend of later days with it', () => {
    const cut = under({ fromMs: NOW - 2 * DAY_MS, toMs: Infinity, limitFactor: 0.5 });
    expect(stateAt(cut, NOW).dailyLimit).toBe(Math.floor((stateAt(natural, NOW).dailyLimit ?? 0) / 2));
    expect(stateAt(cut, NOW).spendCapMinor).toBeLessThanOrEqual(
      Math.ceil(stateAt(natural, NOW).spendCapMinor / 2),
    );
    const yesterday = localDay(traits.market.zone, NOW) - 1;
    const limit = limitAt(cut, yesterday) * minorPerMajor(traits.market.currency);
    expect(dayDelivery(cut, yesterday, NOW).spendMinor).toBeLessThanOrEqual(limit);
  });

  it('resets the counter of the cap but not what was spent', () => {
    const reset = under({ fromMs: NOW - DAY_MS, toMs: NOW - DAY_MS, resetsAmountSpent: true });
    const spent = stateAt(reset, NOW).amountSpentMinor;
    expect(spent).toBeGreaterThan(0);
    expect(spent).toBeLessThan(stateAt(natural, NOW).amountSpentMinor / 10);
    expect(dayDelivery(reset, localDay(traits.market.zone, NOW), NOW)).toEqual(
      dayDelivery(natural, localDay(traits.market.zone, NOW), NOW),
    );
  });
});
