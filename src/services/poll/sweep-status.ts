import type { AccountId } from '../../domain/account.ts';
import type { Failure } from '../../domain/observation.ts';
import type { AccountSource } from '../../ports/account-source.ts';
import { listMissing, listUnseen } from '../../store/accounts.ts';
import { listConnections, noteBusinessesRead, type Connection } from '../../store/connections.ts';
import { announceChecked } from '../../store/live.ts';
import { assignReaders, listReachedElsewhere, markDenied, recordReach } from '../../store/reach.ts';
import { judgeConnection } from './judge-connection.ts';
import { readStories } from './read-stories.ts';
import { recordStatuses, recordUnreachable } from './record-statuses.ts';
import { runCycle, type CycleOutcome, type PollDeps, type ShardRun, type Tally } from './run-cycle.ts';
import { sharePauses } from './share-pauses.ts';

const lostRecheckMs = 60 * 60_000;
const businessesMs = 60 * 60_000;
const connectionsAtOnce = 8;

/**
 * Reads every account's status by the list edges of each connection, page by page; each page is one transaction. Accounts
 * that the lists no longer show are read one by one. One connection's failure stays its own. `tell` is called as soon as what
 * was found may go out to people; Meta's log is asked about it only then. What goes wrong in telling keeps neither the screens
 * nor the log from their part, and is thrown at the end.
 */
export async function sweepStatus(
  deps: PollDeps,
  tell: () => unknown = () => undefined,
): Promise<CycleOutcome> {
  const { sql } = deps.database;
  const startedAt = await deps.clock.now();
  const outcome = await runCycle(deps, {
    kind: 'status',
    intervalMs: deps.settings.sweepMs,
    atOnce: connectionsAtOnce,
    async plan() {
      await assignReaders(sql, await deps.clock.now());
      return (await listConnections(sql))
        .filter((connection) => isToBeAsked(connection, startedAt))
        .map(({ id }) => ({ connectionId: id, part: 0, parts: 1 }));
    },
    async run(shard, tally) {
      const connection = (await listConnections(sql)).find(({ id }) => id === shard.plan.connectionId);
      if (connection === undefined || !isToBeAsked(connection, shard.now())) return;
      const source = await deps.sourceOf(connection);
      if (source !== null) await new Sweep(deps, shard, tally, connection, source).run();
    },
  });
  if (outcome.outcome === 'ran') {
    const announce = async () =>
      announceChecked(sql, await deps.clock.now(), await listUnseen(sql, startedAt));
    const ends = await Promise.allSettled([(async () => tell())(), announce()]);
    if (outcome.report.changed > 0) await readStories(deps);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }
  return outcome;
}

/** A dead token is probed at each sweep; a connection that Meta has stopped when its time has come. */
function isToBeAsked({ state, retryAt }: Connection, at: number): boolean {
  return (
    state === 'ok' || state === 'token_dead' || (state === 'stopped' && retryAt !== null && retryAt <= at)
  );
}

/** The sweep of one connection. */
class Sweep {
  readonly #seen = new Set<AccountId>();
  /** Accounts that Meta refuses to this connection, which has words of its own, and those not read for another reason. */
  #denied = 0;
  #unread = 0;

  constructor(
    readonly deps: PollDeps,
    readonly shard: ShardRun,
    readonly tally: Tally,
    readonly connection: Connection,
    readonly source: AccountSource,
  ) {}

