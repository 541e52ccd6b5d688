import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSimulator, type Simulator } from '../../src/adapters/simulation/simulator-process.ts';
import { shortId } from '../../src/domain/short-id.ts';
import { testDatabase, type TestDatabase } from '../database.ts';
import { silentLog } from '../flow-house.ts';
import { slackReceiver, type SlackReceiver } from '../slack-receiver.ts';
import { runArbhub, startArbhub, type ArbhubProcess } from './arbhub-process.ts';
import { until } from './until.ts';

/** `arbhub worker` three times on one PostgreSQL, in real time: they share the slots, and one dies in between. */

const accounts = 30;
const slotSeconds = '5';
let folder: string;
let db: TestDatabase;
let slack: SlackReceiver;
let meta: Simulator;
let env: Record<string, string>;
const workers: ArbhubProcess[] = [];

const rows = <Row extends object>(text: TemplateStringsArray, ...values: number[]) =>
  db.database.sql<Row>(text, ...values);

const finished = async () =>
  (
    await rows<{
      count: number;
    }>`select count(*) from cycles where kind = 'metrics' and finished_at is not null`
  )[0]!.count;

/** Waits until so many more slots of figures are done than now. */
async function passSlots(more: number): Promise<void> {
  const goal = (await finished()) + more;
  await until(finished, (count) => count >= goal, 60_000);
}

async function scenario(body: object): Promise<void> {
  const response = await fetch(`${meta.graphUrl}/__sim/scenarios`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  expect(response.ok).toBe(true);
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'arbhub-workers-'));
  [db, slack, meta] = await Promise.all([
    testDatabase(),
    slackReceiver(),
    startSimulator({
      main: path.resolve(import.meta.dirname, '../../simulator/main.ts'),
      stateFile: path.join(folder, 'simulation.json'),
      log: silentLog,
      accounts,
    }),
  ]);
  env = {
    DATABASE_URL: db.url,
    META_GRAPH_URL: meta.graphUrl,
    FB_ACCESS_TOKEN: 'worker',
    ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
    SLACK_WEBHOOK_URL: slack.url,
    STATUS_SWEEP_SECONDS: slotSeconds,
    METRICS_CYCLE_SECONDS: slotSeconds,
    // Nothing may be written there.
    ARBHUB_DATA_DIR: path.join(folder, 'no-such-folder'),
  };
  for (let n = 0; n < 3; n++) workers.push(startArbhub(['worker'], { env }));
  await Promise.all(
    workers.map((worker) =>
      until(worker.output, (text) => text.includes('worker is ready') || worker.child.exitCode !== null),
    ),
  );
  await until(finished, (count) => count > 0, 60_000);
}, 120_000);

afterAll(async () => {
  for (const { child } of workers) child.kill('SIGKILL');
  await Promise.all(workers.map(({ ended }) => ended));
  await Promise.all([meta?.stop(), slack?.close()]);
  await db?.drop();
  await rm(folder, { recursive: true, force: true });
});

test('they share the slots, and a death among them loses and doubles nothing', async () => {
  await scenario({ kind: 'suspend_one' });
  await passSlots(1);
  const [victim] = workers;
  victim!.child.kill('SIGKILL');
  await victim!.ended;
  await scenario({ kind: 'ban_wave', count: 3 });
  await passSlots(2);
  // A slot that died with its holder is the only one that may stay open, and nobody has done one twice.
  expect(
    await rows`
      select kind, slot from cycles where kind = 'metrics'
        and slot > (select min(slot) from cycles where kind = 'metrics') and finished_at is null
        and slot < (select max(slot) from cycles where kind = 'metrics') - 7`,
  ).toEqual([]);
  const perSlot = await rows<{ count: number; distinct: number }>`
    select count(*), count(distinct s.account_no) as distinct from snapshots s group by s.slot`;
  for (const { count, distinct } of perSlot) expect(count).toBe(distinct);
  expect(Math.max(...perSlot.map(({ count }) => count))).toBe(accounts);
  const hands = await rows<{ owner: string }>`select distinct owner from shards where owner is not null`;
  expect(hands.length).toBeGreaterThan(1);

  const deaths = await until(
    () => rows<{ account_no: number; count: number }>`
      select account_no, count(*) from transitions
      where kind = 'status_changed' and from_code = 1 and to_code = 2 group by 1`,
    (found) => found.length >= 4,
  );
  expect(deaths.map(({ count }) => count)).toEqual(deaths.map(() => 1));
  await until(
    () => rows<{ count: number }>`select count(*) from deliveries where state <> 'sent'`,
    ([left]) => left?.count === 0,
    60_000,
  );
  const told = await rows<{ alert_id: number; deliveries: number }>`
    select alert_id, count(*) as deliveries from deliveries group by 1`;
  expect(told.length).toBeGreaterThan(1);
  for (const { alert_id, deliveries } of told)
    expect(slack.messages.filter(({ text }) => text.includes(`[${shortId(alert_id)}]`)).length).toBe(
      deliveries,
    );
}, 120_000);

test('SIGTERM ends each within ten seconds, by itself, with nothing in its hands', async () => {
  const startedMs = performance.now();
  const living = workers.slice(1);
  for (const { child } of living) child.kill('SIGTERM');
  const codes = await Promise.all(living.map(({ ended }) => ended));
  expect(codes, living.map(({ output }) => output().slice(-3000)).join('\n---\n')).toEqual([0, 0]);
  expect(performance.now() - startedMs).toBeLessThan(10_000);
  expect(
    await rows`select pid from pg_stat_activity where application_name = 'arbhub worker' and datname = current_database()`,
  ).toEqual([]);
});

test('without what it shares with the others it says so and ends', async () => {
  const names = ['DATABASE_URL', 'ENCRYPTION_KEY'];
  const tried = await Promise.all(
    names.map((name) => runArbhub(['worker'], { env: { ...env, [name]: '' } })),
  );
  expect(tried).toEqual(
    names.map((name) => ({ code: 1, output: expect.stringContaining(`A worker needs ${name}`) as string })),
  );
});

test('it does not begin while accounts are simulated', async () => {
  await db.database.script(`
    insert into connections (name, kind) values ('simulation', 'simulation');
    update accounts set connection_id = (select id from connections where kind = 'simulation') where no = 1`);
  const { code, output } = await runArbhub(['worker'], { env });
  expect([code, output]).toEqual([1, expect.stringContaining('simulation end')]);
});
