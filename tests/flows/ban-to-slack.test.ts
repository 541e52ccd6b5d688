import { afterAll, beforeAll, expect, test } from 'vitest';
import { runMetrics, runStatus } from '../../src/server/triggers.ts';
import { sweepStatus } from '../../src/services/poll/sweep-status.ts';
import { flowHouse, type FlowHouse } from '../flow-house.ts';

const startAt = Date.parse('2026-11-23T15:00:07Z');
const minuteMs = 60_000;

let flow: FlowHouse;
beforeAll(async () => {
  flow = await flowHouse({ startAt });
});

afterAll(() => flow.close());

const rows = <Row extends object>(text: TemplateStringsArray) => flow.database.database.sql<Row>(text);

test('the first sweep and cycle fill the books and wake nobody', async () => {
  expect(await runStatus(flow.deps)).toMatchObject({
    outcome: 'ran',
    report: { attempted: 30, succeeded: 30, failures: {}, isDegraded: false },
  });
  expect(await runMetrics(flow.deps)).toMatchObject({
    outcome: 'ran',
    report: { failures: {}, isDegraded: false },
  });
  expect(await rows`select count(*) from accounts`).toEqual([{ count: 30 }]);
  expect(await rows`select count(*) from snapshots`).toEqual([{ count: 30 }]);
  expect(await rows`select kind, count(*) from transitions group by kind`).toEqual([
    { kind: 'discovered', count: 30 },
  ]);
  expect(await rows`select no from accounts where vendor_id is null`).toEqual([]);
  expect(flow.slack.messages).toEqual([]);
});

test('a slot runs once, however often it is triggered', async () => {
  expect(await Promise.all([1, 2, 3].map(() => runStatus(flow.deps)))).toEqual(
    Array.from({ length: 3 }, () => ({ outcome: 'taken' })),
  );
});

test('a ban becomes one transition, one alert and one Slack message; the way back is told as well', async () => {
  const [banned] = await flow.scenario({ kind: 'suspend_one' });
  await flow.advance(minuteMs);
  await runStatus(flow.deps);
  expect(flow.slack.messages).toHaveLength(1);
  const [message] = flow.slack.messages;
  expect(message).toMatchObject({ color: '#DC2626', title: 'Account suspended' });
  expect(message?.text).toContain(banned);
  expect(message?.text).toContain('ACTIVE → DISABLED (2)');
  expect(message?.text).toMatch(/\[[0-9A-Z]{6}\]/);
  expect(
    await rows`select state, state_since_source, suspended_at is not null as dated, final_spend_minor is not null as frozen,
    lifetime_clicks is not null as told from latest l join accounts a on a.no = l.account_no where state = 'suspended'
    order by state_since desc nulls last limit 1`,
  ).toEqual([{ state: 'suspended', state_since_source: 'meta', dated: true, frozen: true, told: true }]);

  await flow.advance(minuteMs);
  await runStatus(flow.deps);
  expect(flow.slack.messages).toHaveLength(1);

  await flow.scenario({ kind: 'back_to_normal' });
  await flow.advance(minuteMs);
  await runStatus(flow.deps);
  expect(flow.slack.messages.map(({ title }) => title)).toEqual(['Account suspended', 'Account restored']);
  expect(
    await rows`select count(*) from alerts where resolved_at is null and kind = 'account_suspended'`,
  ).toEqual([{ count: 0 }]);
});

test('a wave is one message that counts every account', async () => {
  await settle();
  const banned = await flow.scenario({ kind: 'ban_wave', count: 12 });
  await flow.advance(minuteMs);
  await runStatus(flow.deps);
  expect(flow.slack.messages).toHaveLength(1);
  expect(flow.slack.messages[0]?.title).toBe('12 accounts: account suspended');
  expect(
    await rows`select count(*) from alert_accounts aa join alerts a on a.id = aa.alert_id where a.key like 'mass:%'`,
  ).toEqual([{ count: banned.length }]);
  await flow.scenario({ kind: 'back_to_normal' });
  await flow.advance(minuteMs);
  await runStatus(flow.deps);
});

