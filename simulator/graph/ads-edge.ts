/** `act_X/ads`: counts by effective status, and the ads themselves. */
import type { AccountView } from '../simulation.ts';
import { adId, adsOnDay, type AdStatus } from '../world/ads.ts';
import { localDay } from '../world/calendar.ts';
import { badParameter, noSuchField } from './errors.ts';
import { parseFields } from './fields.ts';
import { pageOf, type Page } from './paging.ts';

interface Ad {
  readonly id: string;
  readonly number: number;
  readonly status: AdStatus;
}

const STATUSES = [
  'ACTIVE',
  'PAUSED',
  'DELETED',
  'ARCHIVED',
  'PENDING_REVIEW',
  'DISAPPROVED',
  'PREAPPROVED',
  'PENDING_BILLING_INFO',
  'CAMPAIGN_PAUSED',
  'ADSET_PAUSED',
  'IN_PROCESS',
  'WITH_ISSUES',
];

const READERS: Readonly<Record<string, (ad: Ad) => unknown>> = {
  id: ({ id }) => id,
  name: ({ number }) => `Ad ${number + 1}`,
  status: ({ status }) => (status === 'PAUSED' ? 'PAUSED' : 'ACTIVE'),
  effective_status: ({ status }) => status,
  issues_info: ({ status }) => (status === 'WITH_ISSUES' ? [ISSUE] : undefined),
  ad_review_feedback: ({ status }) => (status === 'DISAPPROVED' ? { global: REJECTION } : undefined),
};

const ISSUE = {
  level: 'AD',
  error_code: 1815694,
  error_summary: "Ad can't run",
  error_message: 'The ad cannot run until its issue is resolved.',
  error_type: 'HARD_ERROR',
};
const REJECTION = { 'Unacceptable Business Practices': 'The ad promotes something that is not allowed.' };

/** One page of ads, with the count of all that match when it is asked for. */
export function adsOf(account: AccountView, params: URLSearchParams, page: Page): object {
  const statuses = parseStatuses(params.get('effective_status'));
  const fields = parseFields(params.get('fields') ?? '');
  for (const field of fields) if (!(field.name in READERS)) throw noSuchField(field.name, 'Adgroup');
  const ads = matchingAds(account, statuses);
  const listed = pageOf(ads.length, page);
  const data = ads
    .slice(listed.from, listed.to)
    .map((ad) => rowOf(ad, ['id', ...fields.map((one) => one.name)]));
  const wantsCount = /total_count|^(true|1)$/.test(params.get('summary') ?? '');
  return {
    data,
    ...(listed.paging && data.length > 0 ? { paging: listed.paging } : {}),
    ...(wantsCount ? { summary: { total_count: ads.length } } : {}),
  };
}

/** How many ads have one of the statuses; undefined = every ad that is neither deleted nor archived. */
export function countAds(account: AccountView, statuses: readonly string[] | undefined): number {
  const { traits, history, nowMs } = account;
  const all = adsOnDay(history, localDay(traits.market.zone, nowMs));
  return statuses === undefined ? all.length : all.filter((status) => statuses.includes(status)).length;
}

function matchingAds({ traits, history, nowMs }: AccountView, statuses: readonly string[] | undefined): Ad[] {
  return adsOnDay(history, localDay(traits.market.zone, nowMs))
    .map((status, number) => ({ id: adId(traits.accountId, number), number, status }))
    .filter((ad) => statuses === undefined || statuses.includes(ad.status));
}

function rowOf(ad: Ad, names: readonly string[]): object {
  return Object.fromEntries(
    names.map((name) => [name, READERS[name]?.(ad)] as const).filter(([, value]) => value !== undefined),
  );
}

function parseStatuses(text: string | null): string[] | undefined {
  if (text === null) return undefined;
  let statuses: unknown;
  try {
    statuses = JSON.parse(text);
  } catch {
    statuses = undefined;
  }
  if (!Array.isArray(statuses)) throw badParameter('Param effective_status must be an array');
  return statuses.map((status: unknown, position) => {
    if (typeof status === 'string' && STATUSES.includes(status)) return status;
    throw badParameter(`Param effective_status[${position}] must be one of {${STATUSES.join(', ')}}`);
  });
}
