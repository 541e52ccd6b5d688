import { expect, test } from 'vitest';
import { isGo, judgePreflight, type PreflightFacts } from './preflight.ts';

const now = Date.parse('2026-11-24T12:00:00Z');
const dayMs = 86_400_000;
const day = { accountId: 'act_1', day: '2026-11-23', currency: 'USD', oursMinor: 10_000, metaMinor: 10_000 };

/** Everything as it should be. */
const good: PreflightFacts = {
  now,
  metricsMs: 300_000,
  connection: { name: 'First', state: 'ok', stateReason: null },
  token: {
    isAlive: true,
    problem: null,
    lacksReading: false,
    expiresAt: Infinity,
    dataAccessExpiresAt: Infinity,
  },
  accounts: { found: 5, readable: 5, monitored: 5, withoutLimit: 0 },
  days: [day],
  cycle: { finishedAt: now - 60_000, durationMs: 2000, attempted: 5, succeeded: 5 },
  highestUsagePercent: 3,
  versionWarning: null,
  board: { readMs: 40, pageMs: 60 },
  channels: { critical: 1, sentOnce: 1 },
  deadDeliveries: 0,
};

test('with everything in order every gate says go', () => {
  const gates = judgePreflight(good);
  expect(gates.map(({ verdict }) => verdict)).toEqual(gates.map(() => 'go'));
  expect(gates.map(({ remedy }) => remedy)).toEqual(gates.map(() => null));
  expect(isGo(gates)).toBe(true);
});

const many = (accounts: Partial<PreflightFacts['accounts']>) => ({
  accounts: { found: 100, readable: 100, monitored: 100, withoutLimit: 0, ...accounts },
});
const token = (facts: Partial<PreflightFacts['token']>) => ({ token: { ...good.token, ...facts } });
const cycle = (facts: object) => ({ cycle: { ...good.cycle!, ...facts } });

/** What is otherwise, the gate that must notice, and what it says. */
const table: [string, Partial<PreflightFacts>, 'stop' | 'warn' | 'go'][] = [
  ['connection works', { connection: { name: 'F', state: 'paused', stateReason: null } }, 'stop'],
  ['connection works', { connection: { name: 'F', state: 'token_dead', stateReason: 'expired' } }, 'stop'],
  ['token lives and may read', token({ isAlive: false, problem: 'expired' }), 'stop'],
  ['token lives and may read', token({ lacksReading: true }), 'stop'],
  ['token lives and may read', token({ isAlive: null }), 'stop'],
  ['token lives and may read', token({ problem: 'the list was refused' }), 'stop'],
  ['token lasts', token({ expiresAt: null, dataAccessExpiresAt: null }), 'warn'],
  ['token lasts', token({ expiresAt: now + 6.9 * dayMs }), 'stop'],
  ['token lasts', token({ dataAccessExpiresAt: now + 7 * dayMs }), 'warn'],
  ['token lasts', token({ expiresAt: now + 29.9 * dayMs }), 'warn'],
  ['token lasts', token({ expiresAt: now + 30 * dayMs }), 'go'],
  ['accounts, 5 first', many({ monitored: 4 }), 'warn'],
  ['accounts, 5 first', many({ monitored: 0 }), 'stop'],
  ['every account may be read', many({ readable: 95 }), 'warn'],
  ['every account may be read', many({ readable: 94 }), 'stop'],
  ['daily limits are told or entered', many({ withoutLimit: 10 }), 'warn'],
  ['daily limits are told or entered', many({ withoutLimit: 11 }), 'stop'],
  ['figures within 5% of a closed day', { days: [] }, 'stop'],
  ['figures within 5% of a closed day', { days: [{ ...day, metaMinor: null }] }, 'stop'],
  ['figures within 5% of a closed day', { days: [day, { ...day, metaMinor: null }] }, 'go'],
  ['figures within 5% of a closed day', { days: [{ ...day, oursMinor: 10_500 }] }, 'go'],
  ['figures within 5% of a closed day', { days: [day, { ...day, oursMinor: 10_501 }] }, 'stop'],
  ['figures within 5% of a closed day', { days: [{ ...day, oursMinor: 9_499 }] }, 'stop'],
  ['figures within 5% of a closed day', { days: [{ ...day, oursMinor: 100, metaMinor: 0 }] }, 'go'],
  ['cycle under 45 s, at least 95% read', { cycle: null }, 'stop'],
  ['cycle under 45 s, at least 95% read', cycle({ durationMs: 45_000 }), 'go'],
  ['cycle under 45 s, at least 95% read', cycle({ durationMs: 45_001 }), 'stop'],
  ['cycle under 45 s, at least 95% read', cycle({ attempted: 100, succeeded: 95 }), 'go'],
  ['cycle under 45 s, at least 95% read', cycle({ attempted: 100, succeeded: 94 }), 'stop'],
  ['cycle under 45 s, at least 95% read', cycle({ finishedAt: now - 600_001 }), 'stop'],
  ['board under 3 s', { board: { readMs: 2000, pageMs: 1001 } }, 'stop'],
  ['board under 3 s', { board: { readMs: 2000, pageMs: 1000 } }, 'go'],
  ['board under 3 s', { board: { readMs: 40, pageMs: null } }, 'warn'],
  ['somebody hears of it', { channels: { critical: 0, sentOnce: 0 } }, 'stop'],
  ['somebody hears of it', { channels: { critical: 1, sentOnce: 0 } }, 'warn'],
  ['messages arrive', { deadDeliveries: 1 }, 'warn'],
  ["Meta's limits are far", { highestUsagePercent: 75 }, 'warn'],
  ["Meta's limits are far", { highestUsagePercent: null }, 'go'],
  ["Meta's API version lasts", { versionWarning: 'v26.0 ends soon' }, 'warn'],
];

test.each(table)('%s: %j is %s', (gate, otherwise, verdict) => {
  const judged = judgePreflight({ ...good, ...otherwise });
  const found = judged.find((one) => one.gate === gate);
  expect(found?.verdict).toBe(verdict);
  // Whoever is told that something is amiss is told what to do.
  expect(found?.remedy === null).toBe(verdict === 'go');
  if (verdict === 'stop') expect(isGo(judged)).toBe(false);
});

test('nothing judged is no go', () => {
  expect(isGo([])).toBe(false);
});
