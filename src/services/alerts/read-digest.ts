import { digestDay, digestFigures, type DigestView } from '../../contract/digest.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Database } from '../../ports/sql.ts';
import { readDigest as readStored } from '../../store/digests.ts';
import { mustBeAllowed } from '../refusal.ts';

/** The digest of a day with its figures; null when that day has none. Throws `Refused`. */
export async function readDigest(
  deps: { database: Pick<Database, 'sql'> },
  actor: Actor,
  day: string,
): Promise<DigestView | null> {
  mustBeAllowed(actor, 'alerts:read');
  if (!digestDay.safeParse(day).success) return null;
  const stored = await readStored(deps.database.sql, day);
  if (stored === null) return null;
  const { figures, before, after } = stored;
  return { figures: digestFigures.parse(figures), before, after };
}
