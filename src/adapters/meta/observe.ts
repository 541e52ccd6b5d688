import type { z } from 'zod';
import { parseAccountId, type AccountId } from '../../domain/account.ts';
import { addDays, localDay } from '../../domain/calendar.ts';
import { minorFromMajor } from '../../domain/money.ts';
import type {
  ActivityReading,
  AdsReading,
  DayReading,
  DetailsReading,
  Failure,
  HourReading,
  LimitReading,
  Result,
  StatusReading,
} from '../../domain/observation.ts';
import type { DayRange, StatusPage } from '../../ports/account-source.ts';
import { shapeFailure } from './failures.ts';
import {
  accountNode,
  activities,
  adsCount,
  detailsNode,
  explain,
  hourlyInsights,
  insights,
  limitNode,
  type AccountNode,
  type InsightsRow,
} from './schema.ts';

/** Graph's answers into domain readings. Past this file nobody knows what Meta calls things. */

const bad = (detail: string): { ok: false; failure: Failure } => ({
  ok: false,
  failure: shapeFailure(detail),
});

function parse<T>(schema: z.ZodType<T>, body: unknown): Result<T> {
  const parsed = schema.safeParse(body);
  return parsed.success ? { ok: true, value: parsed.data } : bad(explain(parsed.error));
}

/** One row of a list edge. A row that bears no id belongs to nobody and is dropped; the account shows up as missing. */
export function observeRow(row: unknown, into: StatusPage): void {
  const parsed = parse(accountNode, row);
  if (parsed.ok) {
    into.readings.push(toStatusReading(parsed.value));
    return;
  }
  const accountId = typeof row === 'object' && row !== null && 'id' in row ? parseAccountId(row.id) : null;
  if (accountId !== null) into.failures.push({ accountId, failure: parsed.failure });
}

/** The answer to a read of one account; a body of another account is a failure. */
export function observeAccount(accountId: AccountId, body: unknown): Result<StatusReading> {
  const parsed = parse(accountNode, body);
  if (!parsed.ok) return parsed;
  if (parsed.value.id !== accountId) return bad(`answer belongs to another account`);
  return { ok: true, value: toStatusReading(parsed.value) };
}

function toStatusReading(node: AccountNode): StatusReading {
  return {
    accountId: node.id,
    name: node.name ?? null,
    statusCode: node.account_status,
    disableReason: node.disable_reason ?? null,
    currency: node.currency,
    timezone: node.timezone_name,
    amountSpentMinor: node.amount_spent ?? null,
    spendCap:
      node.spend_cap === undefined
        ? { minor: null, source: 'unknown' }
        : node.spend_cap === 0
          ? { minor: null, source: 'none' }
          : { minor: node.spend_cap, source: 'meta' },
    balanceDueMinor: node.balance ?? null,
    businessId: node.business?.id ?? null,
    businessName: node.business?.name ?? null,
  };
}

/** Whose insights, in which currency and zone. */
export interface Owner {
  accountId: AccountId;
  currency: string;
  timezone: string;
}

/**
 * Today's insights, asked at one instant and answered at another. No row means no delivery: a truthful zero for the account's
 * own day, unless that ended in between.
 */
export function observeToday(
  owner: Owner,
  { askedAt, answeredAt }: { askedAt: number; answeredAt: number },
  body: unknown,
): Result<DayReading> {
  const parsed = parse(insights, body);
  if (!parsed.ok) return parsed;
  const today = localDay(askedAt, owner.timezone);
  const [row, ...more] = parsed.value.data;
  if (more.length > 0) return bad('more than one row for one day');
  if (row === undefined)
    return localDay(answeredAt, owner.timezone) === today
      ? { ok: true, value: emptyDay(owner, today) }
      : bad('no row, and the day ended meanwhile');
  // Around midnight Meta's day and ours may differ by one; anything else is not today.
  const earliest = localDay(askedAt - midnightMs, owner.timezone);
  const latest = localDay(answeredAt + midnightMs, owner.timezone);
  if (row.date_start !== row.date_stop || (row.date_start !== earliest && row.date_start !== latest))
    return bad(`row of another day (${row.date_start})`);
  return toDayReading(owner, row);
}

const midnightMs = 2 * 3_600_000;

/** A day without delivery: Meta sends no row for it. */
function emptyDay({ accountId }: Owner, day: string): DayReading {
  return { accountId, day, spendMinor: 0, impressions: 0, clicks: 0, outboundClicks: 0, cpc: null };
}

/** Days that are over, read again: every day of the range, oldest first. */
export function observeClosed(owner: Owner, range: DayRange, body: unknown): Result<DayReading[]> {
  const rows = observeHistory(owner, body);
  if (!rows.ok) return rows;
  const days = new Map(rows.value.map((row) => [row.day, row]));
  const all: DayReading[] = [];
  for (let day = range.from; day <= range.to; day = addDays(day, 1))
    all.push(days.get(day) ?? emptyDay(owner, day));
  const outside = rows.value.find(({ day }) => day < range.from || day > range.to);
  return outside === undefined ? { ok: true, value: all } : bad(`row of another day (${outside.day})`);
}

