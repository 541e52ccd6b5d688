import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { AlertAsk } from '../../contract/alert-view.ts';
import { noon, stranger, viewer } from '../accounts/fleet.fixture.ts';
import { readSurroundings } from '../accounts/read-surroundings.ts';
import { countOpen } from './count-open.ts';
import { admin, AlertBench, analyst, minuteMs } from './alerts.fixture.ts';
import { createSilence } from './create-silence.ts';
import { readAlertScreen } from './read-alert-screen.ts';

const bench = new AlertBench();
beforeAll(bench.open);
beforeEach(bench.reset);
afterAll(bench.close);

const nothing: AlertAsk = { tab: 'open', kind: null, vendor: null, chosen: null, before: null };
const read = (ask: Partial<AlertAsk> = {}, actor = viewer) =>
  readAlertScreen(bench.deps, actor, { ...nothing, ...ask });
const idsOf = async (ask: Partial<AlertAsk> = {}) => (await read(ask)).alerts.map(({ id }) => id);

it('shows what holds: critical ones first, then the newest; what ended comes last', async () => {
  const ended = await bench.add({ resolvedAt: noon });
  const old = await bench.add({ openedAt: noon - 60 * minuteMs });
  const warning = await bench.add({ severity: 'warning' });
  const young = await bench.add({ openedAt: noon - minuteMs });
  const taken = await bench.add({ acknowledgedBy: 'mara@example.com' });
  expect(await idsOf()).toEqual([young, old, warning]);
  expect(await idsOf({ tab: 'acknowledged' })).toEqual([taken]);
  expect(await idsOf({ tab: 'resolved' })).toEqual([ended]);
  expect(await idsOf({ tab: 'all' })).toEqual([taken, young, old, warning, ended]);
  expect((await read()).counts).toEqual({ open: 3, acknowledged: 1 });
});

it('narrows by kind and vendor', async () => {
  const [north = 0, , south = 0] = bench.accounts;
  const one = await bench.add({ accounts: [north], kind: 'access_lost' });
  const two = await bench.add({ accounts: [south] });
  await bench.add({ kind: 'token_dead' });
  expect(await idsOf({ vendor: 'North' })).toEqual([one]);
  expect(await idsOf({ vendor: 'South' })).toEqual([two]);
  expect(await idsOf({ kind: 'access_lost' })).toEqual([one]);
  expect(await idsOf({ kind: 'access_lost', vendor: 'South' })).toEqual([]);
});

it('says when it is told again only of what somebody was told', async () => {
  const nobody = await bench.add({});
  const told = await bench.add({ told: { ops: 'sent' } });
  await bench.database.sql`update alerts set next_step_at = ${noon + minuteMs}`;
  const next = new Map((await read()).alerts.map(({ id, nextStepAt }) => [id, nextStepAt]));
  expect([next.get(nobody), next.get(told)]).toEqual([null, noon + minuteMs]);
});

it('pages through what ended', async () => {
  const ids = [];
  for (let i = 0; i < 52; i++) ids.unshift(await bench.add({ resolvedAt: noon }));
  const first = await read({ tab: 'resolved' });
  expect(first.alerts.map(({ id }) => id)).toEqual(ids.slice(0, 50));
  const rest = await read({ tab: 'resolved', before: first.olderThan });
  expect(rest.alerts.map(({ id }) => id)).toEqual(ids.slice(50));
  expect(rest.olderThan).toBeNull();
});

it('tells of a wave whom it hit, who is still down and what money is left', async () => {
  const { sql } = bench.database;
  const [one = 0, two = 0, three = 0] = bench.accounts;
  await sql`update latest set state = 'suspended', spend_cap_source = 'meta', spend_cap_minor = 5000,
    amount_spent_minor = 1200 where account_no in (${one}, ${two})`;
  await sql`update latest set spend_cap_source = 'unknown' where account_no = ${two}`;
  const id = await bench.add({ accounts: [one, two, three] });
  const single = await bench.add({ accounts: [one], openedAt: noon - minuteMs });
  const { alerts, chosen } = await read();
  const wave = alerts.find((alert) => alert.id === id);
  expect(wave?.vendors).toEqual([
    { vendor: 'North', named: 2, down: 2, accounts: 2 },
    { vendor: 'South', named: 1, down: 0, accounts: 1 },
  ]);
  expect(wave?.fundsLeft).toEqual({ byCurrency: [{ currency: 'USD', minor: 7600 }], unread: 1 });
  expect(wave?.accounts.map(({ accountId }) => accountId)).toEqual(['act_1', 'act_2', 'act_3']);
  expect(chosen?.id).toBe(single);
  expect((await read({ chosen: id })).chosen?.id).toBe(id);
  expect((await read({ chosen: 999 })).chosen).toBeNull();
  await sql`update latest set state = 'active', spend_cap_source = 'unknown' where account_no in (${one}, ${two})`;
});

it('shows the silences in force, to be ended by those who may', async () => {
  const wish = { reason: 'card is changed', account: null, vendor: 'North', kinds: ['access_lost'] };
  await createSilence(bench.deps, admin, { ...wish, hours: 2 });
  await createSilence(bench.deps, admin, { ...wish, hours: 1, vendor: null });
  expect((await read({}, analyst)).silences).toMatchObject([
    { scope: 'Access lost', canEnd: false },
    { scope: 'Access lost of North', author: admin.name, canEnd: false },
  ]);
  expect((await read({}, admin)).silences.map(({ canEnd }) => canEnd)).toEqual([true, true]);
  bench.clock.at += 60 * minuteMs;
  expect((await read()).silences).toHaveLength(1);
});

it('counts what nobody has acknowledged, and no news', async () => {
  await bench.add();
  await bench.add({ severity: 'warning' });
  await bench.add({ severity: 'info' });
  await bench.add({ acknowledgedBy: 'mara@example.com' });
  await bench.add({ resolvedAt: noon });
  expect(await countOpen(bench.deps, viewer)).toBe(2);
  expect(await readSurroundings(bench.deps, viewer)).toMatchObject({
    openAlerts: 2,
    fleet: { accounts: 3, simulated: 0 },
  });
});

it('is refused to a role that the table does not know', async () => {
  const forbidden = { refusal: 'forbidden' };
  await expect(read({}, stranger)).rejects.toMatchObject(forbidden);
  await expect(countOpen(bench.deps, stranger)).rejects.toMatchObject(forbidden);
  await expect(readSurroundings(bench.deps, stranger)).rejects.toMatchObject(forbidden);
});
