import {
  eventCursor,
  type Event,
  type EventKind,
  type EventList,
  type EventsQuery,
} from '../../contract/event.ts';
import { writeCursor } from '../../contract/parameters.ts';
import { toIso, toIsoOrNull, toMoney } from '../../contract/units.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/sql.ts';
import { readEvents, type EventRow } from '../../store/events.ts';
import { mustBeAllowed } from '../refusal.ts';

interface Deps {
  database: Pick<Database, 'sql'>;
  clock: Pick<Clock, 'now'>;
}

/** One page of what changed, oldest first, so that a follower can page on. Throws `Refused`. */
export async function listEvents(deps: Deps, actor: Actor, query: EventsQuery): Promise<EventList> {
  mustBeAllowed(actor, 'accounts:read');
  const at = await deps.clock.now();
  // One more than asked for tells whether there is another page.
  const rows = await readEvents<EventKind>(deps.database.sql, {
    since: query.since,
    accountId: query.account,
    kind: query.kind,
    after: query.cursor,
    limit: query.limit + 1,
  });
  const page = rows.slice(0, query.limit);
  const last = rows.length > page.length ? page.at(-1) : undefined;
  return {
    data: page.map(eventOf),
    next_cursor: last === undefined ? null : writeCursor(eventCursor, String(last.id)),
    as_of: toIso(at),
  };
}

function eventOf(row: EventRow<EventKind>): Event {
  const happening = {
    id: row.id,
    account_id: row.account_id,
    occurred_at: toIsoOrNull(row.occurred_at),
    detected_at: toIso(row.detected_at),
  };
  switch (row.kind) {
    case 'status_changed':
      return {
        ...happening,
        kind: row.kind,
        from: row.from_code,
        to: row.to_code,
        from_state: row.from_state,
        to_state: row.to_state,
      };
    case 'daily_limit_changed':
    case 'spend_cap_changed':
    case 'amount_spent_reset':
      return {
        ...happening,
        kind: row.kind,
        from: toMoney(row.from_minor, row.currency),
        to: toMoney(row.to_minor, row.currency),
      };
    default:
      return { ...happening, kind: row.kind, from: null, to: null };
  }
}
