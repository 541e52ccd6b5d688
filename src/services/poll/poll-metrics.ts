import type { AccountId } from '../../domain/account.ts';
import { zoneDays } from '../../domain/calendar.ts';
import { dueReads, type Cadence } from '../../domain/due.ts';
import type { AccountSource, MetricsRequest } from '../../ports/account-source.ts';
import { listConnections, type Connection } from '../../store/connections.ts';
import type { ShardPlan } from '../../store/cycles.ts';
import { listReadable, type ReadableAccount } from '../../store/metrics.ts';
import { assignReaders, markDenied } from '../../store/reach.ts';
import { judgeConnection, judgeRates } from './judge-connection.ts';
import { readStories } from './read-stories.ts';
import type { AspectFailure } from './metrics-batch.ts';
import { recordMetrics } from './record-metrics.ts';
import { runCycle, type CycleOutcome, type PollDeps, type ShardRun, type Tally } from './run-cycle.ts';
import { sharePauses } from './share-pauses.ts';

const minuteMs = 60_000;
const cadence: Cadence = { adsMs: 15 * minuteMs, hourlyMs: 60 * minuteMs };
/** Accounts in one shard: what one process reads at a stroke, and what is lost of its work when it dies. */
const shardSize = 500;
/** More than keep the lanes full: while some write, the others have questions on their way. */
const shardsAtOnce = 8;
/** Histories begun in one run of a shard; they are long reads, and the live figures must not wait for them. */
const mostHistories = 50;
/** First reads of slow things in one run of a shard; a fleet that has just been connected takes some rounds. */
const mostSlowReads = 200;

/**
 * Reads today's figures of every account in batches, and what else is due of it. What has arrived together is written in one
 * transaction. Accounts of a connection that cannot be asked are left out and counted apart.
 */
export async function pollMetrics(deps: PollDeps): Promise<CycleOutcome> {
  const { sql } = deps.database;
  const outcome = await runCycle(deps, {
    kind: 'metrics',
    intervalMs: deps.settings.metricsMs,
    atOnce: shardsAtOnce,
    async plan() {
      await assignReaders(sql, await deps.clock.now());
      return (await listConnections(sql)).filter(({ state }) => state !== 'paused').flatMap(cut);
    },
    async run(shard, tally) {
      const connection = (await listConnections(sql)).find(({ id }) => id === shard.plan.connectionId);
      const source = connection?.state === 'ok' ? await deps.sourceOf(connection) : null;
      if (connection !== undefined && source !== null)
        await pollShard(deps, shard, tally, connection, source);
    },
  });
  if (outcome.outcome === 'ran') {
    await judgeRates(deps);
    await readStories(deps);
  }
  return outcome;
}

function cut({ id, accounts }: Connection): ShardPlan[] {
  const parts = Math.max(1, Math.ceil(accounts / shardSize));
  return Array.from({ length: parts }, (_, part) => ({ connectionId: id, part, parts }));
}

async function pollShard(
  deps: PollDeps,
  shard: ShardRun,
  tally: Tally,
  connection: Connection,
  source: AccountSource,
): Promise<void> {
  const { database } = deps;
  await sharePauses(database.sql, connection, source, shard.now());
  const readable = await listReadable(database.sql, shard.plan, shard.slotAt);
  const accounts = new Map(readable.map((account) => [account.accountId, account]));
  const requests = chooseReads(readable, shard.now());
  const batches = source.readMetrics(requests, shard);
  const read: AccountId[] = [];
  const failures: AspectFailure[] = [];
  let stopped;
  for (;;) {
    const step = await batches.next();
    if (step.done) {
      stopped = step.value;
      break;
    }
    const recorded = await recordMetrics(database, {
      ...{ claim: shard.claim, slotAt: shard.slotAt, accounts },
      ...{ readings: step.value, at: shard.now() },
    });
    read.push(...recorded.read);
    failures.push(...recorded.failures);
    tally.add({ changed: recorded.changed });
  }
  deps.stopSignal?.throwIfAborted();
  tell(deps, connection, failures);
  const held = failures.filter(({ aspect, failure }) => aspect === 'today' && failure.kind === 'rate').length;
  const asked = requests.filter(({ wants }) => wants.today).length;
  const counts = { attempted: asked - held, succeeded: read.length };
  for (const { aspect, failure } of failures) if (aspect === 'today') tally.fail(failure.kind);
  tally.add({ ...counts, held, ...source.takeUsage(shard) });
  await keepDenied(deps, connection, accounts, read, failures, shard.now());
  await sharePauses(database.sql, connection, source, shard.now());
  // Whether a token is dead is the sweep's to find out.
  if (stopped?.kind !== 'token') await judgeConnection(deps, connection, stopped, null, shard.now());
}

/** What is due of each account, with the slow things in portions. */
function chooseReads(readable: readonly ReadableAccount[], at: number): MetricsRequest[] {
  const dayOf = zoneDays(at);
  let histories = 0;
  const slow = { ads: 0, limit: 0, details: 0, activities: 0, closed: 0 };
  const requests: MetricsRequest[] = [];
  for (const account of readable) {
    const wants = dueReads(account, at, dayOf(account.timezone), cadence);
    const isBackfill = wants.history !== null || (wants.hours !== null && wants.closed === null);
    if (isBackfill && ++histories > mostHistories) wants.history = wants.hours = null;
    for (const aspect of ['ads', 'limit', 'details'] as const)
      if (wants[aspect] && ++slow[aspect] > mostSlowReads) wants[aspect] = false;
    if (wants.activities !== null && ++slow.activities > mostSlowReads) wants.activities = null;
    if (wants.closed !== null && ++slow.closed > mostSlowReads) wants.closed = wants.hours = null;
    const { accountId, currency, timezone } = account;
    if (Object.values(wants).some((want) => want !== false && want !== null))
      requests.push({ accountId, currency, timezone, wants });
  }
  return requests;
}

/** An account that is listed but refused is given to another connection, where one reaches it. */
async function keepDenied(
  { database }: PollDeps,
  connection: Connection,
  accounts: ReadonlyMap<AccountId, ReadableAccount>,
  read: readonly AccountId[],
  failures: readonly AspectFailure[],
  at: number,
): Promise<void> {
  const denied = failures
    .filter(({ aspect, failure }) => aspect === 'today' && failure.kind === 'permission')
    .map(({ accountId }) => accountId);
  if (denied.length > 0) await markDenied(database.sql, connection.id, denied, at);
  const back = read.filter((accountId) => (accounts.get(accountId)?.deniedAt ?? null) !== null);
  if (back.length > 0) await markDenied(database.sql, connection.id, back, null);
}

function tell({ log }: PollDeps, connection: Connection, failures: readonly AspectFailure[]): void {
  for (const { accountId, aspect, failure } of failures) {
    const { kind, detail, code, subcode, traceId } = failure;
    const fields = { connection: connection.name, accountId, aspect, kind, detail, code, subcode, traceId };
    // A limit that Meta does not tell is everyday life, and so is a rest that its limits ask for.
    const isUsual = kind === 'rate' || (kind === 'request' && (aspect === 'limit' || aspect === 'details'));
    if (isUsual) log.info('figures not told', fields);
    else log.warn('figures not read', fields);
  }
}
