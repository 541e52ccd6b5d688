import { afterEach, beforeEach, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import type { Actor } from '../../domain/permissions.ts';
import { addAccount, manualClock, noon, viewer } from '../accounts/fleet.fixture.ts';
import type { RuleWish } from './rule-wish.ts';
import { setRule } from './set-rule.ts';

let store: TestDatabase;
const admin: Actor = { role: 'admin', name: 'ann@example.com' };

beforeEach(async () => {
  store = await testDatabase();
  await addAccount(store.database.sql, { id: 'act_1', vendor: 'North' });
});
afterEach(() => store.drop());

const set = (wish: RuleWish) => setRule({ database: store.database, clock: manualClock() }, admin, wish);
const stored = () => store.database.sql`
  select r.kind, v.name as vendor, account_no as no, is_on as "isOn", severity, thresholds, updated_by as by, updated_at as at
  from alert_rules r left join vendors v on v.id = r.vendor_id order by r.id`;
const audits = () => store.database.sql`select actor, action, detail from audit_log order by id`;

test('a word is added to what was said before, and taken back field by field till nothing is left', async () => {
  await set({ kind: 'funds_low', vendor: 'North', thresholds: { hours: 3 } });
  await set({ kind: 'funds_low', vendor: 'North', thresholds: { percent: 5 }, severity: 'critical' });
  const rest = { kind: 'funds_low', vendor: 'North', no: null, by: admin.name, at: noon };
  expect(await stored()).toEqual([
    { ...rest, isOn: null, severity: 'critical', thresholds: { hours: 3, percent: 5 } },
  ]);
  await set({ kind: 'funds_low', vendor: 'North', thresholds: { hours: null }, isOn: false });
  expect(await stored()).toEqual([
    { ...rest, isOn: false, severity: 'critical', thresholds: { percent: 5 } },
  ]);
  await set({
    kind: 'funds_low',
    vendor: 'North',
    thresholds: { percent: null },
    isOn: null,
    severity: null,
  });
  expect(await stored()).toEqual([]);
  expect(await audits()).toHaveLength(4);
  expect((await audits())[1]).toEqual({
    ...{ actor: admin.name, action: 'rule.set' },
    detail: {
      ...{ kind: 'funds_low', vendor: 'North', accountId: null, isOn: null, severity: 'critical' },
      thresholds: { hours: 3, percent: 5 },
    },
  });
});

test('all, a vendor and an account each have a rule of their own', async () => {
  await set({ kind: 'cpc_jump', isOn: false });
  await set({ kind: 'cpc_jump', vendor: 'North', isOn: true });
  await set({ kind: 'cpc_jump', accountId: 'act_1', thresholds: { percent: 90 } });
  await set({ kind: 'cpc_jump', isOn: true });
  expect(await stored()).toMatchObject([
    { vendor: null, no: null, isOn: true },
    { vendor: 'North', no: null, isOn: true },
    { vendor: null, no: 1, isOn: null, thresholds: { percent: 90 } },
  ]);
});

test.each<[RuleWish, RegExp]>([
  [{ kind: 'nonsense', isOn: true }, /no kind of alert "nonsense"; there are account_suspended/],
  [{ kind: 'channel_disabled', isOn: false }, /cannot be tuned/],
  [{ kind: 'token_dead', vendor: 'North', isOn: false }, /whole connection: leave the vendor/],
  [{ kind: 'token_expiring', severity: 'info' }, /as severe as few days are left/],
  [{ kind: 'funds_low', vendor: 'East', isOn: false }, /no vendor "East"; see: vendor list/],
  [{ kind: 'funds_low', accountId: '1', isOn: false }, /"1" is no account id/],
  [{ kind: 'funds_low', accountId: 'act_9', isOn: false }, /no account act_9/],
  [{ kind: 'funds_low', accountId: 'act_1', vendor: 'North', isOn: false }, /not both/],
  [{ kind: 'funds_low', severity: 'loud' }, /no severity; there are critical, warning, info/],
  [{ kind: 'funds_low', thresholds: { hours: 1000 } }, /hours is a number of hours from 0 to 720/],
  [{ kind: 'funds_low', thresholds: { hour: null } }, /no threshold "hour"/],
])('%j is refused with what to do, and nothing is written', async (wish, problem) => {
  const outcome = await set(wish);
  expect(outcome.isDone ? '' : outcome.problem).toMatch(problem);
  expect([await stored(), await audits()]).toEqual([[], []]);
});

test('only who may change rules may', async () => {
  const deps = { database: store.database, clock: manualClock() };
  await expect(setRule(deps, viewer, { kind: 'cpc_jump', isOn: false })).rejects.toMatchObject({
    refusal: 'forbidden',
  });
});
