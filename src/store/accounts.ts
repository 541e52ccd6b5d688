import type { AccountId } from '../domain/account.ts';
import type { Failure, StatusReading } from '../domain/observation.ts';
import type { DailyLimit, SpendCap } from '../domain/pace.ts';
import type { State } from '../domain/status.ts';
import type { Sql } from '../ports/sql.ts';

/** Everything that the rules need to know of an account before they judge a new reading. */
export interface KnownAccount {
  no: number;
  accountId: AccountId;
  connectionId: number;
  name: string | null;
  vendor: string | null;
  vendorId: number | null;
  businessId: string | null;
  currency: string;
  timezone: string;
  isArchived: boolean;
  operatorLimitMinor: number | null;
  state: State;
  statusCode: number | null;
  disableReason: number | null;
  hasAccess: boolean;
  unreachableSince: number | null;
  observedAt: number | null;
  metricsAt: number | null;
  amountSpentMinor: number | null;
  balanceDueMinor: number | null;
  spendCapMinor: number | null;
  spendCapSource: SpendCap['source'];
  metaLimitMinor: number | null;
  metaLimitSource: DailyLimit['source'];
  day: string | null;
  spendMinor: number | null;
}

/** A random number that only this lock uses. */
const turnLock = '5813046627190344821';

/**
 * Waits for this transaction's turn to write `latest`, which lasts till it ends. Each writer touches many rows, in an order
 * that the planner chooses; two at once could wait for each other in a circle.
 */
export async function takeTurn(sql: Sql): Promise<void> {
  await sql`select pg_advisory_xact_lock(${turnLock}::bigint)`;
}

/** Reads these accounts and holds their rows till the transaction ends, in one order, so that one writer wins. */
export async function lockAccounts(sql: Sql, accountIds: readonly AccountId[]): Promise<KnownAccount[]> {
  return sql<KnownAccount>`
    select a.no, a.account_id as "accountId", a.connection_id as "connectionId", a.name, v.name as vendor,
      a.vendor_id as "vendorId", a.business_id as "businessId", a.currency, a.timezone, a.archived_at is not null as "isArchived",
      a.operator_limit_minor as "operatorLimitMinor", l.state, l.status_code as "statusCode",
      l.disable_reason as "disableReason", l.has_access as "hasAccess", l.unreachable_since as "unreachableSince",
      l.observed_at as "observedAt", l.metrics_at as "metricsAt", l.amount_spent_minor as "amountSpentMinor",
      l.balance_due_minor as "balanceDueMinor", l.spend_cap_minor as "spendCapMinor",
      l.spend_cap_source as "spendCapSource", l.meta_limit_minor as "metaLimitMinor",
      l.meta_limit_source as "metaLimitSource", l.day, l.spend_minor as "spendMinor"
    from accounts a join latest l on l.account_no = a.no left join vendors v on v.id = a.vendor_id
    where a.account_id = any (${accountIds}::text[]) order by a.no for update of l`;
}

/** Takes in accounts that were never seen; each belongs to its Business Manager's vendor, where that has one. */
export async function addAccounts(
  sql: Sql,
  connectionId: number,
  readings: readonly StatusReading[],
  at: number,
): Promise<void> {
  const businesses = readings.filter(({ businessId }) => businessId !== null);
  await sql`
    insert into businesses (business_id, name)
    select distinct on (id) id, name from unnest(
      ${businesses.map((r) => r.businessId)}::text[], ${businesses.map((r) => r.businessName)}::text[]) as b (id, name)
    on conflict (business_id) do update set name = coalesce(excluded.name, businesses.name)`;
  await sql`
    with added as (
      insert into accounts (account_id, connection_id, vendor_id, business_id, name, currency, timezone, date_added)
      select r.account_id, ${connectionId}::int, b.vendor_id, r.business_id, r.name, r.currency, r.timezone, ${at}::timestamptz
      from unnest(
        ${readings.map((r) => r.accountId)}::text[], ${readings.map((r) => r.businessId)}::text[],
        ${readings.map((r) => r.name)}::text[], ${readings.map((r) => r.currency)}::text[],
        ${readings.map((r) => r.timezone)}::text[]) as r (account_id, business_id, name, currency, timezone)
      left join businesses b on b.business_id = r.business_id
      order by r.account_id
      on conflict (account_id) do nothing returning no),
    reached as (
      insert into reach (connection_id, account_no, found_at) select ${connectionId}::int, no, ${at}::timestamptz from added),
    described as (insert into particulars (account_no) select no from added)
    insert into latest (account_no, state) select no, 'unknown' from added`;
}

/** A believed status reading with what the rules made of it. */
export interface StatusWrite {
  accountNo: number;
  reading: StatusReading;
  state: State;
  /** A change that often comes with a new daily limit: read that at the next cycle. */
  doesHintAtLimit: boolean;
  /** Set when the state began just now; null keeps what is known. */
  stateSince: number | null;
  /** Figures to freeze (the account has died), to forget (it is back), or neither. */
  final: { spendMinor: number | null; limit: DailyLimit } | 'forget' | null;
}

