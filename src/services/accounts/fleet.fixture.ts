import type { Actor, Role } from '../../domain/permissions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Sql } from '../../ports/sql.ts';

/** The instant of the tests. */
export const noon = Date.parse('2026-11-24T12:00:00Z');
export const dayMs = 86_400_000;

/** A clock that stands at `noon` until a test moves it. */
export function manualClock(): Clock & { at: number } {
  return {
    at: noon,
    async now() {
      return this.at;
    },
    monotonicMs: () => 0,
    sleep: (_ms, signal) => new Promise((resolve) => signal?.addEventListener('abort', () => resolve())),
  };
}

export const viewer: Actor = { role: 'viewer', name: 'viewer@example.com' };
/** A role that the table does not know. */
export const stranger: Actor = { role: 'guest' as Role, name: 'stranger' };

export interface GivenAccount {
  id: string;
  name?: string | null;
  vendor?: string;
  connection?: string;
  connectionKind?: 'meta' | 'simulation';
  business?: string;
  currency?: string;
  addedAt?: number;
  archivedAt?: number;
  operatorLimit?: number;
  /** Columns of `latest`; instants as ISO text. Null leaves the account without a row there. */
  latest?: Record<string, string | number | boolean | null> | null;
}

/** Stores an account that was read at noon on the day of the tests, and answers its number. */
export async function addAccount(sql: Sql, given: GivenAccount): Promise<number> {
  const connection = given.connection ?? 'default';
  await sql`insert into connections (name, kind) values (${connection}, ${given.connectionKind ?? 'meta'})
    on conflict do nothing`;
  const vendor = given.vendor ?? null;
  if (vendor !== null) await sql`insert into vendors (name) values (${vendor}) on conflict do nothing`;
  const name = given.name === undefined ? `Account ${given.id}` : given.name;
  const [row] = await sql<{ no: number }>`
    insert into accounts (account_id, connection_id, vendor_id, business_id, name, currency, timezone,
      date_added, archived_at, operator_limit_minor)
    values (${given.id}, (select id from connections where name = ${connection}),
      (select id from vendors where name = ${vendor}), ${given.business ?? null}, ${name},
      ${given.currency ?? 'USD'}, 'America/New_York', ${given.addedAt ?? noon - 30 * dayMs},
      ${given.archivedAt ?? null}, ${given.operatorLimit ?? null})
    returning no`;
  const no = row?.no ?? 0;
  if (given.latest === null) return no;
  const latest = {
    ...{ state: 'active', status_code: 1, has_access: true, day: '2026-11-24' },
    ...{ spend_cap_source: 'unknown', meta_limit_source: 'unknown' },
    ...{ observed_at: '2026-11-24T12:00:00Z', metrics_at: '2026-11-24T11:58:00Z' },
    ...given.latest,
  };
  await sql`insert into latest
    select * from jsonb_populate_record(null::latest, ${JSON.stringify({ ...latest, account_no: no })}::jsonb)`;
  return no;
}

/** Stores account-days: day, spend in minor units, clicks. */
export async function addDays(sql: Sql, no: number, days: [string, number, number][]): Promise<void> {
  for (const [day, spend, clicks] of days)
    await sql`insert into account_days values (${no}, ${day}, ${spend}, 0, ${clicks}, 0, ${noon})`;
}

/** Stores a change and answers its id; `given` are further columns, instants as ISO text. */
export async function addTransition(
  sql: Sql,
  no: number,
  kind: string,
  detectedAt: number,
  given: Record<string, string | number | null> = {},
): Promise<number> {
  const [row] = await sql<{ id: number }>`
    insert into transitions (account_no, kind, detected_at, from_code, to_code, from_state, to_state,
      from_minor, to_minor, occurred_at)
    select ${no}, ${kind}, ${detectedAt}, g.from_code, g.to_code, g.from_state, g.to_state,
      g.from_minor, g.to_minor, g.occurred_at
    from jsonb_populate_record(null::transitions, ${JSON.stringify(given)}::jsonb) g
    returning id`;
  return row?.id ?? 0;
}

/** Stores one cycle; without `finishedAt` it is still running. */
export async function addCycle(
  sql: Sql,
  kind: 'status' | 'metrics',
  slot: number,
  finishedAt: number | null,
  report: { attempted: number; succeeded: number; unasked?: number } | null = null,
): Promise<void> {
  await sql`insert into cycles (kind, slot, started_at, finished_at, report)
    values (${kind}, ${slot}, ${noon}, ${finishedAt},
      ${report === null ? null : JSON.stringify(report)}::jsonb)`;
}
