import type { AccountId } from '../../src/domain/account.ts';

/** A day of an account's own calendar as the simulated world knows it. */
export interface DayTruth {
  day: string;
  spend_minor: number;
  impressions: number;
  clicks: number;
  outbound_clicks: number;
}

/** How one account really stands: `GET /__sim/truth`, which never goes by way of the Graph API. */
export interface AccountTruth {
  account_status: number;
  disable_reason: number;
  currency: string;
  timezone_name: string;
  amount_spent_minor: number;
  spend_cap_minor: number | null;
  balance_minor: number;
  daily_limit: { answer: 'number' | 'unlimited' | 'absent' | 'rejected'; minor: number | null };
  today: DayTruth;
  yesterday: DayTruth;
  ads: { total: number; active: number; rejected: number };
}

export type WorldTruth = ReadonlyMap<AccountId, AccountTruth>;

/** How every account stands at an instant. */
export async function readTruth(graphUrl: string, at: number): Promise<WorldTruth> {
  const response = await fetch(`${graphUrl}/__sim/truth?at=${new Date(at).toISOString()}`);
  const { accounts } = (await response.json()) as { accounts: (AccountTruth & { account_id: string })[] };
  return new Map(accounts.map(({ account_id, ...truth }) => [`act_${account_id}`, truth]));
}

interface Row {
  spend: string;
  clicks: string;
  outbound_clicks?: { value: string }[];
  date_start: string;
  hourly_stats_aggregated_by_advertiser_time_zone: string;
}

/** The hours of an account's days as the Graph API tells them, by `day hour`; read and counted without the product's code. */
export async function readHoursOfGraph(
  graphUrl: string,
  accountId: AccountId,
  currency: string,
  days: { from: string; to: string },
): Promise<Map<string, { spend_minor: number; clicks: number; outbound_clicks: number }>> {
  const rows = (await ask(graphUrl, `${accountId}/insights`, {
    level: 'account',
    fields: 'spend,clicks,outbound_clicks',
    time_range: JSON.stringify({ since: days.from, until: days.to }),
    time_increment: '1',
    breakdowns: 'hourly_stats_aggregated_by_advertiser_time_zone',
    limit: '500',
  })) as Row[];
  const perMajor = ['JPY', 'KRW', 'VND', 'IDR'].includes(currency) ? 1 : 100;
  return new Map(
    rows.map((row) => [
      `${row.date_start} ${Number(row.hourly_stats_aggregated_by_advertiser_time_zone.slice(0, 2))}`,
      {
        spend_minor: Math.round(Number(row.spend) * perMajor),
        clicks: Number(row.clicks),
        outbound_clicks: Number(row.outbound_clicks?.[0]?.value ?? 0),
      },
    ]),
  );
}

export interface LoggedEvent {
  event_type: string;
  /** Epoch ms. */
  at: number;
  extra: string;
}

/** An account's activity log since an instant, oldest first. */
export async function readLogOfGraph(
  graphUrl: string,
  accountId: AccountId,
  since: number,
): Promise<LoggedEvent[]> {
  const rows = (await ask(graphUrl, `${accountId}/activities`, {
    fields: 'event_type,event_time,extra_data',
    since: String(Math.ceil(since / 1000)),
    limit: '500',
  })) as { event_type: string; event_time: string; extra_data: string }[];
  return rows
    .map(({ event_type, event_time, extra_data }) => ({
      ...{ event_type, extra: extra_data },
      at: Date.parse(event_time.replace(/00$/, ':00')),
    }))
    .reverse();
}

async function ask(graphUrl: string, path: string, params: Record<string, string>): Promise<unknown[]> {
  const response = await fetch(`${graphUrl}/v26.0/${path}?${new URLSearchParams(params).toString()}`, {
    headers: { authorization: 'Bearer truth' },
  });
  const { data, paging } = (await response.json()) as { data?: unknown[]; paging?: { next?: string } };
  if (data === undefined || paging?.next !== undefined) throw new Error(`no whole answer of ${path}`);
  return data;
}
