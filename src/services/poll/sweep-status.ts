import type { AccountId } from '../../domain/account.ts';
import type { Failure } from '../../domain/observation.ts';
import type { AccountSource } from '../../ports/account-source.ts';
import { listMissing, listUnseen } from '../../store/accounts.ts';
import { listConnections, type Connection } from '../../store/connections.ts';
import { announceChecked } from '../../store/live.ts';
import { judgeConnection } from './judge-connection.ts';
import { readStories } from './read-stories.ts';
import { recordStatuses, recordUnreachable } from './record-statuses.ts';
import { runCycle, type Cycle, type CycleOutcome, type PollDeps, type Tally } from './run-cycle.ts';

const lostRecheckMs = 60 * 60_000;

/**
 * Reads every account's status by the list edges of each connection, page by page; each page is one transaction. Accounts
 * that the list no longer shows are read one by one. One connection's failure stays its own.
 */
export async function sweepStatus(deps: PollDeps): Promise<CycleOutcome> {
  const outcome = await runCycle(deps, 'status', deps.settings.sweepMs, async (cycle, tally) => {
    const connections = await listConnections(deps.database.sql);
    const startedAt = cycle.now();
    await Promise.all(
      connections.map(async (connection) => {
        const source = connection.state === 'paused' ? null : deps.sourceOf(connection);
        if (source !== null) await sweepConnection(deps, cycle, tally, connection, source);
      }),
    );
    const { sql } = deps.database;
    await announceChecked(sql, cycle.now(), await listUnseen(sql, startedAt));
  });
  if (outcome.outcome === 'ran' && outcome.report.changed > 0) await readStories(deps);
  return outcome;
}

async function sweepConnection(
  deps: PollDeps,
  cycle: Cycle,
  tally: Tally,
  connection: Connection,
  source: AccountSource,
): Promise<void> {
  const { database, log } = deps;
  if (connection.state === 'token_dead') {
    // Half-open: one question tells whether the token lives again; only then is anything read with it.
    const probe = await source.checkToken(cycle.signal);
    await judgeConnection(deps, connection, probe.ok ? null : probe.failure, null, cycle.now());
    if (!probe.ok) return;
  }
  const seen = new Set<AccountId>();
  const fail = (accountId: AccountId, failure: Pick<Failure, 'kind' | 'detail'>) => {
    tally.fail(failure.kind);
    log.warn('status not read', {
      connection: connection.name,
      accountId,
      kind: failure.kind,
      detail: failure.detail,
    });
  };

  async function record(
    pages: ReturnType<AccountSource['listStatuses']>,
    isDirect: boolean,
  ): Promise<Failure | null> {
    for (;;) {
      const step = await pages.next();
      if (step.done) return step.value;
      const { readings, failures } = step.value;
      const at = cycle.now();
      if (readings.length > 0) {
        const stored = await recordStatuses(database, {
          claim: cycle.claim,
          connectionId: connection.id,
          readings,
          at,
        });
        tally.succeeded += stored.stored.length;
        tally.changed += stored.changed;
        for (const { accountId, detail } of stored.refused) fail(accountId, { kind: 'shape', detail });
      }
      for (const { accountId } of [...readings, ...failures]) seen.add(accountId);
      for (const { accountId, failure } of failures) fail(accountId, failure);
      const denied = isDirect ? failures.filter(({ failure }) => failure.kind === 'permission') : [];
      if (denied.length > 0)
        tally.changed += await recordUnreachable(database, { claim: cycle.claim, failures: denied, at });
    }
  }

  let stopped = await record(source.listStatuses(cycle.signal), false);
  deps.stopSignal?.throwIfAborted();
  if (stopped === null) {
    const missing = await listMissing(database.sql, connection.id, [...seen], cycle.now() - lostRecheckMs);
    if (missing.length > 0) stopped = await record(source.readStatuses(missing, cycle.signal), true);
    tally.attempted += seen.size;
  } else {
    tally.attempted += Math.max(connection.accounts, seen.size);
    tally.fail(stopped.kind);
    log.warn('sweep stopped', { connection: connection.name, kind: stopped.kind, detail: stopped.detail });
  }
  tally.usage.push(source.takeUsage());
  await judgeConnection(
    deps,
    connection,
    await confirmToken(source, stopped, cycle.signal),
    null,
    cycle.now(),
  );
}

/** A single answer that calls the token dead is confirmed by asking the token itself. */
async function confirmToken(
  source: AccountSource,
  failure: Failure | null,
  signal: AbortSignal,
): Promise<Failure | null> {
  if (failure?.kind !== 'token') return failure;
  const check = await source.checkToken(signal);
  return check.ok ? null : check.failure.kind === 'token' ? failure : check.failure;
}
