import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { noon, stranger, viewer } from '../accounts/fleet.fixture.ts';
import { acknowledgeAlert, takeAlert } from './acknowledge-alert.ts';
import { admin, AlertBench, analyst, minuteMs } from './alerts.fixture.ts';
import { snoozeAlert } from './snooze-alert.ts';

const bench = new AlertBench();
beforeAll(bench.open);
beforeEach(bench.reset);
afterAll(bench.close);

const reason = 'appeal filed';
const acknowledge = (alertId: number, actor = analyst, why = reason) =>
  acknowledgeAlert(bench.deps, actor, { alertId, reason: why });

it('acknowledging stops the steps, tells the channels that got the alert, and is written down', async () => {
  const id = await bench.add({ told: { ops: 'sent', night: 'dead', phone: 'sent' } });
  await bench.deliver(id, 'night', 'sent', 1, 'escalated');
  await bench.deliver(id, 'phone', 'pending', 2, 'repeat');
  expect(await acknowledge(id, analyst, `  ${reason} `)).toEqual({ isDone: true });
  expect(await bench.alertRow(id)).toEqual({
    acknowledged_at: noon,
    acknowledged_by: analyst.name,
    acknowledged_reason: reason,
    next_step_at: null,
    snoozed_until: null,
  });
  const news = (await bench.deliveries(id)).filter(({ purpose }) => purpose === 'acknowledged');
  // On each channel it comes after whatever that one was told; a repeat that nobody has tried is not wanted any more.
  expect(news.map(({ channel, step, state }) => [channel, step, state])).toEqual([
    ['ops', 1, 'pending'],
    ['phone', 1, 'pending'],
    ['night', 2, 'pending'],
  ]);
  expect(await bench.audit()).toEqual([
    { actor: analyst.name, action: 'alert.acknowledged', detail: { alertId: id, reason } },
  ]);
});

it('a channel that is removed hears nothing of it; one whose message is still on its way does', async () => {
  const id = await bench.add({ told: { ops: 'sent', night: 'retry', phone: 'sent' } });
  await bench.database.sql`update channels set removed_at = now() where name = 'phone'`;
  await acknowledge(id);
  const told = (await bench.deliveries(id)).filter(({ purpose }) => purpose === 'acknowledged');
  expect(told.map(({ channel }) => channel)).toEqual(['ops', 'night']);
});

it('of many who acknowledge at once one does, and the others are told who', async () => {
  const id = await bench.add({ told: { ops: 'sent' } });
  const acts = await Promise.all(Array.from({ length: 12 }, () => acknowledge(id)));
  expect(acts.filter(({ isDone }) => isDone)).toHaveLength(1);
  expect(acts.find(({ isDone }) => !isDone)).toEqual({
    isDone: false,
    problem: `${analyst.name} has acknowledged it already.`,
  });
  expect((await bench.deliveries(id)).filter(({ purpose }) => purpose === 'acknowledged')).toHaveLength(1);
  expect(await bench.audit()).toHaveLength(1);
});

it('whoever comes while somebody is at it waits, and is told who was first', async () => {
  const id = await bench.add();
  const later = await bench.database.transaction(async (sql) => {
    await takeAlert(sql, { alertId: id, by: 'first@example.com', reason, at: noon });
    const waiting = acknowledge(id);
    await vi.waitFor(async () => {
      const blocked = await bench.database.sql`
        select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      expect(blocked).toHaveLength(1);
    });
    return { waiting };
  });
  expect(await later.waiting).toEqual({
    isDone: false,
    problem: 'first@example.com has acknowledged it already.',
  });
  expect((await bench.alertRow(id))?.acknowledged_by).toBe('first@example.com');
});

it.each([
  ['a', /3 to 500/],
  ['  ab  ', /3 to 500/],
  ['x'.repeat(501), /3 to 500/],
  ['two\nlines', /one line/],
])('the reason %j is refused', async (why, words) => {
  const id = await bench.add();
  const act = await acknowledge(id, analyst, why);
  expect(act).toEqual({ isDone: false, problem: expect.stringMatching(words) });
  expect((await bench.alertRow(id))?.acknowledged_at).toBeNull();
  expect(await bench.audit()).toEqual([]);
});

it('nobody can act on what has ended or never was', async () => {
  const ended = await bench.add({ resolvedAt: noon });
  for (const id of [ended, 999]) {
    expect(await acknowledge(id)).toMatchObject({ isDone: false });
    expect(await snoozeAlert(bench.deps, analyst, { alertId: id, until: '1h' })).toMatchObject({
      isDone: false,
    });
  }
  expect(await acknowledge(-1)).toMatchObject({ isDone: false });
  expect(await bench.audit()).toEqual([]);
});

it.each([viewer, stranger])('%o may not', async (actor) => {
  const id = await bench.add();
  const forbidden = { refusal: 'forbidden' };
  await expect(acknowledge(id, actor)).rejects.toMatchObject(forbidden);
  await expect(snoozeAlert(bench.deps, actor, { alertId: id, until: '1h' })).rejects.toMatchObject(forbidden);
  expect((await bench.alertRow(id))?.acknowledged_at).toBeNull();
});

it('an admin may as well', async () => {
  expect(await acknowledge(await bench.add(), admin)).toEqual({ isDone: true });
});

it.each([
  ['15min', noon + 15 * minuteMs],
  ['1h', noon + 60 * minuteMs],
  ['4h', noon + 240 * minuteMs],
  // 08:00 of the member's own zone, UTC-5.
  ['tomorrow', Date.parse('2026-11-25T13:00:00Z')],
] as const)('snoozed for %s it rests until then', async (until, end) => {
  await bench.database.sql`delete from members`;
  await bench.database.sql`
    insert into members (email, role, timezone) values (${analyst.name}, 'analyst', 'America/New_York')`;
  const id = await bench.add({ told: { ops: 'sent' } });
  await bench.deliver(id, 'ops', 'pending', 1, 'repeat');
  expect(await snoozeAlert(bench.deps, analyst, { alertId: id, until })).toEqual({ isDone: true });
  expect(await bench.alertRow(id)).toMatchObject({ snoozed_until: end, next_step_at: end });
  expect((await bench.deliveries(id)).map(({ purpose }) => purpose)).toEqual(['opened']);
  expect(await bench.audit()).toEqual([
    {
      actor: analyst.name,
      action: 'alert.snoozed',
      detail: { alertId: id, until: new Date(end).toISOString() },
    },
  ]);
});

it('a nameless zone is UTC, and another word for until is refused', async () => {
  await bench.database.sql`delete from members`;
  const id = await bench.add();
  expect(await snoozeAlert(bench.deps, analyst, { alertId: id, until: 'tomorrow' })).toEqual({
    isDone: true,
  });
  expect(await bench.alertRow(id)).toMatchObject({ snoozed_until: Date.parse('2026-11-25T08:00:00Z') });
  const act = await snoozeAlert(bench.deps, analyst, { alertId: id, until: 'for ever' as '1h' });
  expect(act).toMatchObject({ isDone: false });
});
