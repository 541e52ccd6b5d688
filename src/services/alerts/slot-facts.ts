import type { ZoneSpan } from '../../domain/calendar.ts';
import { isStandingStill, type SlotFacts } from '../../domain/conditions.ts';
import type { Tuner } from '../../domain/rules.ts';
import type { State } from '../../domain/status.ts';
import type { Sql } from '../../ports/sql.ts';
import { readUsualHours, type FactsRow } from '../../store/conditions.ts';
import { slotInstant } from '../../store/snapshots.ts';

/** Tells where in the account-day of a zone an instant lies. */
export type SpanOf = (at: number, zone: string) => ZoneSpan;

/** How the fleet is looked at in one run. */
export interface View {
  /** When the slot that is judged began (epoch ms). */
  slotAt: number;
  metricsMs: number;
  tuned: Tuner;
  spanOf: SpanOf;
}

const deadStates: readonly State[] = ['suspended', 'closing', 'closed', 'access_lost'];

/** Of an account that is archived or down nothing else need be told. */
export function isJudged({ isArchived, state }: Pick<FactsRow, 'isArchived' | 'state'>): boolean {
  return !isArchived && !deadStates.includes(state);
}

/** When an account was last seen whole, status and figures (epoch ms). */
export function lastSeenAt({ observedAt, metricsAt, addedAt }: FactsRow): number {
  return Math.min(observedAt ?? addedAt, metricsAt ?? addedAt);
}

/** What accounts usually spend at the hour of their slot; only one that stands still is asked about. */
export async function readUsual(
  sql: Sql,
  rows: readonly FactsRow[],
  { spanOf }: View,
): Promise<Map<number, number>> {
  const asked = rows.flatMap((row) => {
    const facts = isJudged(row) ? slotFactsOf(row, spanOf, null) : null;
    if (row.slot === null || facts === null || isStandingStill(facts) !== true) return [];
    const { day, hour } = spanOf(slotInstant(row.slot), row.timezone);
    return [{ accountNo: row.no, day, hour }];
  });
  return readUsualHours(sql, asked);
}

/** What the rules need to know of an account at the newest slot of its figures; null without one. */
export function slotFactsOf(row: FactsRow, spanOf: SpanOf, usualHourMinor: number | null): SlotFacts | null {
  if (row.slot === null) return null;
  const span = spanOf(slotInstant(row.slot), row.timezone);
  return {
    ...{ currency: row.currency, span, usualHourMinor },
    ...{ spendMinor: row.spendMinor, amountSpentMinor: row.amountSpentMinor, clicks: row.clicks },
    before:
      row.slotBefore === null
        ? null
        : {
            ...{
              spendMinor: row.spendBeforeMinor,
              amountSpentMinor: row.amountSpentBeforeMinor,
              clicks: null,
            },
            isSameDay: slotInstant(row.slotBefore) >= slotInstant(row.slot) - span.elapsedMs,
          },
    ...{ statusCode: row.statusCode, activeAds: row.activeAds },
    limit: { minor: row.limitMinor, source: row.limitSource ?? 'unknown' },
    spendCap: { minor: row.capMinor, source: row.capSource ?? 'unknown' },
    week:
      row.weekSpendMinor === null || row.weekClicks === null
        ? null
        : { spendMinor: row.weekSpendMinor, clicks: row.weekClicks },
  };
}
