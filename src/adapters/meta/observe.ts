import type { z } from 'zod';
import { parseAccountId, type AccountId } from '../../domain/account.ts';
import { addDays, localDay } from '../../domain/calendar.ts';
import { minorFromMajor } from '../../domain/money.ts';
import type {
  AdsReading,
  DayReading,
  Failure,
  LimitReading,
  Result,
  StatusReading,
} from '../../domain/observation.ts';
import type { StatusPage } from '../../ports/account-source.ts';
import { shapeFailure } from './failures.ts';
import {
  accountNode,
  adsCount,
  explain,
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

/** Today's insights. No row means no delivery: a truthful zero for the account's own day at `at`. */
export function observeToday(owner: Owner, at: number, body: unknown): Result<DayReading> {
  const parsed = parse(insights, body);
  if (!parsed.ok) return parsed;
  const today = localDay(at, owner.timezone);
  const [row, ...more] = parsed.value.data;
  if (more.length > 0) return bad('more than one row for one day');
  if (row === undefined)
    return {
      ok: true,
      value: {
        accountId: owner.accountId,
        day: today,
        spendMinor: 0,
        impressions: 0,
        clicks: 0,
        outboundClicks: 0,
        cpc: null,
      },
    };
  // Around midnight Meta's day and ours may differ by one; anything else is not today.
  if (
    row.date_start !== row.date_stop ||
    row.date_start < addDays(today, -1) ||
    row.date_start > addDays(today, 1)
  )
    return bad(`row of another day (${row.date_start})`);
  return toDayReading(owner, row);
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

/** Running ads and all ads, both taken from the edge's summary; without a summary the count is unknown. */
export function observeAds(active: unknown, total: unknown): Result<AdsReading> {
  const [running, all] = [parse(adsCount, active), parse(adsCount, total)];
  if (!running.ok) return running;
  if (!all.ok) return all;
  return {
    ok: true,
    value: {
      activeAds: running.value.summary?.total_count ?? null,
      totalAds: all.value.summary?.total_count ?? null,
    },
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
