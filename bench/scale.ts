import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { formatTarget } from '../src/adapters/database/connection-target.ts';
import { parseConfig } from '../src/server/config.ts';
import { buildHouse } from '../src/server/house.ts';
import { addConnection } from '../src/services/connections/add-connection.ts';
import { ensurePartitions } from '../src/store/snapshots.ts';
import { utcDay } from '../src/domain/calendar.ts';
import { benchDatabase, median, startServer } from './bench-house.ts';
import type { Row } from './row.ts';
import type { WorkerFigures } from './scale-worker.ts';

const batchMs = 600;
const singleMs = 300;
const batchSize = 50;
// Short slots follow each other so fast that hardly anything but today's figures falls due in between.
const slotMs = 5000;
const runs = 5;
const listPage = 100;

interface Fleet {
  accounts: number;
  tokens: number;
}

type Bench = Awaited<ReturnType<typeof benchDatabase>>;

/** Cycles and sweeps of a fleet by worker processes of the product, on an embedded database with durable writes. */
export async function benchScale({ accounts, tokens }: Fleet): Promise<Row[]> {
  const standIn = await startServer('bench/stand-in.ts', [
    ...['--accounts', String(accounts), '--tokens', String(tokens)],
    ...['--single-ms', String(singleMs), '--batch-ms', String(batchMs)],
  ]);
  const bench = await benchDatabase();
  const workers: Worker[] = [];
  try {
    const env: NodeJS.ProcessEnv = {
      ...{ NODE_ENV: 'production' as const, PATH: process.env['PATH'] ?? '', META_GRAPH_URL: standIn.url },
      ...{ ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'), DATABASE_URL: formatTarget(bench.target) },
      ...{ META_REQUESTS_PER_MINUTE: '100000', METRICS_CYCLE_SECONDS: '5', STATUS_SWEEP_SECONDS: '5' },
    };
    await connect(bench, env, tokens);
    const worker = await startWorker(env);
    workers.push(worker);
    return await measure(bench, { accounts, tokens }, worker, async () => {
      const started = await startWorker(env);
      workers.push(started);
      return started;
    });
  } finally {
    await Promise.all(workers.map((worker) => worker.end()));
    await bench.stop();
    await standIn.stop();
  }
}

/** Adds the connections as an operator would, each with a token of its own. */
async function connect({ database }: Bench, env: NodeJS.ProcessEnv, tokens: number): Promise<void> {
  const silent = { info: () => {}, warn: () => {}, error: () => {} };
  const deps = buildHouse(parseConfig(env, false), database, silent, null);
  const admin = { role: 'admin', name: 'bench' } as const;
  for (let part = 0; part < tokens; part++) {
    const given = { name: `connection ${part}`, businessIds: [], token: `part-${part}` };
    const added = await addConnection(deps, admin, given, AbortSignal.timeout(60_000));
    if (!added.isDone) throw new Error(added.problem);
  }
}

async function measure(
  { database }: Bench,
  { accounts, tokens }: Fleet,
  worker: Worker,
  another: () => Promise<Worker>,
): Promise<Row[]> {
  // What the product has under way at most: per token, and in all.
  const inFlight = tokens === 1 ? 8 : 16;
  const fleet = `${accounts} accounts, ${tokens} ${tokens === 1 ? 'token' : 'tokens'}`;
  let at = Math.ceil(Date.now() / slotMs) * slotMs;
  await ensurePartitions(database.sql, utcDay(at), 3);
  const next = () => (at += slotMs);
  const first = await worker.run(`sweep ${next()}`);
  if (first.succeeded !== accounts) throw new Error(`the first sweep found ${first.succeeded} accounts`);
  await settle(database, worker, next);
  const [cycles, plain, sweeps, wals]: [WorkerFigures[], WorkerFigures[], WorkerFigures[], number[]] = [
    [],
    [],
    [],
    [],
  ];
  const sweepWals: number[] = [];
  for (let run = 0; run < runs; run++) {
    const walBefore = await walBytes(database);
    cycles.push(await whole(worker, `metrics ${next()}`, accounts));
    wals.push(((await walBytes(database)) - walBefore) / accounts);
    plain.push(await worker.run(`fetch ${accounts} ${inFlight}`));
    const walBetween = await walBytes(database);
    sweeps.push(await whole(worker, `sweep ${at}`, accounts));
    sweepWals.push(((await walBytes(database)) - walBetween) / accounts);
  }
  const wall = (figures: WorkerFigures[]) => median(figures.map(({ wallMs }) => wallMs));
  const cpu = (figures: WorkerFigures[]) => median(figures.map(({ cpuMs }) => cpuMs)) / accounts;
  const waves = Math.ceil(Math.ceil(accounts / batchSize) / inFlight);
  const row = (
    name: string,
    value: number,
    unit: string,
    baseline: number | null = null,
    baselineName: string | null = null,
  ) => ({ name: `${name}, ${fleet}`, value, unit, baseline, baselineName });
  const alone = wall(cycles);
  const ratios = cycles.map(({ wallMs }, n) => wallMs / (plain[n]?.wallMs ?? NaN));
  const rows = [
    row('scale: cycle wall', alone, 'ms', waves * batchMs, `latency x waves of ${inFlight} batches`),
    row(
      'scale: cycle wall, against bare fetch',
      alone,
      'ms',
      alone / median(ratios),
      `bare fetch, ${inFlight} in flight`,
    ),
    row('scale: cycle CPU per account', cpu(cycles), 'ms', cpu(plain), 'bare fetch and parse'),
    row(
      'scale: counted calls per account',
      median(cycles.map(({ countedCalls }) => countedCalls)) / accounts,
      'calls',
    ),
    row('scale: WAL per account and cycle', median(wals), 'bytes'),
    row(
      'scale: sweep wall',
      wall(sweeps),
      'ms',
      Math.ceil(accounts / tokens / listPage) * singleMs * Math.ceil(tokens / 8),
      'latency x pages, 8 tokens at once',
    ),
    row('scale: sweep CPU per account', cpu(sweeps), 'ms'),
    row('scale: WAL per account and sweep', median(sweepWals), 'bytes'),
    row('scale: peak memory of the worker', cycles.at(-1)?.peakMb ?? NaN, 'MB', 200, 'the limit'),
  ];
  if (accounts < 10_000) return rows;
  const three = [worker, await another(), await another()];
  // The new ones compile and connect outside of the measured slot.
  await Promise.all(three.map((one) => one.run(`metrics ${at + slotMs}`)));
  next();
  const shared: number[] = [];
  for (let run = 0; run < runs; run++) {
    const slotAt = next();
    const startedMs = performance.now();
    await Promise.all(three.map((one) => one.run(`metrics ${slotAt}`)));
    shared.push(performance.now() - startedMs);
    const [kept] = await database.sql<{ all: number; accounts: number }>`
      select count(*) as all, count(distinct account_no) as accounts from snapshots
      where slot = extract(epoch from ${slotAt}::timestamptz - '2020-01-01T00:00Z'::timestamptz)::int`;
    if (kept?.all !== accounts || kept.accounts !== accounts)
      throw new Error(`three workers kept ${JSON.stringify(kept)}`);
  }
  return [...rows, row('scale: cycle wall, 3 workers share it', median(shared), 'ms', alone, 'one worker')];
}

/** The first cycles of a fleet read histories, ads and limits for a while; this makes as if that were done. */
async function settle({ sql }: Bench['database'], worker: Worker, next: () => number): Promise<void> {
  const at = next();
  await sql`
    update particulars set history_from = '2000-01-01', hours_from = '2000-01-01', hours_to = '2100-01-01',
      closed_day = (${at}::timestamptz at time zone 'America/New_York')::date - 1, details_read_at = ${at}, activities_read_at = ${at}`;
  await sql`update latest set ads_read_at = ${at}, limit_read_at = ${at}`;
  await worker.run(`metrics ${at}`);
  await worker.run(`metrics ${next()}`);
}

async function whole(worker: Worker, what: string, accounts: number): Promise<WorkerFigures> {
  const figures = await worker.run(what);
  if (figures.succeeded !== accounts) throw new Error(`${what}: ${figures.succeeded} of ${accounts}`);
  return figures;
}

const walBytes = async ({ sql }: Bench['database']): Promise<number> =>
  (await sql<{ at: number }>`select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 as at`)[0]
    ?.at ?? NaN;

interface Worker {
  run(what: string): Promise<WorkerFigures>;
  end(): Promise<void>;
}

async function startWorker(env: NodeJS.ProcessEnv): Promise<Worker> {
  const script = path.join(import.meta.dirname, 'scale-worker.ts');
  const extra = (process.env['WORKER_FLAGS'] ?? '').split(' ').filter((flag) => flag !== '');
  const child: ChildProcess = spawn(process.execPath, [...extra, '--import', 'tsx', script], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (child.stdout === null || child.stdin === null) throw new Error('the worker has no pipes');
  const { stdin } = child;
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  return {
    async run(what) {
      stdin.write(`${what}\n`);
      const line = await lines.next();
      if (line.done === true) throw new Error(`the worker ended at "${what}"`);
      return JSON.parse(line.value) as WorkerFigures;
    },
    async end() {
      if (child.exitCode !== null) return;
      stdin.end();
      await once(child, 'exit');
    },
  };
}
