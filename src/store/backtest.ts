import { unassignedVendor, type AccountId } from '../domain/account.ts';
import type { Change } from '../domain/transition.ts';
import type { Sql } from '../ports/sql.ts';
import type { RuleScope } from './alert-rules.ts';

/** What is asked of the past to see what a rule would have done. */

/** An account whose past is played again. */
export interface PastAccount {
  no: number;
  accountId: AccountId;
  name: string | null;
  vendor: string;
  vendorId: number | null;
  connectionId: number;
  currency: string;
  timezone: string;
  addedAt: number;
  hoursFrom: string | null;
  hoursTo: string | null;
}

/** The accounts of a scope, archived ones too: they had their alerts. */
export async function listPastAccounts(sql: Sql, scope: RuleScope): Promise<PastAccount[]> {
  return sql<PastAccount>`
    select a.no, a.account_id as "accountId", a.name, coalesce(v.name, ${unassignedVendor}) as vendor,
      a.vendor_id as "vendorId", a.connection_id as "connectionId", a.currency, a.timezone, a.date_added as "addedAt",
      p.hours_from as "hoursFrom", p.hours_to as "hoursTo"
    from accounts a left join vendors v on v.id = a.vendor_id left join particulars p on p.account_no = a.no
    where (${scope.vendorId}::int is null or a.vendor_id = ${scope.vendorId}::int)
      and (${scope.accountNo}::int is null or a.no = ${scope.accountNo}::int)
    order by a.no`;
}

/** From an instant on an account is out of sight (lost or archived), or in it again. */
export interface SightChange {
  at: number;
  isOut: boolean;
}

/** When an account went out of sight and came back, up to an instant, oldest first. */
export async function readSightChanges(sql: Sql, accountNo: number, to: number): Promise<SightChange[]> {
  return sql<SightChange>`
    select detected_at as at, kind in ('access_lost', 'archived') as "isOut" from transitions
    where account_no = ${accountNo} and detected_at < ${to}
      and kind in ('access_lost', 'access_regained', 'archived', 'unarchived')
    order by detected_at, id`;
}

/** The account-hours of a stretch of days, both included: day, hour and minor units. */
export async function readHours(
  sql: Sql,
  accountNo: number,
  from: string,
  to: string,
): Promise<{ day: string; hour: number; spendMinor: number }[]> {
  return sql`
    select day, hour, spend_minor as "spendMinor" from account_hours
    where account_no = ${accountNo} and day >= ${from} and day <= ${to}`;
}

/** A stretch in which people had been told that a connection could not be read. Instants are epoch ms. */
export interface ToldStretch {
  connectionId: number;
  from: number;
  to: number;
}

export async function listToldStretches(sql: Sql, from: number, to: number): Promise<ToldStretch[]> {
  return sql<ToldStretch>`
    select connection_id as "connectionId", opened_at as from, coalesce(resolved_at, 'infinity') as to from alerts
    where connection_id is not null and opened_at < ${to} and (resolved_at is null or resolved_at > ${from})
      and kind in ('token_dead', 'connection_stopped', 'polling_failing', 'ceiling_reached')`;
}

/** When metrics cycles began and ended (epoch ms), oldest first. */
export async function listMetricsCycles(
  sql: Sql,
  from: number,
  to: number,
): Promise<{ startedAt: number; finishedAt: number }[]> {
  return sql`
    select started_at as "startedAt", finished_at as "finishedAt" from cycles
    where kind = 'metrics' and finished_at is not null and started_at >= ${from} and started_at < ${to}
    order by started_at`;
}

/** A change that happened, with when it was detected. */
export interface PastChange {
  id: number;
  accountNo: number;
  at: number;
  change: Change;
}

/** The next changes behind an id, of a stretch of time; those that an operator made himself are left out. */
export async function readChanges(
  sql: Sql,
  stretch: { from: number; to: number; afterId: number; most: number },
): Promise<PastChange[]> {
  const { from, to, afterId, most } = stretch;
  return sql<PastChange>`
    select id, account_no as "accountNo", detected_at as at,
      jsonb_build_object('kind', kind, 'fromCode', from_code, 'toCode', to_code, 'fromState', from_state, 'toState', to_state,
        'fromMinor', from_minor, 'toMinor', to_minor) as change
    from transitions
    where id > ${afterId} and detected_at >= ${from} and detected_at < ${to}
      and kind in ('status_changed', 'daily_limit_changed', 'spend_cap_changed', 'access_lost')
      and (kind <> 'daily_limit_changed' or last_seen_at is not null)
    order by id limit ${most}::bigint`;
}
