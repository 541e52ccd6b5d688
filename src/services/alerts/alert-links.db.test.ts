import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { noon } from '../accounts/fleet.fixture.ts';
import { actByLink } from './act-by-link.ts';
import { makeAlertLink } from './alert-links.ts';
import { AlertBench, minuteMs } from './alerts.fixture.ts';
import { readAlertLink } from './read-alert-link.ts';

const bench = new AlertBench();
beforeAll(bench.open);
beforeEach(bench.reset);
afterAll(bench.close);

const weekMs = 7 * 24 * 60 * minuteMs;

async function link(alertId: number, channel = 'ops'): Promise<string> {
  const path = await makeAlertLink(bench.database.sql, {
    alertId,
    channelId: bench.channels[channel] ?? 0,
    at: noon,
  });
  return path?.split('/').at(-1) ?? 'none';
}
const act = (token: string, what = 'acknowledge', reason = '') =>
  actByLink(bench.deps, { token, act: what, reason });

it('holds 256 bits, of which only the digest is stored', async () => {
  const id = await bench.add();
  const tokens = [await link(id), await link(id)];
  expect(new Set(tokens).size).toBe(2);
  for (const token of tokens) expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  const rows = await bench.database.sql<{ text: string }>`select l::text as text from one_time_links l`;
  expect(rows).toHaveLength(2);
  for (const { text } of rows) for (const token of tokens) expect(text).not.toContain(token);
});

it('shows the alert as often as it is opened, and changes nothing by that', async () => {
  const id = await bench.add({ told: { ops: 'sent' } });
  const token = await link(id);
  for (let i = 0; i < 3; i++)
    expect(await readAlertLink(bench.deps, token)).toMatchObject({
      channel: 'ops',
      title: 'Account suspended',
      state: 'open',
      fields: [{ label: 'Vendor', value: 'North' }],
    });
  expect((await bench.alertRow(id))?.acknowledged_at).toBeNull();
  expect(await bench.audit()).toEqual([]);
  expect(await act(token)).toEqual({ isDone: true });
});

it('of 20 posts at once one wins, and is written down under the name of the channel', async () => {
  const id = await bench.add({ told: { ops: 'sent' } });
  const token = await link(id);
  const acts = await Promise.all(Array.from({ length: 20 }, () => act(token, 'acknowledge', 'on my way')));
  expect(acts.filter(({ isDone }) => isDone)).toHaveLength(1);
  expect(await bench.alertRow(id)).toMatchObject({
    acknowledged_by: 'link sent to ops',
    acknowledged_reason: 'on my way',
  });
  expect(await bench.audit()).toHaveLength(1);
  expect((await bench.deliveries(id)).filter(({ purpose }) => purpose === 'acknowledged')).toHaveLength(1);
  expect(await readAlertLink(bench.deps, token)).toBeNull();
});

it('snoozes for an hour', async () => {
  const id = await bench.add();
  const token = await link(id);
  expect(await act(token, 'snooze')).toEqual({ isDone: true });
  expect(await bench.alertRow(id)).toMatchObject({
    snoozed_until: noon + 60 * minuteMs,
    acknowledged_at: null,
  });
  expect(await act(token)).toMatchObject({ isDone: false });
});

it('without words of its own the reason is that of the link', async () => {
  const id = await bench.add();
  await act(await link(id));
  expect((await bench.alertRow(id))?.acknowledged_reason).toBe('Acknowledged from the message');
});

it('runs out after a week, and ends with its channel', async () => {
  const id = await bench.add();
  const token = await link(id);
  bench.clock.at = noon + weekMs - 1;
  expect(await readAlertLink(bench.deps, token)).not.toBeNull();
  bench.clock.at = noon + weekMs;
  expect(await readAlertLink(bench.deps, token)).toBeNull();
  expect(await act(token)).toMatchObject({ isDone: false });
  bench.clock.at = noon;
  await bench.database.sql`update channels set removed_at = now() where name = 'ops'`;
  expect(await readAlertLink(bench.deps, token)).toBeNull();
  expect(await act(token)).toMatchObject({ isDone: false });
  expect((await bench.alertRow(id))?.acknowledged_at).toBeNull();
});

it('a wrong act or reason uses nothing up', async () => {
  const token = await link(await bench.add());
  expect(await act(token, 'resolve')).toMatchObject({ isDone: false });
  expect(await act(token, 'acknowledge', 'x')).toMatchObject({ isDone: false });
  expect(await act(token)).toEqual({ isDone: true });
});

it.each(['', 'x', '../etc', 'A'.repeat(43)])('%j leads nowhere', async (token) => {
  expect(await readAlertLink(bench.deps, token)).toBeNull();
  expect(await act(token)).toMatchObject({ isDone: false });
});

it("a vendor's own channel gets none", async () => {
  const id = await bench.add();
  await bench.database
    .sql`update channels set vendor_id = (select min(id) from vendors) where name = 'night'`;
  const { sql } = bench.database;
  expect(
    await makeAlertLink(sql, { alertId: id, channelId: bench.channels['night'] ?? 0, at: noon }),
  ).toBeNull();
});

it('no set-up link can be used on an alert', async () => {
  const id = await bench.add();
  const token = await link(id);
  await bench.database.sql`update one_time_links set purpose = 'first_admin'`;
  expect(await readAlertLink(bench.deps, token)).toBeNull();
  expect(await act(token)).toMatchObject({ isDone: false });
});
