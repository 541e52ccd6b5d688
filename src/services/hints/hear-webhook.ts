import type { MetaWebhook } from '../../contract/meta-webhook.ts';
import { hintOf } from '../../domain/hint.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SignIn } from '../../ports/sign-in.ts';
import type { Database } from '../../ports/sql.ts';
import { hearChanges, type HeardChange } from '../../store/hints.ts';

interface Deps {
  database: Pick<Database, 'sql'>;
  clock: Pick<Clock, 'now'>;
  signIn: Pick<SignIn, 'digest'>;
}

/**
 * Takes in a delivery whose signature was found right: which accounts to look at, and nothing of what it claims. A repeated,
 * late or reordered delivery costs one read at most. Answers how many changes were new and worth a look.
 */
export async function hearWebhook(deps: Deps, { object, entry }: MetaWebhook): Promise<number> {
  const changes: HeardChange[] = [];
  for (const { id, time, changes: pushed } of entry.filter((one) => one !== null)) {
    for (const { field, value } of pushed.filter((one) => one !== null)) {
      const hint = hintOf({ topic: object, entryId: id, field, value });
      if (hint === null) continue;
      // With the time, since the same ad may stop twice in a week.
      const digest = deps.signIn.digest(JSON.stringify([object, id, time, field, value]));
      changes.push({ digest: hex(digest), accountId: hint.accountId, field: hint.reason });
    }
  }
  return hearChanges(deps.database.sql, changes, await deps.clock.now());
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
