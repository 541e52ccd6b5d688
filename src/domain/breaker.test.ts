import { expect, test } from 'vitest';
import { admitRequest, closedBreaker, settleRequest, type Breaker } from './breaker.ts';

const fail = (breaker: Breaker, times: number, now: number): Breaker => {
  let next = breaker;
  for (let n = 0; n < times; n++) next = settleRequest(next, true, now);
  return next;
};

test('nine failures in a row rest nothing, the tenth does; a success in between starts anew', () => {
  expect(admitRequest(fail(closedBreaker, 9, 0), 0).isAdmitted).toBe(true);
  expect(admitRequest(fail(closedBreaker, 10, 0), 14_999).isAdmitted).toBe(false);
  const again = settleRequest(fail(closedBreaker, 9, 0), false, 0);
  expect(admitRequest(fail(again, 9, 0), 0).isAdmitted).toBe(true);
});

test('half open: one request at a time, and what it brings decides', () => {
  const open = fail(closedBreaker, 10, 0);
  const probing = admitRequest(open, 15_000);
  expect(probing.isAdmitted).toBe(true);
  expect(admitRequest(probing.breaker, 15_000).isAdmitted).toBe(false);
  expect(settleRequest(probing.breaker, false, 15_100)).toEqual(closedBreaker);
  const reopened = settleRequest(probing.breaker, true, 15_100);
  expect(admitRequest(reopened, 45_099).isAdmitted).toBe(false);
  expect(admitRequest(reopened, 45_100).isAdmitted).toBe(true);
});

test('the rest doubles up to five minutes', () => {
  let breaker = fail(closedBreaker, 10, 0);
  const rests: number[] = [];
  for (let n = 0, now = 0; n < 8; n++) {
    rests.push((breaker.openUntil ?? 0) - now);
    now = breaker.openUntil ?? 0;
    breaker = settleRequest(admitRequest(breaker, now).breaker, true, now);
  }
  expect(rests.map((ms) => ms / 1000)).toEqual([15, 30, 60, 120, 240, 300, 300, 300]);
});

test('failures that were under way when it opened do not lengthen the rest', () => {
  const open = fail(closedBreaker, 10, 0);
  expect(fail(open, 5, 1000).openUntil).toBe(open.openUntil);
});

test('a clock that is set back does not make the rest longer', () => {
  const hourMs = 3_600_000;
  const open = fail(closedBreaker, 10, 48 * hourMs);
  expect(admitRequest(open, 48 * hourMs - 1000).isAdmitted).toBe(false);
  expect(admitRequest(open, 24 * hourMs).isAdmitted).toBe(true);
});
