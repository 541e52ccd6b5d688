import { addDays, daysBetween } from '../../domain/calendar.ts';
import type { Failure, Result } from '../../domain/observation.ts';
import type { Aspect, DayRange, MetricsReading, MetricsRequest } from '../../ports/account-source.ts';
import type { Ask, Span } from './batch.ts';
import type { BatchItem } from './client.ts';
import {
  observeActivities,
  observeAds,
  observeClosed,
  observeDetails,
  observeHistory,
  observeHours,
  observeLimit,
  observeToday,
} from './observe.ts';
import type { Bucket } from './usage.ts';

const dayFields = 'account_id,spend,impressions,clicks,cpc,outbound_clicks';
/** Days on one page; more are never asked for at once. */
const historyLimit = '100';
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

const nothing = {
  today: null,
  ads: null,
  limit: null,
  details: null,
  closed: null,
  history: null,
  hours: null,
  activities: null,
} as const satisfies Record<Aspect, null>;

type Reading<A extends Aspect> = NonNullable<MetricsReading[A]>;

/** How often each thing is normally read of one account; a stretched limit doubles it. */
const everyMs: Readonly<Record<Aspect, number>> = {
  today: 5 * minuteMs,
  ads: 15 * minuteMs,
  limit: hourMs,
  details: hourMs,
  closed: 24 * hourMs,
  history: minuteMs,
  hours: minuteMs,
  activities: hourMs,
};

/** The questions behind requests: today's figures of all come first, so that the slow reads never hold them up. */
export function metricsAsks(requests: readonly MetricsRequest[]): Ask<MetricsReading>[] {
  const pick = (aspect: Aspect, make: (request: MetricsRequest) => Ask<MetricsReading>) =>
    requests.filter(({ wants }) => wants[aspect] !== false && wants[aspect] !== null).map(make);
  return [
    ...pick('today', (owner) =>
      askOf(owner, 'today', [insights(owner, { date_preset: 'today' })], ([body], span) =>
        observeToday(owner, span, body),
      ),
    ),
    ...pick('closed', closedAsk),
    ...pick('ads', adsAsk),
    // A refused field fails the whole read, so this one travels alone.
    ...pick('limit', (owner) =>
      askOf(owner, 'limit', [node(owner, 'limit', 'id,adtrust_dsl')], ([body]) => observeLimit(owner, body)),
    ),
    ...pick('details', (owner) =>
      askOf(owner, 'details', [node(owner, 'details', detailFields)], ([body]) =>
        observeDetails(owner, body),
      ),
    ),
    ...pick('activities', (owner) =>
      askOf(owner, 'activities', [activityItem(owner.accountId, owner.wants.activities ?? 0)], ([body]) =>
        observeActivities(body),
      ),
    ),
    ...pick('history', (owner) => historyAsk(owner, owner.wants.history ?? noDays)),
    ...pick('hours', (owner) => hoursAsk(owner, owner.wants.hours ?? noDays)),
  ];
}

const detailFields = 'id,is_prepay_account,funding_source_details,failed_delivery_checks,user_tasks';
const noDays: DayRange = { from: '', to: '' };

type Owner = Pick<MetricsRequest, 'accountId' | 'currency' | 'timezone'>;

function askOf<A extends Aspect>(
  { accountId }: Owner,
  aspect: A,
  items: BatchItem[],
  read: (bodies: unknown[], span: Span) => Reading<A>,
  smaller?: () => Ask<MetricsReading> | null,
): Ask<MetricsReading> {
  return {
    items,
    read: (bodies, span) => ({
      ...nothing,
      ...{ accountId, askedAt: span.askedAt },
      [aspect]: read(bodies, span),
    }),
    fail: (failure: Failure) => ({
      ...nothing,
      ...{ accountId, askedAt: null },
      [aspect]: { ok: false, failure },
    }),
    ...(smaller === undefined ? {} : { smaller }),
  };
}

