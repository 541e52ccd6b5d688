import { shortId } from '../../domain/short-id.ts';
import { readAlertsOf } from '../../store/alert-lists.ts';
import { findAlertLink } from '../../store/one-time-links.ts';
import type { AlertByLink } from '../../contract/alert-view.ts';
import type { ActDeps } from './acts.ts';
import { linkDigest } from './alert-links.ts';
import { stateOf } from './list-alerts.ts';
import { fieldsOf } from './read-alert-screen.ts';

/**
 * What the link of a message leads to, for whoever holds it; null when it has been used, has run out or never was.
 * Changes nothing: mail scanners and chat previews open links by themselves.
 */
export async function readAlertLink(deps: ActDeps, token: string): Promise<AlertByLink | null> {
  const digest = linkDigest(token);
  if (digest === null) return null;
  const { sql } = deps.database;
  const now = await deps.clock.now();
  const link = await findAlertLink(sql, digest, now);
  const [alert] = link === null ? [] : await readAlertsOf(sql, [link.alertId]);
  if (link === null || alert === undefined) return null;
  return {
    channel: link.channel,
    shortId: shortId(alert.id),
    severity: alert.severity,
    state: stateOf(alert),
    title: alert.title,
    text: alert.body,
    fields: fieldsOf(alert.fields),
    openedAt: alert.openedAt,
    acknowledgedBy: alert.acknowledgedBy,
    now,
  };
}
