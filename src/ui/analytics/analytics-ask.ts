import { type AnalyticsAsk, groupings, periods } from '../../contract/analytics.ts';

type Asked = Readonly<Record<string, string | string[] | undefined>>;

/** From the search parameters of the page; what cannot be meant is dropped. */
export function parseAsk(asked: Asked): AnalyticsAsk {
  return {
    by: groupings.find((by) => by === asked['by']) ?? 'vendor',
    days: periods.find((days) => String(days) === asked['days']) ?? 30,
  };
}

/** The address of the page that asks for this. */
export function askAddress(ask: AnalyticsAsk, change: Partial<AnalyticsAsk>): string {
  const { by, days } = { ...ask, ...change };
  const search = new URLSearchParams();
  if (by !== 'vendor') search.set('by', by);
  if (days !== 30) search.set('days', String(days));
  const text = search.toString();
  return text === '' ? '/analytics' : `/analytics?${text}`;
}
