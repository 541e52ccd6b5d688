import type { Actor } from '../../domain/permissions.ts';
import { insertAudit } from '../../store/members.ts';
import { listSealed, lockRotation, reseal, stopSealing } from '../../store/sealed-rows.ts';
import type { Wish } from '../members/members-deps.ts';
import { mustBeAllowed } from '../refusal.ts';
import type { ConnectionsDeps } from './connections-deps.ts';

export interface Rotation {
  /** Whether a new key was made, an unfinished rotation was ended, or the key of the settings was put to use. */
  key: 'new' | 'unfinished' | 'settings';
  resealed: number;
  /** Rows that no known key opens; they are left as they are. */
  unreadable: number;
}

/**
 * Puts everything that is sealed under a new key, row by row, beside running servers. At any moment every row opens with a key
 * that is on the disk: the old one is forgotten last, and only when no row needs it. Run again after a crash, it goes on.
 * Throws `Refused`.
 */
export async function rotateKey(
  deps: Pick<ConnectionsDeps, 'database' | 'clock' | 'sealer'>,
  actor: Actor,
): Promise<Wish<Rotation>> {
  mustBeAllowed(actor, 'connections:change');
  const { database, clock, sealer } = deps;
  // This transaction holds the locks; the rows are written beside it, each by itself.
  return database.transaction(async (locks) => {
    if (!(await lockRotation(locks))) return { isDone: false, problem: 'Another rotation is under way.' };
    const begun = sealer.beginRotation();
    const key = { begun: 'new', resumed: 'unfinished', settings: 'settings' } as const;
    const first = await resealAll(deps);
    await stopSealing(locks);
    // Nobody writes any more: whatever a server has sealed with the old key meanwhile is here by now.
    const last = await resealAll(deps);
    const rotation = {
      key: key[begun],
      resealed: first.resealed + last.resealed,
      unreadable: last.unreadable,
    };
    const at = await clock.now();
    await insertAudit(database.sql, {
      at,
      actor: actor.name,
      action: 'encryption_key.rotated',
      detail: rotation,
    });
    sealer.endRotation();
    return { isDone: true, value: rotation };
  });
}

async function resealAll({
  database,
  sealer,
}: Pick<ConnectionsDeps, 'database' | 'sealer'>): Promise<{ resealed: number; unreadable: number }> {
  const count = { resealed: 0, unreadable: 0 };
  for (const row of await listSealed(database.sql)) {
    if (sealer.isCurrent(row.sealed)) continue;
    const opened = sealer.open(row.sealed, row.purpose, row.rowId);
    if (!opened.ok) count.unreadable += 1;
    else if (await reseal(database.sql, row, sealer.seal(opened.text, row.purpose, row.rowId)))
      count.resealed += 1;
  }
  return count;
}
