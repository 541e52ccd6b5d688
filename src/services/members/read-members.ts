import type { MemberView } from '../../contract/admin.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Database } from '../../ports/sql.ts';
import { listMembers } from '../../store/operator.ts';
import { mustBeAllowed } from '../refusal.ts';

/** Everyone who was ever let in, those who still are first. Throws `Refused`. */
export async function readMembers(
  { database }: { database: Pick<Database, 'sql'> },
  actor: Actor,
): Promise<MemberView[]> {
  mustBeAllowed(actor, 'members:change');
  return listMembers(database.sql);
}
