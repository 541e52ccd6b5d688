import type { AccountCard, Board } from '../../contract/account-card.ts';
import type { AccountId } from '../../domain/account.ts';
import { deriveFundsLeft, resolveDailyLimit, type DailyLimit } from '../../domain/pace.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { State } from '../../domain/status.ts';
import { deriveCpcChange } from '../../domain/trend.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/sql.ts';
import { readCards, type CardRow } from '../../store/cards.ts';
import { readCheckedAt } from '../../store/health.ts';
import { mustBeAllowed } from '../refusal.ts';

interface Deps {
  database: Pick<Database, 'sql'>;
  clock: Pick<Clock, 'now'>;
  /** The two cadences in milliseconds. */
  settings: { sweepMs: number; metricsMs: number };
}

/**
 * Every account that is not archived, as the board shows it; with `accountIds` only those of them.
 * Throws `Refused` when the actor may not read accounts.
 */
export async function readBoard(deps: Deps, actor: Actor, accountIds?: AccountId[]): Promise<Board> {
  mustBeAllowed(actor, 'accounts:read');
  const { sql } = deps.database;
  const asOf = await deps.clock.now();
  // Before the cards, so that no card is older than the sweep that is named here.
  const checkedAt = await readCheckedAt(sql);
  const rows = await readCards(sql, asOf, accountIds === undefined ? {} : { accountIds });
  const { sweepMs, metricsMs } = deps.settings;
  return { asOf, checkedAt, sweepMs, metricsMs, cards: rows.map(cardOf) };
}

export function cardOf(row: CardRow): AccountCard {
  const isDead = deadStates.includes(row.state);
  const limit = isDead ? finalLimitOf(row) : limitOf(row);
  return {
    accountId: row.account_id,
    name: row.name,
    vendor: row.vendor,
    connection: row.connection,
    isSimulated: row.is_simulated,
    currency: row.currency,
    timezone: row.timezone,
    state: row.state,
    statusCode: row.status_code,
    disableReason: row.disable_reason,
    stateSince: row.state_since,
    stateSinceSource: row.state_since_source,
    observedAt: row.observed_at,
    metricsAt: row.metrics_at,
    spendMinor: isDead ? row.final_spend_minor : row.spend_minor,
    dailyLimitMinor: limit.minor,
    dailyLimitSource: limit.source,
    dailyLimitBeforeMinor: limitBefore(row, limit),
    spendCapMinor: row.spend_cap_minor,
    spendCapSource: row.spend_cap_source,
    fundsLeftMinor: deriveFundsLeft(
      { minor: row.spend_cap_minor, source: row.spend_cap_source },
      row.amount_spent_minor,
    ),
    balanceDueMinor: row.balance_due_minor,
    cpc: row.cpc,
    cpcChangePercent: cpcChangeOf(row),
    outboundClicks: row.outbound_clicks,
    lifetimeClicks: row.lifetime_clicks,
    activeAds: row.active_ads,
    totalAds: row.total_ads,
    tags: row.tags,
  };
}

const deadStates: readonly State[] = ['suspended', 'closing', 'closed'];

/** The daily limit in force, by the ladder. */
export function limitOf(row: CardRow): DailyLimit {
  return resolveDailyLimit(row.operator_limit_minor, {
    minor: row.meta_limit_minor,
    source: row.meta_limit_source,
  });
}

function finalLimitOf(row: CardRow): DailyLimit {
  if (row.final_limit_source === null) return limitOf(row);
  return { minor: row.final_limit_minor, source: row.final_limit_source };
}

/** Without a change in seven days the limit was then what it is now, if the account was known then. */
function limitBefore(row: CardRow, now: DailyLimit): number | null {
  if (row.has_limit_change) return row.limit_before_minor;
  return row.is_known_for_week ? now.minor : null;
}

/** Change of today's CPC against the week before, in per cent. */
export function cpcChangeOf(row: CardRow): number | null {
  const before =
    row.week_spend_minor === null || row.week_clicks === null
      ? null
      : { spendMinor: row.week_spend_minor, clicks: row.week_clicks };
  return deriveCpcChange({ spendMinor: row.spend_minor, clicks: row.clicks }, before);
}
