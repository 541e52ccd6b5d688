import { linkActForm } from '../../contract/alert-acts.ts';
import { takeAlertLink } from '../../store/one-time-links.ts';
import { takeAlert } from './acknowledge-alert.ts';
import { type Act, type ActDeps, notDone } from './acts.ts';
import { linkDigest } from './alert-links.ts';
import { restAlert, snoozeEnd } from './snooze-alert.ts';

const used = notDone('This link has been used or has run out.');

/** How whoever acts by a link is written down. */
function linkName(channel: string): string {
  return `link sent to ${channel}`;
}

/** Acts on the alert of a message's link and uses the link up; of many who try at once, one does. The link is the permission. */
export async function actByLink(
  deps: ActDeps,
  given: { token: string; act: string; reason: string },
): Promise<Act> {
  const wish = linkActForm.safeParse(given);
  if (!wish.success) return notDone(wish.error.issues[0]?.message ?? 'This cannot be read.');
  const digest = linkDigest(wish.data.token);
  if (digest === null) return used;
  const at = await deps.clock.now();
  return deps.database.transaction(async (sql) => {
    const link = await takeAlertLink(sql, digest, at);
    if (link === null) return used;
    const word = { alertId: link.alertId, by: linkName(link.channel), at };
    return wish.data.act === 'snooze'
      ? restAlert(sql, { ...word, until: snoozeEnd('1h', at, 'UTC') })
      : takeAlert(sql, { ...word, reason: wish.data.reason });
  });
}