test('a cut daily limit is found by the metrics cycle', async () => {
  await settle();
  const [cut] = await flow.scenario({ kind: 'cut_limit' });
  await flow.advance(60 * minuteMs);
  await Promise.race([runMetrics(flow.deps), keepMoving(flow)]);
  const message = flow.slack.messages.find(({ title }) => title === 'Daily limit cut');
  expect(message?.text).toContain(cut);
  expect(message?.text).toMatch(/from .+ to .+ \(−50%\)/);
  await flow.scenario({ kind: 'back_to_normal' });
});

test('a dead token is told once, stops its accounts, and is forgotten when it lives again', async () => {
  await settle();
  await flow.scenario({ kind: 'dead_token' });
  for (let n = 0; n < 3; n++) {
    await flow.advance(minuteMs);
    await runStatus(flow.deps);
  }
  expect(flow.slack.messages.map(({ title }) => title)).toEqual(['Token dead']);
  expect(await rows`select state from connections`).toEqual([{ state: 'token_dead' }]);
  await flow.scenario({ kind: 'back_to_normal' });
  await flow.advance(minuteMs);
  await runStatus(flow.deps);
  expect(await rows`select state from connections`).toEqual([{ state: 'ok' }]);
  expect(await rows`select count(*) from alerts where kind = 'token_dead' and resolved_at is null`).toEqual([
    { count: 0 },
  ]);
});

test('an outage is told after three sweeps and suspends nobody', async () => {
  await settle();
  await flow.scenario({ kind: 'outage' });
  for (let n = 0; n < 3; n++) {
    await flow.advance(minuteMs);
    await Promise.race([runStatus(flow.deps), keepMoving(flow)]);
  }
  expect(flow.slack.messages.map(({ title }) => title)).toEqual(['Polling failing']);
  await flow.scenario({ kind: 'back_to_normal' });
  expect(
    await rows`select count(*) from transitions t where to_code = 2 and detected_at >= (
      select max(opened_at) - interval '3 min' from alerts where kind = 'polling_failing')`,
  ).toEqual([{ count: 0 }]);
});

test('an account that vanishes is lost after two confirmations and comes back', async () => {
  await settle();
  const [gone] = await flow.scenario({ kind: 'access_lost' });
  for (let n = 0; n < 7; n++) {
    await flow.advance(minuteMs);
    await runStatus(flow.deps);
  }
  const state = () =>
    flow.database.database.sql<{ state: string }>`
      select l.state from latest l join accounts a on a.no = l.account_no where a.account_id = ${gone ?? ''}`;
  expect(await state()).toEqual([{ state: 'access_lost' }]);
  await flow.scenario({ kind: 'back_to_normal' });
  await flow.advance(minuteMs);
  await runStatus(flow.deps);
  expect((await state())[0]?.state).not.toBe('access_lost');
  expect(
    await rows`select kind, count(*) from transitions where kind like 'access_%' group by kind order by kind`,
  ).toEqual([
    { kind: 'access_lost', count: 1 },
    { kind: 'access_regained', count: 1 },
  ]);
});

test('people are told before Meta is asked what happened, and a telling that fails leaves screens and story their part', async () => {
  await settle();
  const [banned = ''] = await flow.scenario({ kind: 'suspend_one' });
  await flow.advance(minuteMs);
  const story = () =>
    flow.database.database.sql<{ isRead: boolean }>`
      select l.story_read_at is not null and l.story_read_at >= l.state_since as "isRead"
      from latest l join accounts a on a.no = l.account_no where a.account_id = ${banned}`;
  let before: unknown;
  const telling = sweepStatus(flow.deps, async () => {
    before = await story();
    throw new Error('nobody can be told');
  });
  await expect(telling).rejects.toThrow('nobody can be told');
  expect(before).toEqual([{ isRead: false }]);
  expect(await story()).toEqual([{ isRead: true }]);
});

/** A quiet time after which no earlier change counts any more; what is to be said again in it is said and forgotten. */
async function settle(): Promise<void> {
  await flow.scenario({ kind: 'back_to_normal' });
  for (let n = 0; n < 3; n++) {
    await flow.advance(61 * minuteMs);
    await Promise.race([runStatus(flow.deps), keepMoving(flow)]);
  }
  flow.slack.messages.length = 0;
}

/** Lets the pauses between tries pass. */
async function keepMoving({ clock }: FlowHouse): Promise<never> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    clock.advance(50);
  }
}
