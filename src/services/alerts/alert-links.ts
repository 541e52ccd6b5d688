import { createHash, randomBytes } from 'node:crypto';
import { may, roles } from '../../domain/permissions.ts';
import type { Sql } from '../../ports/sql.ts';
import { insertAlertLink } from '../../store/one-time-links.ts';

const lifeMs = 7 * 86_400_000;
const actingRoles = roles.filter((role) => may({ role, name: '' }, 'alerts:acknowledge'));

/**
 * A fresh single-use link for one message about one alert: its path on the product's own address, to be put behind APP_URL.
 * Only the token's digest is stored. Null for a channel that belongs to a vendor, and for the
 * device of a member who may only look: they are told, but may not act.
 */
export async function makeAlertLink(
  sql: Sql,
  { alertId, channelId, at }: { alertId: number; channelId: number; at: number },
): Promise<string | null> {
  const token = randomBytes(32).toString('base64url');
  const link = {
    digest: digestOf(token),
    alertId,
    channelId,
    at,
    expiresAt: at + lifeMs,
    roles: actingRoles,
  };
  return (await insertAlertLink(sql, link)) ? `/alerts/act/${token}` : null;
}

/** The digest under which a token is stored; null for what cannot be a token at all. */
export function linkDigest(token: string): Uint8Array | null {
  return /^[\w-]{43}$/.test(token) ? digestOf(token) : null;
}

function digestOf(token: string): Uint8Array {
  return createHash('sha256').update(token).digest();
}
