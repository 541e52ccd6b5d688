import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shortId } from '../../src/domain/short-id.ts';
import { flowHouse, type FlowHouse } from '../flow-house.ts';

/** Kill -9 at random moments of cycles and sending: nothing is lost, nothing is half written. */

const kills = 20;
const seed = Number(process.env['KILL_SEED'] ?? 20_261_123);
const slotMs = 5000;
// Beyond every lease, so that whatever a killed worker held is free for the next one.
const leapMs = 120_000;
const startAt = Date.parse('2026-11-23T15:00:00Z');

let flow: FlowHouse;
let virtualNow = startAt;
beforeAll(async () => {
  flow = await flowHouse({ startAt, accounts: 80 });
});
afterAll(() => flow?.close());

const rows = <Row extends object>(text: TemplateStringsArray) => flow.database.database.sql<Row>(text);

function dice(): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}

/** Starts a worker where the last one's time ended. `end` kills it, or waits for its rounds. */
async function startWorker(rounds: number): Promise<{ child: ChildProcess; ended: Promise<void> }> {
  const child = spawn(process.execPath, ['--import', 'tsx', path.join(import.meta.dirname, 'worker.ts')], {
    env: {
      NODE_ENV: 'test',
      PATH: process.env['PATH'] ?? '',
      DATABASE_URL: flow.database.url,
      META_GRAPH_URL: flow.simulator.graphUrl,
      FB_ACCESS_TOKEN: 'kill',
      SLACK_WEBHOOK_URL: flow.slack.url,
      STATUS_SWEEP_SECONDS: String(slotMs / 1000),
      METRICS_CYCLE_SECONDS: String(slotMs / 1000),
      START_AT: String(virtualNow),
      ROUNDS: String(rounds),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit').then(() => undefined);
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    if (/^\d+$/.test(line)) virtualNow = Math.max(virtualNow, Number(line));
  });
  await once(lines, 'line');
  return { child, ended };
}

/** Both worlds go on, so that figures move and every lease runs out. */
async function leap(): Promise<void> {
  virtualNow += leapMs;
  await flow.advance(leapMs);
}

test(`after ${kills} kills every alert arrived, every repeat is marked, and every row is whole`, async () => {
  const random = dice();
  // Slow enough at Meta that a kill meets a cycle under way, and all read by the worker's own connection.
  await flow.database.database.script(
    `delete from connections; insert into connections (name, kind) values ('default', 'meta')`,
  );
  await (
    await startWorker(1)
  ).ended;
  await flow.scenario({ kind: 'delay', ms: 80 });
  flow.slack.delayMs = 80;

  for (let kill = 0; kill < kills; kill++) {
    await flow.scenario(kill % 5 === 4 ? { kind: 'ban_wave', count: 3 } : { kind: 'suspend_one' });
    await leap();
    const { child, ended } = await startWorker(Infinity);
    await new Promise((resolve) => setTimeout(resolve, random() * 600));
    child.kill('SIGKILL');
    await ended;
  }
  const [halfDone] = await rows<{ cycles: number; sends: number }>`
    select (select count(*) from cycles where finished_at is null) as cycles,
           (select count(*) from deliveries where attempts > 1 or state = 'claimed') as sends`;

  // Two quiet workers finish what is left: the second one meets what the first one's leases still held.
  for (let quiet = 0; quiet < 2; quiet++) {
    await leap();
    await (
      await startWorker(3)
    ).ended;
  }
  console.log(
    `seed ${seed}: ${halfDone?.cycles} of ${kills} kills left a cycle half done, ${halfDone?.sends} sends in doubt`,
  );
  // Else the kills hit nothing and the rest of this test would prove nothing.
  expect((halfDone?.cycles ?? 0) + (halfDone?.sends ?? 0)).toBeGreaterThan(5);

  expect(await rows`select state, count(*) from deliveries group by state`).toEqual([
    { state: 'sent', count: await count('deliveries') },
  ]);
  const alerts = await rows<{ id: number }>`select id from alerts where severity = 'critical'`;
  expect(alerts.length).toBeGreaterThanOrEqual(kills);
  for (const { id } of alerts) {
    const told = flow.slack.messages.filter(({ text }) => text.includes(`[${shortId(id)}]`));
    expect(told.length, `alert ${id}`).toBeGreaterThanOrEqual(1);
    expect(told.filter(({ text }) => text.startsWith('Possible repeat: ')).length).toBe(told.length - 1);
  }

  // Every suspension at Meta is known, as one change with one alert.
  const world = (await (
    await fetch(`${flow.simulator.graphUrl}/v26.0/me/adaccounts?fields=account_status&limit=100`, {
      headers: { authorization: 'Bearer kill' },
    })
  ).json()) as { data: { id: string; account_status: number }[] };
  const truth = world.data.filter((a) => a.account_status === 2).map((a) => a.id);
  const known = await rows<{ id: string }>`
    select a.account_id as id from latest l join accounts a on a.no = l.account_no where l.state = 'suspended'`;
  expect(known.map(({ id }) => id).sort()).toEqual(truth.sort());
  expect(
    await rows`
    select t.id from transitions t left join alert_accounts aa on aa.transition_id = t.id
    where t.kind = 'status_changed' and t.to_code = 2 and aa.alert_id is null`,
  ).toEqual([]);
  expect(
    await rows`
    select account_no from transitions where kind = 'status_changed' and to_code = 2
    group by account_no having count(*) > 1`,
  ).toEqual([]);

  // No row stands without what was written with it.
  expect(
    await rows`
    select al.id from alerts al where al.severity = 'critical'
      and not exists (select from deliveries d where d.alert_id = al.id)`,
  ).toEqual([]);
  expect(
    await rows`
    select l.account_no from latest l join lateral (
      select to_code from transitions t where t.account_no = l.account_no and t.kind = 'status_changed' order by id desc limit 1
    ) last on true where last.to_code <> l.status_code`,
  ).toEqual([]);
  expect(
    await rows`
    select s.account_no from snapshots s left join account_days d on d.account_no = s.account_no and d.day = s.day
    where d.day is null or s.spend_minor > d.spend_minor or s.status_code is null or s.spend_minor is null`,
  ).toEqual([]);
  expect(
    await rows`
    select l.account_no from latest l left join snapshots s on s.account_no = l.account_no
      and s.slot_at = (select max(slot_at) from snapshots x where x.account_no = l.account_no)
    where s.spend_minor is distinct from l.spend_minor or s.clicks is distinct from l.clicks`,
  ).toEqual([]);
}, 180_000);

async function count(_table: 'deliveries'): Promise<number> {
  const [row] = await rows<{ n: number }>`select count(*) as n from deliveries`;
  return row?.n ?? 0;
}
