import type { ZoneSpan } from '../../domain/calendar.ts';
import type { SlotFacts } from '../../domain/conditions.ts';
import type { FactsRow } from '../../store/conditions.ts';
import { slotInstant } from '../../store/snapshots.ts';

/** Tells where in the account-day of a zone an instant lies. */
export type SpanOf = (at: number, zone: string) => ZoneSpan;

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
            ...{ spendMinor: row.spendBeforeMinor, amountSpentMinor: row.amountSpentBeforeMinor, clicks: null },
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