/** Rows of the hourly breakdown, oldest first. Hours without delivery are missing. */
export function observeHours(owner: Owner, body: unknown): Result<HourReading[]> {
  const parsed = parse(hourlyInsights, body);
  if (!parsed.ok) return parsed;
  if (parsed.value.paging?.next !== undefined) return bad('more hours than were asked for');
  const hours: HourReading[] = [];
  for (const row of parsed.value.data) {
    const reading = toDayReading(owner, row);
    if (!reading.ok) return reading;
    const { day, spendMinor, clicks, outboundClicks } = reading.value;
    hours.push({
      day,
      hour: row.hourly_stats_aggregated_by_advertiser_time_zone,
      spendMinor,
      clicks,
      outboundClicks,
    });
  }
  const keys = new Set(hours.map(({ day, hour }) => `${day} ${hour}`));
  return keys.size === hours.length ? { ok: true, value: hours } : bad('the same hour twice');
}

/** Daily rows, oldest first. Days without delivery are missing, as Meta leaves them out. */
export function observeHistory(owner: Owner, body: unknown): Result<DayReading[]> {
  const parsed = parse(insights, body);
  if (!parsed.ok) return parsed;
  const days: DayReading[] = [];
  for (const row of parsed.value.data) {
    const reading = toDayReading(owner, row);
    if (!reading.ok) return reading;
    days.push(reading.value);
  }
  if (new Set(days.map(({ day }) => day)).size < days.length) return bad('the same day twice');
  return { ok: true, value: days.sort((a, b) => a.day.localeCompare(b.day)) };
}

function toDayReading(owner: Owner, row: InsightsRow): Result<DayReading> {
  if (`act_${row.account_id}` !== owner.accountId) return bad('answer belongs to another account');
  const spendMinor = minorFromMajor(row.spend ?? '0', owner.currency);
  if (spendMinor === null) return bad('spend: is too large');
  return {
    ok: true,
    value: {
      accountId: owner.accountId,
      day: row.date_start,
      spendMinor,
      impressions: row.impressions ?? 0,
      clicks: row.clicks ?? 0,
      outboundClicks: (row.outbound_clicks ?? []).reduce((sum, { value }) => sum + value, 0),
      cpc: row.cpc ?? null,
    },
  };
}

/** Running, all and rejected ads, all taken from the edge's summary; without a summary the count is unknown. */
export function observeAds(active: unknown, total: unknown, rejected: unknown): Result<AdsReading> {
  const [running, all, declined] = [
    parse(adsCount, active),
    parse(adsCount, total),
    parse(adsCount, rejected),
  ];
  if (!running.ok) return running;
  if (!all.ok) return all;
  if (!declined.ok) return declined;
  return {
    ok: true,
    value: {
      activeAds: running.value.summary?.total_count ?? null,
      totalAds: all.value.summary?.total_count ?? null,
      rejectedAds: declined.value.summary?.total_count ?? null,
    },
  };
}

/** How the account pays, what holds its delivery up, what the token may do; absent is unknown. */
export function observeDetails(owner: Owner, body: unknown): Result<DetailsReading> {
  const parsed = parse(detailsNode, body);
  if (!parsed.ok) return parsed;
  const node = parsed.value;
  if (node.id !== owner.accountId) return bad('answer belongs to another account');
  return {
    ok: true,
    value: {
      isPrepay: node.is_prepay_account ?? null,
      fundingType: node.funding_source_details?.type ?? null,
      fundingText: node.funding_source_details?.display_string ?? null,
      deliveryChecks:
        node.failed_delivery_checks?.map(({ check_name, summary }) => ({
          name: check_name,
          summary: summary ?? '',
        })) ?? null,
      userTasks: node.user_tasks ?? null,
    },
  };
}

/** Entries of the activity log. */
export function observeActivities(body: unknown): Result<ActivityReading[]> {
  const parsed = parse(activities, body);
  if (!parsed.ok) return parsed;
  return {
    ok: true,
    value: parsed.value.data.map(({ event_type, event_time, extra_data, translated_event_type }) => ({
      occurredAt: event_time,
      eventType: event_type,
      extra: extra_data,
      words: translated_event_type ?? null,
    })),
  };
}

/** Meta's own daily limit: major units, negative = no limit, absent or null = not told. */
export function observeLimit(owner: Owner, body: unknown): Result<LimitReading> {
  const parsed = parse(limitNode, body);
  if (!parsed.ok) return parsed;
  if (parsed.value.id !== owner.accountId) return bad('answer belongs to another account');
  const limit = parsed.value.adtrust_dsl;
  if (limit === undefined || limit === null) return { ok: true, value: { minor: null, source: 'unknown' } };
  if (limit < 0) return { ok: true, value: { minor: null, source: 'unlimited' } };
  const minor = minorFromMajor(limit, owner.currency);
  return minor === null
    ? bad('adtrust_dsl: is not an amount')
    : { ok: true, value: { minor, source: 'meta' } };
}
