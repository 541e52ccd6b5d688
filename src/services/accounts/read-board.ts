import type { AccountCard, Board } from '../../contract/account-card.ts';
import type { AccountId } from '../../domain/account.ts';
import { dayProgress } from '../../domain/calendar.ts';
import { deriveUsualDay } from '../../domain/day-curve.ts';
import { deriveFundsEta, deriveFundsLeft, resolveDailyLimit, type DailyLimit } from '../../domain/pace.ts';
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
    ...outlookOf(row, limit),
    tags: row.tags,
  };
}

const soonMs = 86_400_000;

/** How the day goes on if it does as usual. Of the dead nothing more is expected. */
function outlookOf(
  row: CardRow,
  limit: DailyLimit,
): Pick<AccountCard, 'expectedShare' | 'limitAt' | 'fundsEndAt'> {
  const { metrics_at: at, spend_minor: spendMinor, timezone: zone } = row;
  if (at === null || deadStates.includes(row.state))
    return { expectedShare: null, limitAt: null, fundsEndAt: null };
  const usual = row.day_curve === null ? null : deriveUsualDay(row.day_curve, spendMinor, limit, at, zone);
  const fundsLeft = deriveFundsLeft(
    { minor: row.spend_cap_minor, source: row.spend_cap_source },
    row.amount_spent_minor,
  );
  const etaMs =
    fundsLeft === null ? null : deriveFundsEta(spendMinor, fundsLeft, limit, dayProgress(at, zone));
  return {
    expectedShare: usual === null ? null : Math.round(usual.share * 1000) / 1000,
    limitAt: usual?.limitAt ?? null,
    fundsEndAt: etaMs === null || etaMs > soonMs ? null : Math.round(at + etaMs),
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