function item(
  owner: Owner,
  aspect: Aspect,
  bucket: Bucket,
  edge: string,
  params: Record<string, string>,
): BatchItem {
  const about = { accountId: owner.accountId, bucket, everyMs: everyMs[aspect] };
  return { path: `${owner.accountId}${edge}`, params, about };
}

function insights(owner: Owner, period: Record<string, string>, aspect: Aspect = 'today'): BatchItem {
  return item(owner, aspect, 'ads_insights', '/insights', { level: 'account', ...period, fields: dayFields });
}

function node(owner: Owner, aspect: Aspect, fields: string): BatchItem {
  return item(owner, aspect, 'ads_management', '', { fields });
}

function range({ from, to }: DayRange): string {
  return JSON.stringify({ since: from, until: to });
}

function closedAsk(owner: MetricsRequest): Ask<MetricsReading> {
  const days = owner.wants.closed ?? noDays;
  const period = { time_range: range(days), time_increment: '1', limit: historyLimit };
  return askOf(owner, 'closed', [insights(owner, period, 'closed')], ([body]) =>
    observeClosed(owner, days, body),
  );
}

function adsAsk(owner: MetricsRequest): Ask<MetricsReading> {
  const count = { summary: 'total_count', limit: '0' };
  const ads = (params: Record<string, string>) =>
    item(owner, 'ads', 'ads_management', '/ads', { ...params, ...count });
  return askOf(
    owner,
    'ads',
    [ads({ effective_status: '["ACTIVE"]' }), ads({}), ads({ effective_status: '["DISAPPROVED"]' })],
    ([active, total, rejected]) => observeAds(active, total, rejected),
  );
}

function historyAsk(owner: MetricsRequest, days: DayRange): Ask<MetricsReading> {
  const period = { time_range: range(days), time_increment: '1', limit: historyLimit };
  return askOf(
    owner,
    'history',
    [insights(owner, period, 'history')],
    ([body]) => withRange(days, observeHistory(owner, body), (rows) => ({ range: days, days: rows })),
    () => half(days, (less) => historyAsk(owner, less)),
  );
}

const hourlyBreakdown = 'hourly_stats_aggregated_by_advertiser_time_zone';

function hoursAsk(owner: MetricsRequest, days: DayRange): Ask<MetricsReading> {
  const period = { time_range: range(days), time_increment: '1', breakdowns: hourlyBreakdown, limit: '200' };
  return askOf(
    owner,
    'hours',
    [insights(owner, period, 'hours')],
    ([body]) => withRange(days, observeHours(owner, body), (rows) => ({ range: days, hours: rows })),
    () => half(days, (less) => hoursAsk(owner, less)),
  );
}

function withRange<Row extends { day: string }, Out>(
  days: DayRange,
  rows: Result<Row[]>,
  make: (rows: Row[]) => Out,
): Result<Out> {
  if (!rows.ok) return rows;
  const inside = rows.value.filter(({ day }) => day >= days.from && day <= days.to);
  return { ok: true, value: make(inside) };
}

/** The later half of the days: what is newer is wanted first. */
function half(days: DayRange, make: (less: DayRange) => Ask<MetricsReading>): Ask<MetricsReading> | null {
  const count = daysBetween(days.from, days.to) + 1;
  return count < 2 ? null : make({ from: addDays(days.to, 1 - Math.floor(count / 2)), to: days.to });
}

/** The item that reads an account's activity log from an instant (epoch ms) on. */
export function activityItem(accountId: MetricsRequest['accountId'], since: number): BatchItem {
  return {
    path: `${accountId}/activities`,
    params: {
      fields: 'event_type,event_time,extra_data,translated_event_type',
      since: String(Math.floor(since / 1000)),
      category: 'ACCOUNT',
      limit: '200',
    },
    about: { accountId, bucket: 'ads_management', everyMs: everyMs.activities },
  };
}
