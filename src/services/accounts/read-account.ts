import type { Account } from '../../contract/account.ts';
import { toIso, toIsoOrNull, toMoney } from '../../contract/units.ts';
import type { AccountId } from '../../domain/account.ts';
import { deriveProgressPercent } from '../../domain/pace.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/sql.ts';
import { readCards, type CardRow } from '../../store/cards.ts';
import { mustBeAllowed } from '../refusal.ts';
import { cpcChangeOf, limitOf } from './read-board.ts';

interface Deps {
  database: Pick<Database, 'sql'>;
  clock: Pick<Clock, 'now'>;
}

/** One account, archived or not; null when there is none of that id. Throws `Refused`. */
export async function readAccount(deps: Deps, actor: Actor, accountId: AccountId): Promise<Account | null> {
  mustBeAllowed(actor, 'accounts:read');
  const at = await deps.clock.now();
  const [row] = await readCards(deps.database.sql, at, { accountIds: [accountId], withArchived: true });
  return row === undefined ? null : accountOf(row);
}

/** The row as programs read it. */
export function accountOf(row: CardRow): Account {
  const { currency } = row;
  const limit = limitOf(row);
  const isBack = row.state === 'active' || row.state === 'warning';
  return {
    account_id: row.account_id,
    name: row.name,
    vendor: row.vendor,
    business_manager_id: row.business_id,
    connection: row.connection,
    currency,
    timezone: row.timezone,
    state: row.state,
    account_status: row.status_code,
    disable_reason: row.disable_reason,
    spend_today: toMoney(row.spend_minor, currency),
    daily_limit: toMoney(limit.minor, currency),
    daily_limit_source: limit.source,
    spend_progress_percent: deriveProgressPercent(row.spend_minor, limit),
    spend_cap: toMoney(row.spend_cap_minor, currency),
    spend_cap_source: row.spend_cap_source,
    amount_spent: toMoney(row.amount_spent_minor, currency),
    balance_due: toMoney(row.balance_due_minor, currency),
    cpc: row.cpc,
    cpc_change_percent: cpcChangeOf(row),
    outbound_clicks: row.outbound_clicks,
    active_ads: row.active_ads,
    total_ads: row.total_ads,
    date_added: toIso(row.date_added),
    suspended_at: isBack ? null : toIsoOrNull(row.suspended_at),
    observed_at: toIsoOrNull(row.observed_at),
    metrics_at: toIsoOrNull(row.metrics_at),
  };
}
