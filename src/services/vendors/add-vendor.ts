import type { Actor } from '../../domain/permissions.ts';
import { insertAudit } from '../../store/members.ts';
import { assignByBusiness } from '../../store/operator.ts';
import { insertVendor, listForeignBusinesses, lockVendor, giveBusinesses } from '../../store/vendors.ts';
import type { ActDeps } from '../alerts/acts.ts';
import type { Wish } from '../members/members-deps.ts';
import { mustBeAllowed } from '../refusal.ts';
import { readBusinesses, readName } from './vendor-wish.ts';

/**
 * Adds a vendor, or with `mayExist` gives more Business Managers to one that is there; accounts of its Business Managers that nobody has assigned become its own, now and when more are found. Throws
 * `Refused`.
 */
export async function addVendor(
  deps: ActDeps,
  actor: Actor,
  given: { name: string; businesses: string; mayExist?: boolean },
): Promise<Wish<{ name: string; assigned: number }>> {
  mustBeAllowed(actor, 'accounts:change');
  const named = readName(given.name);
  if (!named.isDone) return named;
  const businesses = readBusinesses(given.businesses);
  if (!businesses.isDone) return businesses;
  const [name, businessIds] = [named.value, businesses.value];
  const at = await deps.clock.now();
  return deps.database.transaction(async (sql): Promise<Wish<{ name: string; assigned: number }>> => {
    const id = (await lockVendor(sql, name))?.id ?? null;
    if (id !== null && given.mayExist !== true) return taken(name);
    const [foreign] = await listForeignBusinesses(sql, id, businessIds);
    if (foreign !== undefined) return { isDone: false, problem: foreignWords(foreign) };
    const vendorId = id ?? (await insertVendor(sql, name));
    if (vendorId === null) return taken(name);
    await giveBusinesses(sql, vendorId, businessIds, false);
    const assigned = await assignByBusiness(sql, name);
    const detail = { name, businessIds, assigned };
    await insertAudit(sql, { at, actor: actor.name, action: 'vendor.added', detail });
    return { isDone: true, value: { name, assigned } };
  });
}

export const taken = (name: string) =>
  ({ isDone: false, problem: `There is a vendor “${name}” already.` }) as const;

export function foreignWords({ businessId, vendor }: { businessId: string; vendor: string }): string {
  return `Business Manager ${businessId} is ${vendor}’s: take it away there first.`;
}
