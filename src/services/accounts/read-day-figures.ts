import type { AccountPageView } from '../../contract/account-page.ts';
import { addDays, localDay } from '../../domain/calendar.ts';
import { costPerClick } from '../../domain/money.ts';
import { deriveCpcChange } from '../../domain/trend.ts';
import type { Sql } from '../../ports/sql.ts';
import type { HistorySubject } from '../../store/account-history.ts';
import { readDays } from '../../store/history.ts';

/** Today's figures of an account, or those of the day on which it died, beside the week before that day. */
export async function readDayFigures(
  sql: Sql,
  account: HistorySubject,
): Promise<Pick<AccountPageView, 'day' | 'weekCpc'>> {
  const { no, state, stateSince, timezone, currency, spendMinor, clicks, outboundClicks } = account;
  const isDead = state === 'suspended' || state === 'closing' || state === 'closed';
  const day = isDead && stateSince !== null ? localDay(stateSince, timezone) : account.day;
  if (day === null) return { day: null, weekCpc: null };
  const rows = await readDays(sql, no, addDays(day, -7), day);
  const week = rows.filter((row) => row.day < day);
  const before = {
    spendMinor: week.reduce((sum, row) => sum + row.spendMinor, 0),
    clicks: week.reduce((sum, row) => sum + row.clicks, 0),
  };
  const live =
    day === account.day && spendMinor !== null
      ? { spendMinor, clicks: clicks ?? 0, outboundClicks: outboundClicks ?? 0 }
      : null;
  const figures = live ?? rows.find((row) => row.day === day) ?? null;
  const weekCpc = costPerClick(before.spendMinor, before.clicks, currency);
  if (figures === null) return { day: null, weekCpc };
  return {
    day: {
      ...{ spendMinor: figures.spendMinor, clicks: figures.clicks, outboundClicks: figures.outboundClicks },
      cpc: costPerClick(figures.spendMinor, figures.clicks, currency),
      cpcChangePercent: deriveCpcChange(figures, before),
    },
    weekCpc,
  };
}
