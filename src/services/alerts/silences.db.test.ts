import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { SilenceWish } from '../../contract/alert-acts.ts';
import { parseAccountId } from '../../domain/account.ts';
import type { Actor } from '../../domain/permissions.ts';
import { noon, stranger, viewer } from '../accounts/fleet.fixture.ts';
import { admin, AlertBench, analyst, minuteMs } from './alerts.fixture.ts';
import { createSilence } from './create-silence.ts';
import { endSilence } from './end-silence.ts';

const bench = new AlertBench();
beforeAll(bench.open);
beforeEach(bench.reset);
afterAll(bench.close);

const ofAccount: SilenceWish = {
  reason: 'moved to another card',
  hours: 24,
  account: parseAccountId('act_2'),
  vendor: null,
  kinds: [],
};
const create = (actor: Actor, wish: Partial<SilenceWish> = {}) =>
  createSilence(bench.deps, actor, { ...ofAccount, ...wish });
const silences = () =>
  bench.database.sql<Record<string, unknown>>`
    select author, reason, starts_at, ends_at, kinds, vendor_id, account_no, ended_at, ended_by from silences`;

it('an analyst may keep one account quiet for a day', async () => {
  expect(await create(analyst)).toEqual({ isDone: true });
  expect(await silences()).toEqual([
    {
      author: analyst.name,
      reason: ofAccount.reason,
      starts_at: noon,
      ends_at: noon + 24 * 60 * minuteMs,
      kinds: null,
      vendor_id: null,
      account_no: bench.accounts[1],
      ended_at: null,
      ended_by: null,
    },
  ]);
  expect(await bench.audit()).toEqual([
    {
      actor: analyst.name,
      action: 'silence.created',
      detail: expect.objectContaining({ account: 'act_2', endsAt: '2026-11-25T12:00:00.000Z' }),
    },
  ]);
});

const kindOnly = { account: null, kinds: ['account_suspended'] };
it.each([
  ['longer than a day', { hours: 24.1 }],
  ['a vendor', { account: null, vendor: 'North' }],
  ['a kind', kindOnly],
])('%s is for an admin', async (_words, wish) => {
  expect(await create(analyst, wish)).toEqual({
    isDone: false,
    problem: expect.stringMatching(/Only an admin/),
  });
  expect(await silences()).toEqual([]);
  expect(await create(admin, wish)).toEqual({ isDone: true });
});

it.each([
  [{ reason: 'no' }, /3 to 500/],
  [{ hours: 0 }, /how many hours/],
  [{ hours: Number.NaN }, /how many hours/],
  [{ hours: 24 * 91 }, /90 days/],
  [{ account: parseAccountId('act_9') }, /no account act_9/],
  [{ account: null, vendor: 'East' }, /no vendor "East"/],
  [{ account: null, kinds: ['of_nothing'] }, /no kind of alert "of_nothing"/],
  [{ account: null }, /what to silence/],
])('%o is refused with a reason', async (wish, words) => {
  expect(await create(admin, wish)).toEqual({ isDone: false, problem: expect.stringMatching(words) });
  expect(await silences()).toEqual([]);
  expect(await bench.audit()).toEqual([]);
});

it.each([viewer, stranger])('%o may neither begin nor end one', async (actor) => {
  await create(admin);
  await expect(create(actor)).rejects.toMatchObject({ refusal: 'forbidden' });
  await expect(endSilence(bench.deps, actor, { silenceId: 1 })).rejects.toMatchObject({
    refusal: 'forbidden',
  });
});

it('is ended once, by an analyst only where he could have begun it', async () => {
  await create(admin, kindOnly);
  await create(admin);
  const end = (actor: Actor, silenceId: number) => endSilence(bench.deps, actor, { silenceId });
  expect(await end(analyst, 1)).toMatchObject({ isDone: false });
  expect(await end(admin, 1)).toEqual({ isDone: true });
  expect(await end(admin, 1)).toMatchObject({ isDone: false });
  expect(await end(analyst, 2)).toEqual({ isDone: true });
  expect(await silences()).toMatchObject([
    { ended_at: noon, ended_by: admin.name },
    { ended_at: noon, ended_by: analyst.name },
  ]);
  expect((await bench.audit()).map(({ action }) => action)).toEqual([
    'silence.created',
    'silence.created',
    'silence.ended',
    'silence.ended',
  ]);
});

it('one that is over cannot be ended', async () => {
  await create(admin, { hours: 1 });
  bench.clock.at += 60 * minuteMs;
  expect(await endSilence(bench.deps, admin, { silenceId: 1 })).toMatchObject({ isDone: false });
});
