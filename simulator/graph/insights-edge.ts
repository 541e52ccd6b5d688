/** `act_X/insights`: what was delivered, by period, by day or by hour. */
import type { AccountView } from '../simulation.ts';
import { dayText, localDay } from '../world/calendar.ts';
import type { Delivery } from '../world/delivery.ts';
import { dayDelivery, hourDelivery, rangeDelivery } from '../world/fleet.ts';
import { decimalText, majorText, minorPerMajor } from '../world/money.ts';
import { dayRangeOf, type DayRange } from './date-range.ts';
import { badParameter } from './errors.ts';
import { parseFields } from './fields.ts';

export type InsightsRow = Record<string, unknown>;

const HOURLY = 'hourly_stats_aggregated_by_advertiser_time_zone';

interface Period {
  readonly delivery: Delivery;
  readonly from: number;
  readonly to: number;
  readonly hour?: number;
}

type Reader = (delivery: Delivery, account: AccountView) => unknown;

const major = (delivery: Delivery, account: AccountView): number =>
  delivery.spendMinor / minorPerMajor(account.traits.market.currency);
const ratio = (top: number, count: number): string | undefined =>
  count === 0 ? undefined : decimalText(top / count, 6);
const outbound = (value: string | undefined): object[] | undefined =>
  value === undefined ? undefined : [{ action_type: 'outbound_click', value }];

/** Without clicks Meta leaves out what would be divided by them. */
const READERS: Readonly<Record<string, Reader>> = {
  account_id: (_, { traits }) => traits.accountId,
  account_name: (_, { traits }) => traits.name,
  account_currency: (_, { traits }) => traits.market.currency,
  spend: ({ spendMinor }, { traits }) => majorText(spendMinor, traits.market.currency),
  impressions: ({ impressions }) => String(impressions),
  reach: ({ impressions }) => String(Math.ceil(impressions * 0.7)),
  clicks: ({ clicks }) => String(clicks),
  inline_link_clicks: ({ linkClicks }) => (linkClicks === 0 ? undefined : String(linkClicks)),
  cpc: (delivery, account) => ratio(major(delivery, account), delivery.clicks),
  cpm: (delivery, account) => ratio(major(delivery, account) * 1000, delivery.impressions),
  ctr: ({ clicks, impressions }) => ratio(clicks * 100, impressions),
  cost_per_inline_link_click: (delivery, account) => ratio(major(delivery, account), delivery.linkClicks),
  outbound_clicks: ({ outboundClicks }) =>
    outbound(outboundClicks === 0 ? undefined : String(outboundClicks)),
  cost_per_outbound_click: (delivery, account) =>
    outbound(ratio(major(delivery, account), delivery.outboundClicks)),
};

/** All rows that a request asks for, oldest first; periods without delivery are missing. */
export function insightsOf(account: AccountView, params: URLSearchParams): { data: InsightsRow[] } {
  const level = params.get('level') ?? 'account';
  if (level !== 'account') throw badParameter(`level ${level} is not available here`);
  const today = localDay(account.traits.market.zone, account.nowMs);
  const range = dayRangeOf(params, today, account.traits.createdDay);
  const names = fieldNames(params.get('fields') ?? '');
  const data = periodsOf(account, params, { from: range.from, to: Math.min(range.to, today) }, range.to)
    .filter((period) => period.delivery.impressions > 0)
    .map((period) => rowOf(account, period, names));
  return { data };
}

function periodsOf(
  account: AccountView,
  params: URLSearchParams,
  range: DayRange,
  statedEnd: number,
): Period[] {
  const { history, nowMs } = account;
  const increment = params.get('time_increment') ?? 'all_days';
  const breakdowns = params.get('breakdowns');
  if (breakdowns !== null && breakdowns !== HOURLY)
    throw badParameter(`breakdowns ${breakdowns} is not available here`);
  const days = Array.from({ length: Math.max(0, range.to - range.from + 1) }, (_, step) => range.from + step);
  if (breakdowns === HOURLY) {
    if (increment !== '1' && days.length > 1)
      throw badParameter('the hourly breakdown of several days needs time_increment=1');
    return days.flatMap((day) =>
      Array.from({ length: 24 }, (_, hour) => ({
        delivery: hourDelivery(history, day, hour, nowMs),
        from: day,
        to: day,
        hour,
      })),
    );
  }
  if (increment === '1') {
    return days.map((day) => ({ delivery: dayDelivery(history, day, nowMs), from: day, to: day }));
  }
  if (increment !== 'all_days') throw badParameter(`time_increment ${increment} is not available here`);
  return [{ delivery: rangeDelivery(history, range.from, range.to, nowMs), from: range.from, to: statedEnd }];
}

function rowOf(account: AccountView, period: Period, names: readonly string[]): InsightsRow {
  const row: InsightsRow = {};
  for (const name of names) {
    const value = READERS[name]?.(period.delivery, account);
    if (value !== undefined) row[name] = value;
  }
  row['date_start'] = dayText(period.from);
  row['date_stop'] = dayText(period.to);
  if (period.hour !== undefined) {
    const hour = String(period.hour).padStart(2, '0');
    row[HOURLY] = `${hour}:00:00 - ${hour}:59:59`;
  }
  return row;
}

function fieldNames(fields: string): string[] {
  const names = parseFields(fields).map((field) => field.name);
  for (const name of names) {
    if (!(name in READERS) && name !== 'date_start' && name !== 'date_stop') {
      throw badParameter(`${name} is not valid for fields param.`);
    }
  }
  return names.length === 0 ? ['account_id', 'impressions', 'spend'] : names;
}
