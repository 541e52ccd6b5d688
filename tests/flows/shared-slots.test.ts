import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { runMetrics, runStatus } from '../../src/server/triggers.ts';
import { slotSeconds } from '../../src/store/snapshots.ts';
import { isLong } from '../dice.ts';
import { flowHouse, type FlowHouse } from '../flow-house.ts';
import { until } from './until.ts';

/**
 * One metrics slot for more than one hand: a later call goes on where an earlier one was cut short, and processes share.
 * With more accounts: LONG=1 npx vitest run --project integration tests/flows/shared-slots
 */

const startAt = Date.parse('2026-11-23T15:00:02Z');
const metricsMs = 300_000;
const accounts = isLong ? 10_000 : 3000;
const workers = 3;
const longestRunMs = 55_000;

let flow: FlowHouse;
const children: ChildProcess[] = [];

beforeAll(async () => {
  flow = await flowHouse({ startAt, accounts });
  expect(await runStatus(flow.deps)).toMatchObject({ outcome: 'ran', report: { succeeded: accounts } });
}, 120_000);
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await flow?.close();
});

const rows = <Row extends object>(text: TemplateStringsArray, ...values: number[]) =>
  flow.database.database.sql<Row>(text, ...values);

const ask = async (route: string, body: object | null = null): Promise<unknown> =>
  (
    await fetch(`${flow.simulator.graphUrl}/__sim${route}`, {
      ...(body === null ? {} : { method: 'POST', body: JSON.stringify(body) }),
    })
  ).json();

/** Leaves nothing due but today's figures, so that every call can be counted. */
async function readAllButToday(): Promise<void> {
  const at = (await flow.clock.now()) + 60_000;
  // Accounts that deliver nothing any more are read hourly: this slot is to be one of theirs too.
  await rows`update latest set ads_read_at = ${at}, limit_read_at = ${at}, story_read_at = ${at},
    metrics_at = metrics_at - interval '1 hour'`;
  await rows`update particulars p set details_read_at = ${at}, activities_read_at = ${at}, closed_day = closed,
    history_from = '2020-01-01', hours_from = '2020-01-01', hours_to = closed
    from (select no, (${at}::timestamptz at time zone timezone)::date - 1 as closed from accounts) a where a.no = p.account_no`;
}

const lastRequest = async () => ((await ask('/requests?since=1000000000')) as { last: number }).last;

/** How many calls each account cost since the last look. Requests that were given up may still be on their way. */
async function callsPerAccount(): Promise<Map<number, number>> {
  let before = -1;
  let looks = 0;
  await until(lastRequest, (last) => {
    looks = last === before ? looks + 1 : 0;
    before = last;
    return looks === 20;
  });
  const { by_account } = (await ask('/stats')) as { by_account: Record<string, Record<string, number>> };
  await ask('/stats/reset', {});
  const counts = new Map<number, number>();
  for (const buckets of Object.values(by_account)) {
    const calls = Object.values(buckets).reduce((sum, n) => sum + n, 0);
    counts.set(calls, (counts.get(calls) ?? 0) + 1);
  }
  return counts;
}

const snapshotsPerAccount = (at: number) =>
  rows<{ snapshots: number; accounts: number }>`
    select snapshots, count(*) as accounts from (
      select count(s.slot) as snapshots from accounts a
      left join snapshots s on s.account_no = a.no and s.slot = ${slotSeconds(at - (at % metricsMs))}::int group by a.no) per
    group by snapshots order by snapshots`;

