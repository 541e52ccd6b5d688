import { unassignedVendor, type AccountId } from '../domain/account.ts';
import type { ConditionCount, ConditionKind } from '../domain/conditions.ts';
import { curveDays } from '../domain/day-curve.ts';
import type { DailyLimit, SpendCap } from '../domain/pace.ts';
import type { State } from '../domain/status.ts';
import type { Sql } from '../ports/sql.ts';
import { slotInstant, slotSeconds } from './snapshots.ts';

/** A number that only this lock uses. */
const judgeLock = '4410872260915530791';

/** Waits until no other process judges conditions; lasts till the transaction ends. */
export async function takeJudgeTurn(sql: Sql): Promise<void> {
  await sql`select pg_advisory_xact_lock(${judgeLock}::bigint)`;
}

/** A condition as it was left by the slot before. */
export interface KnownCondition extends ConditionCount {
  kind: ConditionKind;
  alertId: number | null;
}

/**
 * An account with the newest slot of its figures and what stood when that slot began, so that the same slot always gives the
 * same answer. Amounts are minor units, instants epoch ms, slots seconds as `slotInstant` reads them.
 */
export interface FactsRow {
  no: number;
  accountId: AccountId;
  name: string | null;
  vendor: string;
  vendorId: number | null;
  currency: string;
  timezone: string;
  addedAt: number;
  isArchived: boolean;
  /** The state of now. */
  state: State;
  disableReason: number | null;
  balanceDueMinor: number | null;
  observedAt: number | null;
  metricsAt: number | null;
  failure: string | null;
  connectionState: string;
  /** Whether an open alert says already that this connection cannot be read. */
  isConnectionTold: boolean;
  slot: number | null;
  spendMinor: number | null;
  amountSpentMinor: number | null;
  clicks: number | null;
  slotBefore: number | null;
  spendBeforeMinor: number | null;
  amountSpentBeforeMinor: number | null;
  statusCode: number | null;
  activeAds: number | null;
  limitMinor: number | null;
  limitSource: DailyLimit['source'] | null;
  capMinor: number | null;
  capSource: SpendCap['source'] | null;
  weekSpendMinor: number | null;
  weekClicks: number | null;
  conditions: KnownCondition[];
}

/** Which accounts to judge: the next ones behind a number, or these. */
export type FactsSelection = { after: number; most: number } | { accountNos: readonly number[] };

const hourSeconds = 3600;
const epochSeconds = slotInstant(0) / 1000;

/** The facts of a portion of the fleet at the slot that begins at `slotAt`, by account number. */
export async function readFacts(sql: Sql, slotAt: number, selection: FactsSelection): Promise<FactsRow[]> {
  const nos = 'accountNos' in selection ? selection.accountNos : null;
  const { after, most } = 'accountNos' in selection ? { after: 0, most: null } : selection;
  const slot = slotSeconds(slotAt);
  return sql<FactsRow>`
    with told as materialized (
      select distinct connection_id from alerts
      where resolved_at is null and connection_id is not null
        and kind in ('token_dead', 'connection_stopped', 'polling_failing', 'ceiling_reached'))
    select a.no, a.account_id as "accountId", a.name, coalesce(v.name, ${unassignedVendor}) as vendor,
      a.vendor_id as "vendorId", a.currency, a.timezone, a.date_added as "addedAt", a.archived_at is not null as "isArchived",
      l.state, l.disable_reason as "disableReason", l.balance_due_minor as "balanceDueMinor", l.observed_at as "observedAt",
      l.metrics_at as "metricsAt", l.failure, c.state as "connectionState",
      exists (select from told where told.connection_id = a.connection_id) as "isConnectionTold",
      s.slot, s.spend_minor as "spendMinor", s.amount_spent_minor as "amountSpentMinor", s.clicks,
      b.slot as "slotBefore", b.spend_minor as "spendBeforeMinor", b.amount_spent_minor as "amountSpentBeforeMinor",
      st.status_code as "statusCode", st.active_ads as "activeAds", st.daily_limit_minor as "limitMinor",
      st.daily_limit_source as "limitSource", st.spend_cap_minor as "capMinor", st.spend_cap_source as "capSource",
      week.spend_minor as "weekSpendMinor", week.clicks as "weekClicks",
      coalesce(k.conditions, '[]') as conditions
    from accounts a
    join latest l on l.account_no = a.no
    join connections c on c.id = a.connection_id
    left join vendors v on v.id = a.vendor_id
    left join lateral (
      select slot, spend_minor, amount_spent_minor, clicks from snapshots
      where account_no = a.no and slot > ${slot - hourSeconds}::int and slot <= ${slot}::int
      order by slot desc limit 1
    ) s on true
    left join lateral (
      select slot, spend_minor, amount_spent_minor from snapshots
      where account_no = a.no and slot >= s.slot - ${hourSeconds}::int and slot < s.slot
        -- Said again in numbers, so that the planner knows which days to look into.
        and slot > ${slot - 2 * hourSeconds}::int and slot < ${slot}::int
      order by slot desc limit 1
    ) b on true
    left join lateral (
      select status_code, active_ads, daily_limit_minor, daily_limit_source, spend_cap_minor, spend_cap_source
      from standings
      where account_no = a.no and since <= to_timestamp(s.slot::float8 + ${epochSeconds}::float8)
      order by since desc limit 1
    ) st on true
    left join lateral (
      select sum(d.spend_minor)::bigint as spend_minor, sum(d.clicks)::bigint as clicks
      from account_days d where d.account_no = a.no and d.day >= l.day - 7 and d.day < l.day
    ) week on true
    left join lateral (
      select jsonb_agg(jsonb_build_object('kind', kind, 'slot', slot, 'bad', bad, 'good', good, 'isOpen', is_open,
        'alertId', alert_id)) as conditions
      from conditions where account_no = a.no
    ) k on true
    where a.no > ${after}::int and (${nos}::int[] is null or a.no = any (${nos}::int[]))
      and (a.archived_at is null or k.conditions is not null)
    order by a.no limit ${most}::bigint`;
}