/** Writes status readings into `latest`, and names and Business Managers that changed into `accounts`. */
export async function writeStatuses(sql: Sql, writes: readonly StatusWrite[], at: number): Promise<void> {
  const w = <T>(pick: (write: StatusWrite) => T): T[] => writes.map(pick);
  const final = writes.map(({ final }) => (final === null || final === 'forget' ? null : final));
  await sql`
    update latest l set
      state = u.state, status_code = u.status_code, disable_reason = u.disable_reason, observed_at = ${at}::timestamptz,
      state_since = case when u.state_since is null then l.state_since else u.state_since end,
      state_since_source = case when u.state_since is null then l.state_since_source else 'detected' end,
      suspended_at = case when u.state <> 'suspended' then null else coalesce(u.state_since, l.suspended_at) end,
      amount_spent_minor = u.amount_spent, balance_due_minor = u.balance_due,
      spend_cap_minor = u.spend_cap, spend_cap_source = u.spend_cap_source,
      final_spend_minor = case when u.does_freeze then u.final_spend when u.does_forget then null else l.final_spend_minor end,
      final_limit_minor = case when u.does_freeze then u.final_limit when u.does_forget then null else l.final_limit_minor end,
      final_limit_source = case when u.does_freeze then u.final_source when u.does_forget then null else l.final_limit_source end,
      limit_read_at = case when u.hints then null else l.limit_read_at end,
      -- Somebody reset the counter: its growth since dawn says nothing any more.
      amount_spent_at_dawn_minor = case when u.amount_spent < l.amount_spent_minor then null else l.amount_spent_at_dawn_minor end,
      has_access = true, unreachable_since = null, unreachable_checked_at = null
    from unnest(
      ${w((r) => r.accountNo)}::int[], ${w((r) => r.state)}::text[], ${w((r) => r.reading.statusCode)}::int[],
      ${w((r) => r.reading.disableReason)}::int[], ${w((r) => r.stateSince)}::timestamptz[],
      ${w((r) => r.reading.amountSpentMinor)}::int8[], ${w((r) => r.reading.balanceDueMinor)}::int8[],
      ${w((r) => r.reading.spendCap.minor)}::int8[], ${w((r) => r.reading.spendCap.source)}::text[],
      ${final.map((f) => f !== null)}::boolean[], ${w((r) => r.final === 'forget')}::boolean[],
      ${final.map((f) => f?.spendMinor ?? null)}::int8[], ${final.map((f) => f?.limit.minor ?? null)}::int8[],
      ${final.map((f) => f?.limit.source ?? null)}::text[], ${w((r) => r.doesHintAtLimit)}::boolean[]
    ) as u (no, state, status_code, disable_reason, state_since, amount_spent, balance_due, spend_cap, spend_cap_source,
      does_freeze, does_forget, final_spend, final_limit, final_source, hints)
    where l.account_no = u.no`;
  await sql`
    update accounts a set name = u.name, timezone = u.timezone, business_id = u.business_id
    from unnest(
      ${w((r) => r.accountNo)}::int[], ${w((r) => r.reading.name)}::text[], ${w((r) => r.reading.timezone)}::text[],
      ${w((r) => r.reading.businessId)}::text[]) as u (no, name, timezone, business_id)
    where a.no = u.no and (a.name, a.timezone, a.business_id) is distinct from (u.name, u.timezone, u.business_id)`;
}

/** Through which connection each of these accounts is read; unknown and archived ones are left out. */
export async function listReaders(
  sql: Sql,
  accountIds: readonly AccountId[],
): Promise<{ accountId: AccountId; connectionId: number }[]> {
  return sql`
    select account_id as "accountId", connection_id as "connectionId" from accounts
    where account_id = any (${accountIds}::text[]) and archived_at is null`;
}

/** Accounts of a connection that should be readable now and were not in its list. */
export async function listMissing(
  sql: Sql,
  connectionId: number,
  seen: readonly AccountId[],
  lostCheckedBefore: number,
): Promise<AccountId[]> {
  const rows = await sql<{ accountId: AccountId }>`
    select a.account_id as "accountId" from accounts a join latest l on l.account_no = a.no
    where a.connection_id = ${connectionId} and a.archived_at is null
      and (l.has_access or l.unreachable_checked_at is null or l.unreachable_checked_at < ${lostCheckedBefore})
      and not a.account_id = any (${seen}::text[])
    order by a.no`;
  return rows.map(({ accountId }) => accountId);
}

/** Accounts on the board whose status has not been read since an instant. */
export async function listUnseen(sql: Sql, since: number): Promise<AccountId[]> {
  const rows = await sql<{ accountId: AccountId }>`
    select a.account_id as "accountId" from accounts a join latest l on l.account_no = a.no
    where a.archived_at is null and (l.observed_at is null or l.observed_at < ${since})`;
  return rows.map(({ accountId }) => accountId);
}

/** Notes that an account could not be reached; with `isLost` its access counts as lost from now on. */
export async function writeUnreachable(
  sql: Sql,
  accountNo: number,
  write: { at: number; isLost: boolean; failure: Failure },
): Promise<void> {
  await sql`
    update latest set unreachable_since = coalesce(unreachable_since, ${write.at}), unreachable_checked_at = ${write.at},
      failure = ${write.failure.detail},
      has_access = has_access and not ${write.isLost}::boolean,
      state = case when ${write.isLost}::boolean then 'access_lost' else state end,
      state_since = case when ${write.isLost}::boolean and has_access then ${write.at} else state_since end,
      state_since_source = case when ${write.isLost}::boolean and has_access then 'detected' else state_since_source end
    where account_no = ${accountNo}`;
}