  async run(): Promise<void> {
    const { deps, shard, connection, source, tally } = this;
    const { sql } = deps.database;
    if (connection.state !== 'ok' && !(await this.#isBack())) return;
    await sharePauses(sql, connection, source, shard.now());
    const stopped = await this.#readLists();
    deps.stopSignal?.throwIfAborted();
    if (stopped === null) tally.add({ attempted: this.#seen.size });
    else {
      // What Meta's limits hold back is no failure; everything else is.
      if (stopped.kind === 'rate') tally.add({ held: connection.accounts });
      else tally.add({ attempted: Math.max(connection.accounts, this.#seen.size) });
      tally.fail(stopped.kind);
      const { kind, detail } = stopped;
      deps.log.warn('sweep stopped', { connection: connection.name, kind, detail });
    }
    const usage = source.takeUsage(shard);
    tally.add(usage);
    await sharePauses(sql, connection, source, shard.now());
    const attempted = this.#seen.size - this.#denied;
    await judgeConnection(
      deps,
      connection,
      await this.#confirm(stopped),
      { attempted, succeeded: attempted - this.#unread, versionWarning: usage.versionWarning },
      shard.now(),
    );
  }

  /** Half-open: one question tells whether the token lives again; only then is anything read with it. */
  async #isBack(): Promise<boolean> {
    const probe = await this.source.checkToken(this.shard);
    const failure = probe.ok ? null : probe.failure;
    await judgeConnection(this.deps, this.connection, failure, null, this.shard.now());
    return probe.ok;
  }

  /** All lists, then whoever should have been in them; answers what stopped it. */
  async #readLists(): Promise<Failure | null> {
    const { shard, connection, source } = this;
    const { sql } = this.deps.database;
    let stopped = await this.#record(source.listStatuses(shard), false);
    if (stopped === null) stopped = await this.#readBusinesses();
    if (stopped !== null) return stopped;
    await recordReach(sql, connection.id, [...this.#seen], shard.now());
    const missing = await listMissing(sql, connection.id, [...this.#seen], shard.now() - lostRecheckMs);
    return missing.length === 0 ? null : this.#record(source.readStatuses(missing, shard), true);
  }

  /**
   * The Business Managers' own edges: hourly, and at each sweep while they show accounts that the user's list does not.
   * A refusal there leaves the rest of the sweep alone.
   */
  async #readBusinesses(): Promise<Failure | null> {
    const { shard, connection, source } = this;
    const { businessIds, businessesReadAt, onlyInBusinesses } = connection;
    const isDue = businessesReadAt === null || Math.abs(shard.now() - businessesReadAt) >= businessesMs;
    if (businessIds.length === 0 || (!isDue && onlyInBusinesses === 0)) return null;
    const before = this.#seen.size;
    for (const businessId of businessIds)
      for (const edge of ['owned_ad_accounts', 'client_ad_accounts'] as const) {
        const stopped = await this.#record(source.listBusiness(businessId, edge, shard), false);
        if (stopped?.kind === 'permission' || stopped?.kind === 'request') {
          const { detail } = stopped;
          this.deps.log.warn('business not listed', {
            connection: connection.name,
            businessId,
            edge,
            detail,
          });
        } else if (stopped !== null) return stopped;
      }
    await noteBusinessesRead(this.deps.database.sql, connection.id, this.#seen.size - before, shard.now());
    return null;
  }

  async #record(
    pages: ReturnType<AccountSource['listStatuses']>,
    isDirect: boolean,
  ): Promise<Failure | null> {
    const { shard, connection, tally } = this;
    const { database } = this.deps;
    for (;;) {
      const step = await pages.next();
      if (step.done) return step.value;
      const readings = step.value.readings.filter(({ accountId }) => !this.#seen.has(accountId));
      const { failures, askedAt } = step.value;
      const at = shard.now();
      if (readings.length > 0) {
        const page = { claim: shard.claim, connectionId: connection.id, readings, askedAt, at };
        const stored = await recordStatuses(database, page);
        tally.add({ succeeded: stored.stored.length + stored.others.length, changed: stored.changed });
        for (const { accountId, detail } of stored.refused) this.#fail(accountId, { kind: 'shape', detail });
      }
      for (const { accountId } of [...readings, ...failures]) this.#seen.add(accountId);
      for (const { accountId, failure } of failures) this.#fail(accountId, failure);
      if (isDirect)
        await this.#noteDenied(
          failures.filter(({ failure }) => failure.kind === 'permission'),
          at,
        );
    }
  }

  /** Accounts that this connection cannot reach any more: another's, where one reaches them, else on the way to being lost. */
  async #noteDenied(denied: { accountId: AccountId; failure: Failure }[], at: number): Promise<void> {
    if (denied.length === 0) return;
    const { database } = this.deps;
    const ids = denied.map(({ accountId }) => accountId);
    await markDenied(database.sql, this.connection.id, ids, at);
    const elsewhere = new Set(await listReachedElsewhere(database.sql, this.connection.id, ids));
    const failures = denied.filter(({ accountId }) => !elsewhere.has(accountId));
    const changed = await recordUnreachable(database, { claim: this.shard.claim, failures, at });
    this.tally.add({ changed });
  }

  #fail(accountId: AccountId, { kind, detail }: Pick<Failure, 'kind' | 'detail'>): void {
    if (kind === 'permission') this.#denied++;
    else this.#unread++;
    this.tally.fail(kind);
    this.deps.log.warn('status not read', { connection: this.connection.name, accountId, kind, detail });
  }

  /** A single answer that calls the token dead is confirmed by asking the token itself. */
  async #confirm(failure: Failure | null): Promise<Failure | null> {
    if (failure?.kind !== 'token') return failure;
    const check = await this.source.checkToken(this.shard);
    // The token lives, but its list was not read all the same.
    if (check.ok) return { ...failure, kind: 'transient' };
    return check.failure.kind === 'token' ? failure : check.failure;
  }
}
