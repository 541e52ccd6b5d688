import type { AccountId } from '../domain/account.ts';
import type { State } from '../domain/status.ts';
import type { Sql } from '../ports/sql.ts';

/** One stored change; which of the pairs is filled depends on the kind. Amounts are minor units of `currency`. */
export interface EventRow<Kind extends string> {
  id: number;
  account_id: AccountId;
  currency: string;
  kind: Kind;
  from_code: number | null;
  to_code: number | null;
  from_state: State | null;
  to_state: State | null;
  from_minor: number | null;
  to_minor: number | null;
  occurred_at: number | null;
  detected_at: number;
}

/** Which changes to read; what is left out does not narrow. */
export interface EventSelection<Kind extends string> {
  /** Detected at this instant (epoch ms) or later. */
  since?: number | undefined;
  accountId?: AccountId | undefined;
  kind?: Kind | undefined;
  /** Only ids above this one. */
  after?: number | undefined;
  limit: number;
}

/** Changes in the order in which they were written down. */
export async function readEvents<Kind extends string>(
  sql: Sql,
  selection: EventSelection<Kind>,
): Promise<EventRow<Kind>[]> {
  const accountId = selection.accountId ?? null;
  const kind = selection.kind ?? null;
  return sql<EventRow<Kind>>`
    select t.id, a.account_id, a.currency, t.kind, t.from_code, t.to_code, t.from_state, t.to_state,
      t.from_minor, t.to_minor, t.occurred_at, t.detected_at
    from transitions t
    join accounts a on a.no = t.account_no
    where t.id > ${selection.after ?? 0}::bigint
      and t.detected_at >= ${selection.since ?? 0}::timestamptz
      and (${accountId}::text is null or a.account_id = ${accountId}::text)
      and (${kind}::text is null or t.kind = ${kind}::text)
    order by t.id
    limit ${selection.limit}::bigint`;
}
