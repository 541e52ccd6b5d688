import {
  alertCursor,
  alert as alertShape,
  type Alert,
  type AlertList,
  type AlertsQuery,
} from '../../contract/alert.ts';
import { writeCursor } from '../../contract/parameters.ts';
import { toIso, toIsoOrNull } from '../../contract/units.ts';
import type { Actor } from '../../domain/permissions.ts';
import { shortId } from '../../domain/short-id.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/sql.ts';
import {
  type AlertDelivery,
  type AlertRow,
  type AlertState,
  readAlerts,
  readDeliveriesOf,
} from '../../store/alert-lists.ts';
import { mustBeAllowed } from '../refusal.ts';
import { byAlert } from './by-alert.ts';

interface Deps {
  database: Pick<Database, 'sql'>;
  clock: Pick<Clock, 'now'>;
}

/** One page of alerts with their deliveries, oldest first, so that a follower can page on. Throws `Refused`. */
export async function listAlerts(deps: Deps, actor: Actor, query: AlertsQuery): Promise<AlertList> {
  mustBeAllowed(actor, 'alerts:read');
  const { sql } = deps.database;
  const at = await deps.clock.now();
  // One more than asked for tells whether there is another page.
  const rows = await readAlerts(sql, {
    since: query.since ?? null,
    state: query.state === 'all' ? null : query.state,
    after: query.cursor ?? 0,
    limit: query.limit + 1,
  });
  const page = rows.slice(0, query.limit);
  const last = rows.length > page.length ? page.at(-1) : undefined;
  const ids = page.map(({ id }) => id);
  const deliveriesOf = byAlert(await readDeliveriesOf(sql, ids));
  return {
    data: page.map((row) => alertOf(row, deliveriesOf(row.id))),
    next_cursor: last === undefined ? null : writeCursor(alertCursor, String(last.id)),
    as_of: toIso(at),
  };
}

/** Whether an alert holds, and whether somebody takes care of it. */
export function stateOf(row: Pick<AlertRow, 'resolvedAt' | 'acknowledgedAt'>): AlertState {
  if (row.resolvedAt !== null) return 'resolved';
  return row.acknowledgedAt === null ? 'open' : 'acknowledged';
}

function alertOf(row: AlertRow, deliveries: readonly AlertDelivery[]): Alert {
  return alertShape.parse({
    id: row.id,
    short_id: shortId(row.id),
    kind: row.kind,
    severity: row.severity,
    state: stateOf(row),
    title: row.title,
    text: row.body,
    account_ids: row.accountIds,
    opened_at: toIso(row.openedAt),
    resolved_at: toIsoOrNull(row.resolvedAt),
    acknowledged_at: toIsoOrNull(row.acknowledgedAt),
    acknowledged_by: row.acknowledgedBy,
    acknowledged_reason: row.acknowledgedReason,
    snoozed_until: toIsoOrNull(row.snoozedUntil),
    silenced_by: row.silenceAuthor,
    muted_by: row.mutedBy,
    is_flapping: row.isFlapping,
    deliveries: deliveries.map((one) => ({
      channel: one.channel,
      channel_kind: one.channelKind,
      purpose: one.purpose,
      state: one.state,
      attempts: one.attempts,
      created_at: toIso(one.createdAt),
      due_at: one.state === 'sent' || one.state === 'dead' ? null : toIso(one.dueAt),
      sent_at: toIsoOrNull(one.sentAt),
      duration_ms: one.durationMs,
      last_error: one.lastError,
    })),
  });
}
