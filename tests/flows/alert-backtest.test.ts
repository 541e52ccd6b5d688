import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AccountSource } from '../../src/ports/account-source.ts';
import type { Deps } from '../../src/server/house.ts';
import { readFigures, runDaily } from '../../src/server/triggers.ts';
import { backtestRule } from '../../src/services/alerts/backtest-rule.ts';
import { setRule } from '../../src/services/alerts/set-rule.ts';
import { sweepStatus } from '../../src/services/poll/sweep-status.ts';
import { flowHouse, type FlowHouse } from '../flow-house.ts';
import { operator } from '../members-house.ts';

/** A day of a simulated fleet, judged live under sharp rules; then the same time is played again from what was stored. */

const slotMs = 5 * 60_000;
const dayMs = 24 * 60 * 60_000;
const startAt = Date.parse('2026-11-23T09:00:20Z');
const slots = dayMs / slotMs;
/** More than an hour apart, so that the first slot of the day has none before it, live as in the backtest. */
const apartMs = 65 * 60_000;

/** So sharp that a healthy fleet crosses them now and then. */
const sharp: Record<string, Record<string, number>> = {
  funds_low: { hours: 700, percent: 60 },
  cpc_jump: { percent: 5, clicks: 10, floor: 1 },
  stuck_delivery: { floor: 0, after: 1 },
  blind_spot: {},
};
const kinds = Object.keys(sharp);

let flow: FlowHouse;
let deps: Deps;
/** The account that is left unread for a while. */
let hidden: { accountId: string | null } = { accountId: null };

beforeAll(async () => {
  flow = await flowHouse({ startAt, accounts: 30 });
  deps = { ...flow.deps, sourceOf: async (of) => withoutHidden(await flow.deps.sourceOf(of)) };
  for (const kind of kinds) await set(kind, { isOn: false });
  // The history comes in, and a whole day of every zone is seen: the backtest takes days as they ended.
  for (let time = 0; time < 28; time++) await step(apartMs);
  await runDaily(deps);
  for (const kind of kinds) await set(kind, { isOn: true, thresholds: sharp[kind] ?? {} });
  for (let slot = 0; slot < slots; slot++) {
    if (slot === 20) await flow.scenario({ kind: 'suspend_one' });
    if (slot === 30) await flow.scenario({ kind: 'cut_limit', count: 3 });
    if (slot === 40) hidden = { accountId: await anyActive() };
    if (slot === 50) hidden = { accountId: null };
    if (slot === 60) await flow.scenario({ kind: 'back_to_normal' });
    if (slot === 70) await flow.scenario({ kind: 'ban_wave', count: 4 });
    await step(slot === 0 ? apartMs : slotMs);
  }
}, 400_000);
afterAll(() => flow.close());

async function step(afterMs = slotMs): Promise<void> {
  await flow.advance(afterMs);
  await sweepStatus(deps);
  await readFigures(deps);
}

async function set(kind: string, wish: { isOn: boolean; thresholds?: Record<string, number> }) {
  expect(await setRule(deps, operator, { kind, ...wish })).toMatchObject({ isDone: true });
}

const rows = <Row extends object>(text: TemplateStringsArray, ...values: (string | number)[]) =>
  flow.database.database.sql<Row>(text, ...values);

async function anyActive(): Promise<string | null> {
  const [row] = await rows<{ id: string }>`
    select a.account_id as id from accounts a join latest l on l.account_no = a.no
    where l.state = 'active' order by a.no desc limit 1`;
  return row?.id ?? null;
}

function withoutHidden(source: AccountSource | null): AccountSource | null {
  if (source === null) return null;
  return new Proxy(source, {
    get(of, name: keyof AccountSource) {
      if (name === 'readMetrics')
        return ((requests, turn) =>
          of.readMetrics(
            requests.filter(({ accountId }) => accountId !== hidden.accountId),
            turn,
          )) satisfies AccountSource['readMetrics'];
      const value = of[name];
      return typeof value === 'function' ? value.bind(of) : value;
    },
  });
}

test.each(kinds)('%s fires in the backtest when and where it fired live', async (kind) => {
  const live = await rows<{ at: number; accountId: string }>`
    select al.opened_at as at, a.account_id as "accountId" from alerts al
    join alert_accounts aa on aa.alert_id = al.id join accounts a on a.no = aa.account_no
    where al.kind = ${kind} order by al.opened_at, a.account_id`;
  const fired = live.map(({ at, accountId }) => `${accountId} ${Math.floor(at / slotMs)}`).sort();
  const outcome = await backtestRule(deps, operator, { kind, days: 1 });
  if (!outcome.isDone) throw new Error(outcome.problem);
  const { firings, first, byAccount, judged, unknown, accounts } = outcome.value;
  console.log(
    `${kind}: ${fired.length} live, ${firings} in the backtest of ${judged} slots, ${unknown} unknown`,
  );
  expect(fired.length).toBeGreaterThan(0);
  expect([firings, accounts]).toEqual([fired.length, 30]);
  const counts = (ids: string[]) =>
    [...new Set(ids)].sort().map((id) => `${id} ${ids.filter((one) => one === id).length}`);
  expect(byAccount.map((one) => `${one.accountId} ${one.firings}`).sort()).toEqual(
    counts(live.map(({ accountId }) => accountId)),
  );
  const firstOnes = first.map(({ at, accountId }) => `${accountId} ${Math.floor(at / slotMs)}`);
  expect(firstOnes.filter((one) => !fired.includes(one))).toEqual([]);
  expect(first).toHaveLength(Math.min(20, fired.length));
});

test.each(['account_suspended', 'daily_limit_cut', 'account_restored'])(
  '%s as well, from what changed',
  async (kind) => {
    const outcome = await backtestRule(deps, operator, { kind, days: 1 });
    if (!outcome.isDone) throw new Error(outcome.problem);
    const [live] = await rows<{ count: number }>`
      select count(*) from alerts al join alert_accounts aa on aa.alert_id = al.id
      where al.kind = ${kind} and al.opened_at >= ${outcome.value.from}`;
    console.log(`${kind}: ${live?.count} live, ${outcome.value.firings} in the backtest`);
    expect(live?.count).toBeGreaterThan(0);
    expect(outcome.value.firings).toBe(live?.count);
  },
);
