import type { AccountId } from '../../domain/account.ts';
import type { Failure, StatusReading } from '../../domain/observation.ts';
import { deriveState, type State } from '../../domain/status.ts';
import { deriveChanges, type Change, type Known } from '../../domain/transition.ts';
import type { Database, Sql } from '../../ports/sql.ts';
import {
  addAccounts,
  lockAccounts,
  takeTurn,
  writeStatuses,
  writeUnreachable,
  type KnownAccount,
  type StatusWrite,
} from '../../store/accounts.ts';
import { holdClaim, type Claim } from '../../store/cycles.ts';
import { announceChanged } from '../../store/live.ts';
import { recordStandings } from '../../store/standings.ts';
import { welcomeAwaited } from '../accounts/await-account.ts';
import { factsOf, limitOf, toKnown } from './known.ts';
import { changesOf, recordChanges, type AccountChange } from './record-changes.ts';

/** So long what one page brings waits for what the next ones bring, so that a wave is one message; the cycle's end cuts it short. */
const joinMs = 5_000;

/** What became of a page of readings. */
export interface RecordedStatuses {
  /** Accounts whose reading was believed and stored. */
  stored: AccountId[];
  /** Accounts whose reading contradicts what is known for certain. */
  refused: { accountId: AccountId; detail: string }[];
  /** Accounts that are another connection's to read, or archived: nobody's. */
  others: AccountId[];
  changed: number;
}

/** A page of readings that has arrived; instants are epoch ms. */
export interface ArrivedStatuses {
  claim: Claim | null;
  connectionId: number;
  readings: readonly StatusReading[];
  /** Readings are as old as their question: one that took long must not undo what another has read meanwhile. */
  askedAt: number;
  at: number;
}

/**
 * Judges a page of status readings against what is known and writes the decision in one transaction. Accounts that another
 * connection reads are left to it. Without a claim it is a read beside the cycles, guarded by its time alone.
 */
export async function recordStatuses(database: Database, page: ArrivedStatuses): Promise<RecordedStatuses> {
  const { claim, connectionId, askedAt, at } = page;
  return database.transaction(async (sql) => {
    if (claim !== null) await holdClaim(sql, claim);
    await takeTurn(sql);
    const ids = page.readings.map(({ accountId }) => accountId);
    let known = await lockAccounts(sql, ids);
    if (known.length < ids.length) {
      const seen = new Set(known.map(({ accountId }) => accountId));
      const unseen = page.readings.filter(({ accountId }) => !seen.has(accountId));
      await addAccounts(sql, connectionId, unseen, at);
      await welcomeAwaited(sql, unseen, at);
      known = await lockAccounts(sql, ids);
    }
    const readings = new Map(page.readings.map((reading) => [reading.accountId, reading]));
    const result: RecordedStatuses = { stored: [], refused: [], others: [], changed: 0 };
    const moved: number[] = [];
    const writes: StatusWrite[] = [];
    const changes: AccountChange[] = [];
    for (const row of known) {
      const reading = readings.get(row.accountId);
      if (reading === undefined) continue;
      if (row.connectionId !== connectionId || row.isArchived) {
        result.others.push(row.accountId);
        continue;
      }
      if (reading.currency !== row.currency) {
        // An account's currency never changes at Meta, so one of the two answers is about another account.
        result.refused.push({
          accountId: row.accountId,
          detail: `currency is ${reading.currency}, was ${row.currency}`,
        });
        continue;
      }
      result.stored.push(row.accountId);
      if (row.observedAt !== null && row.observedAt > askedAt) continue;
      const judged = judge(row, reading, at);
      writes.push(judged.write);
      if (hasMoved(row, reading)) moved.push(row.no);
      changes.push(...judged.changes);
    }
    await writeStatuses(sql, writes, askedAt);
    await recordStandings(sql, moved, at);
    await recordChanges(sql, changes, at, claim === null ? at : at + joinMs);
    const changedIds = new Set(changes.map(({ facts }) => facts.accountId));
    result.changed = changedIds.size;
    await announceChanged(sql, [...changedIds]);
    return result;
  });
}

function judge(
  row: KnownAccount,
  reading: StatusReading,
  at: number,
): { write: StatusWrite; changes: AccountChange[] } {
  const before: Known = toKnown(row);
  const after: Known = {
    ...before,
    statusCode: reading.statusCode,
    hasAccess: true,
    spendCap: reading.spendCap,
    amountSpentMinor: reading.amountSpentMinor,
  };
  const isNew = row.observedAt === null;
  const found: Change[] = deriveChanges(isNew ? null : before, after);
  const state = deriveState(after);
  const turned = found.some(({ kind }) => kind === 'status_changed' || kind.startsWith('access_'));
  const facts = factsOf(row, { ...after, ...reading });
  return {
    write: {
      accountNo: row.no,
      reading,
      state,
      stateSince: turned ? at : null,
      doesHintAtLimit: !isNew && found.length > 0,
      final: finalFigures(row, state, isNew),
    },
    changes: found.map((change) => ({
      ...{ accountNo: row.no, vendorId: row.vendorId },
      ...{ change, facts, lastSeenAt: row.observedAt },
    })),
  };
}

/** Whether something that is kept one row per change is another now. */
function hasMoved(row: KnownAccount, { statusCode, spendCap }: StatusReading): boolean {
  return (
    row.observedAt === null ||
    row.statusCode !== statusCode ||
    row.spendCapMinor !== spendCap.minor ||
    row.spendCapSource !== spendCap.source
  );
}

const dead: readonly State[] = ['suspended', 'closing', 'closed'];

/** Spend and limit freeze when the account dies and thaw when it is back. */
function finalFigures(row: KnownAccount, state: State, isNew: boolean): StatusWrite['final'] {
  if (!dead.includes(state)) return 'forget';
  if (isNew || dead.includes(row.state)) return null;
  const limit = limitOf(row, { minor: row.metaLimitMinor, source: row.metaLimitSource });
  return { spendMinor: row.spendMinor, limit };
}

const confirmationMs = 5 * 60_000;

/**
 * Notes that accounts which should be readable are not. The second confirmation at least 5 minutes after the first makes it
 * a change of its own; a suspension is never concluded from silence.
 */
export async function recordUnreachable(
  database: Database,
  miss: { claim: Claim; failures: readonly { accountId: AccountId; failure: Failure }[]; at: number },
): Promise<number> {
  return database.transaction(async (sql) => {
    await holdClaim(sql, miss.claim);
    await takeTurn(sql);
    const failures = new Map(miss.failures.map(({ accountId, failure }) => [accountId, failure]));
    const changes: AccountChange[] = [];
    for (const row of await lockAccounts(sql, [...failures.keys()])) {
      const failure = failures.get(row.accountId);
      if (failure !== undefined) changes.push(...(await judgeUnreachable(sql, row, failure, miss.at)));
    }
    await recordChanges(sql, changes, miss.at, miss.at + joinMs);
    await announceChanged(
      sql,
      changes.map(({ facts }) => facts.accountId),
    );
    return changes.length;
  });
}

async function judgeUnreachable(
  sql: Sql,
  row: KnownAccount,
  failure: Failure,
  at: number,
): Promise<AccountChange[]> {
  const isLost = row.unreachableSince !== null && at - row.unreachableSince >= confirmationMs;
  await writeUnreachable(sql, row.no, { at, isLost, failure });
  if (!isLost || !row.hasAccess) return [];
  return changesOf(row, { hasAccess: false });
}