test('a cycle that overruns its deadline is taken up within the slot, and only what is missing is read', async () => {
  await readAllButToday();
  await ask('/stats/reset', {});
  await flow.scenario({ kind: 'delay', ms: 150 });
  const deadline = new AbortController();
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) =>
    ms === longestRunMs ? deadline.signal : timeout(ms),
  );
  const at = await flow.clock.now();
  const first = runMetrics(flow.deps);
  await until(
    async () => (await rows<{ count: number }>`select count(*) from snapshots`)[0]!.count,
    (count) => count > 0,
  );
  deadline.abort(new DOMException('the deadline', 'TimeoutError'));
  const overrun = await first;
  vi.restoreAllMocks();
  expect(overrun).toMatchObject({ outcome: 'ran' });
  const [cycle] = await rows<{ isOpen: boolean }>`
    select finished_at is null as "isOpen" from cycles where kind = 'metrics'`;
  expect(cycle).toEqual({ isOpen: true });
  const [before] = await rows<{ count: number }>`select count(*) from snapshots`;
  const asked = await callsPerAccount();
  await flow.scenario({ kind: 'back_to_normal' });

  const second = await runMetrics(flow.deps);
  console.log(`cut at ${before?.count} of ${accounts} accounts, ${asked.get(1)} had been asked`);
  expect(before!.count).toBeLessThan(accounts);
  // Answers that were under way when the deadline came are asked for again, at most once each, and nothing else is.
  expect(await callsPerAccount()).toEqual(new Map([[1, accounts - before!.count]]));
  expect(await snapshotsPerAccount(at)).toEqual([{ snapshots: 1, accounts }]);
  expect(second).toMatchObject({
    outcome: 'ran',
    report: { attempted: accounts, succeeded: accounts, failures: {}, isDegraded: false },
  });
  expect(await runMetrics(flow.deps)).toEqual({ outcome: 'taken' });
  expect(await callsPerAccount()).toEqual(new Map());
}, 120_000);

test(`${workers} processes share one slot: every account is asked once and has one snapshot`, async () => {
  await flow.advance(metricsMs);
  await readAllButToday();
  // The processes come with a token of their own, and so with the connection "default".
  await rows`update connections set name = 'default', kind = 'meta'`;
  const at = await flow.clock.now();
  const said = await Promise.all(Array.from({ length: workers }, (_, n) => startWorker(`process-${n}`, at)));
  // So slow that a process which comes a moment later still finds shards to do.
  await flow.scenario({ kind: 'delay', ms: 500 });
  await ask('/stats/reset', {});
  for (const { child } of said) child.stdin?.write('go\n');
  const outcomes = await Promise.all(said.map(({ outcome }) => outcome));
  expect(outcomes).toContain('ran');
  const shares = await rows<{ owner: string; shards: number }>`
    select s.owner, count(*) as shards from shards s where kind = 'metrics' and slot = ${Math.floor(at / metricsMs)}
      and finished_at is not null group by owner order by owner`;
  console.log(
    `${accounts} accounts: ${shares.map(({ owner, shards }) => `${owner} did ${shards}`).join(', ')}`,
  );
  expect(await callsPerAccount()).toEqual(new Map([[1, accounts]]));
  expect(await snapshotsPerAccount(at)).toEqual([{ snapshots: 1, accounts }]);
  // No process does more than four shards at once, so that one alone cannot have had them all.
  expect(shares.length).toBeGreaterThan(1);
  expect(shares.reduce((sum, { shards }) => sum + shards, 0)).toBe(accounts / 500);
  expect(
    await rows`select (report->>'succeeded')::int as succeeded from cycles
      where kind = 'metrics' and slot = ${Math.floor(at / metricsMs)} and finished_at is not null`,
  ).toEqual([{ succeeded: accounts }]);
}, 120_000);

async function startWorker(owner: string, at: number) {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', path.join(import.meta.dirname, 'metrics-worker.ts')],
    {
      env: {
        NODE_ENV: 'test',
        PATH: process.env['PATH'] ?? '',
        DATABASE_URL: flow.database.url,
        META_GRAPH_URL: flow.simulator.graphUrl,
        FB_ACCESS_TOKEN: 'worker',
        ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
        START_AT: String(at),
        OWNER: owner,
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  children.push(child);
  const lines = createInterface({ input: child.stdout! });
  await once(lines, 'line');
  const outcome = once(lines, 'line').then(([line]) => String(line));
  return { child, outcome };
}