/** An account with the hour of its day that is asked about. */
export interface HourAsked {
  accountNo: number;
  day: string;
  hour: number;
}

/** How many closed account-days make the curve, how many at least; yesterday's hours are not always there yet. */
export const curve = { days: curveDays.most, least: curveDays.least, lag: 2 } as const;

/** What these accounts spend in that hour on average; one whose hours are not known is left out. */
export async function readUsualHours(sql: Sql, asked: readonly HourAsked[]): Promise<Map<number, number>> {
  if (asked.length === 0) return new Map();
  const rows = await sql<{ no: number; sum: number; days: number }>`
    select u.no, known.days,
      (select coalesce(sum(h.spend_minor), 0)::bigint from account_hours h
       where h.account_no = u.no and h.day between known.first and known.last and h.hour = u.hour) as sum
    from unnest(${asked.map((a) => a.accountNo)}::int[], ${asked.map((a) => a.day)}::date[], ${asked.map((a) => a.hour)}::int2[])
      as u (no, day, hour)
    join particulars p on p.account_no = u.no
    cross join lateral (
      select first, last, last - first + 1 as days from (
        select greatest(p.hours_from, u.day - ${curve.days + curve.lag - 1}::int) as first,
          least(p.hours_to, u.day - ${curve.lag}::int) as last) range
    ) known
    where p.hours_from is not null and p.hours_to is not null and known.days >= ${curve.least}`;
  return new Map(rows.map(({ no, sum, days }) => [no, sum / days]));
}

/** A condition to remember. */
export interface ConditionWrite extends KnownCondition {
  accountNo: number;
}

/** Remembers how these conditions stand. */
export async function writeConditions(sql: Sql, writes: readonly ConditionWrite[]): Promise<void> {
  if (writes.length === 0) return;
  await sql`
    insert into conditions (account_no, kind, slot, bad, good, is_open, alert_id)
    select * from unnest(${writes.map((w) => w.accountNo)}::int[], ${writes.map((w) => w.kind)}::text[],
      ${writes.map((w) => w.slot)}::int[], ${writes.map((w) => w.bad)}::int2[], ${writes.map((w) => w.good)}::int2[],
      ${writes.map((w) => w.isOpen)}::boolean[], ${writes.map((w) => w.alertId)}::int8[])
    on conflict (account_no, kind) do update set slot = excluded.slot, bad = excluded.bad, good = excluded.good,
      is_open = excluded.is_open`;
}

/** Forgets conditions that neither hold nor are about to. */
export async function forgetConditions(
  sql: Sql,
  gone: readonly { accountNo: number; kind: ConditionKind }[],
): Promise<void> {
  if (gone.length === 0) return;
  await sql`
    delete from conditions c using unnest(${gone.map((g) => g.accountNo)}::int[], ${gone.map((g) => g.kind)}::text[]) as g (no, kind)
    where c.account_no = g.no and c.kind = g.kind`;
}

/** Those of these alerts whose conditions have all ended. */
export async function listOver(sql: Sql, alertIds: readonly number[]): Promise<number[]> {
  if (alertIds.length === 0) return [];
  const rows = await sql<{ id: number }>`
    select distinct id from unnest(${alertIds}::int8[]) as id
    where not exists (select from conditions c where c.alert_id = id) order by id`;
  return rows.map(({ id }) => id);
}

/** The accounts of which a condition holds that nobody has been told of. */
export async function listUntold(sql: Sql): Promise<number[]> {
  const rows = await sql<{ no: number }>`
    select distinct account_no as no from conditions where is_open and alert_id is null order by account_no`;
  return rows.map(({ no }) => no);
}

/** Notes which alert tells of a condition of these accounts. */
export async function markTold(
  sql: Sql,
  kind: ConditionKind,
  accountNos: readonly number[],
  alertId: number,
): Promise<void> {
  await sql`
    update conditions set alert_id = ${alertId} where kind = ${kind} and account_no = any (${accountNos}::int[]) and is_open`;
}
