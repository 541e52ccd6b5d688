/** `act_X/activities`: the log of what happened to an account. */
import type { AccountView } from '../simulation.ts';
import { activitiesBetween, activityTitle, type Activity } from '../world/activity.ts';
import { DAY_MS, dayStart, instantText, parseDay } from '../world/calendar.ts';
import { badParameter, noSuchField } from './errors.ts';
import { parseFields } from './fields.ts';
import { pageOf, type Page } from './paging.ts';

const DEFAULT_DAYS = 7;
const FIELDS = [
  'event_type',
  'event_time',
  'date_time_in_timezone',
  'extra_data',
  'object_id',
  'object_name',
  'object_type',
  'translated_event_type',
  'actor_id',
  'actor_name',
];

/** One page of events, newest first; a week by default. */
export function activitiesOf(account: AccountView, params: URLSearchParams, page: Page): object {
  const { traits, history, nowMs } = account;
  const names = parseFields(params.get('fields') ?? '').map((field) => field.name);
  for (const name of names) if (!FIELDS.includes(name)) throw noSuchField(name, 'AdActivity');
  const zone = traits.market.zone;
  const until = parseTime(params.get('until'), zone, 1) ?? nowMs + 1;
  const since = parseTime(params.get('since'), zone, 0) ?? until - DEFAULT_DAYS * DAY_MS;
  const events = activitiesBetween(history, since, Math.min(until, nowMs + 1));
  const listed = pageOf(events.length, page);
  const data = events.slice(listed.from, listed.to).map((event) => {
    const row = rowOf(account, event);
    return names.length === 0
      ? row
      : Object.fromEntries(names.filter((name) => name in row).map((name) => [name, row[name]]));
  });
  return { data, ...(listed.paging ? { paging: listed.paging } : {}) };
}

function rowOf({ traits }: AccountView, event: Activity): Record<string, string> {
  return {
    event_type: event.eventType,
    event_time: instantText(event.atMs),
    date_time_in_timezone: instantText(event.atMs, traits.market.zone),
    extra_data: JSON.stringify(event.extra),
    object_id: traits.accountId,
    object_name: traits.name,
    object_type: 'ACCOUNT',
    translated_event_type: activityTitle(event.eventType),
    actor_id: '0',
    actor_name: 'Meta',
  };
}

/** Unix seconds, a date of the account (its end for `until`), or an ISO instant. */
function parseTime(text: string | null, zone: string, daysOn: number): number | undefined {
  if (text === null) return undefined;
  if (/^\d{6,}$/.test(text)) return Number(text) * 1000;
  const day = parseDay(text);
  if (day !== undefined) return dayStart(zone, day + daysOn);
  const instant = Date.parse(text);
  if (Number.isNaN(instant)) throw badParameter('since and until must be Unix seconds or dates');
  return instant;
}
