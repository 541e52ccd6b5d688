import type { VendorWish } from '../../contract/vendors.ts';
import type { Actor } from '../../domain/permissions.ts';
import { insertAudit } from '../../store/members.ts';
import { assignByBusiness } from '../../store/operator.ts';
import { listForeignBusinesses, lockVendor, giveBusinesses, writeVendor } from '../../store/vendors.ts';
import type { ActDeps } from '../alerts/acts.ts';
import type { Wish } from '../members/members-deps.ts';
import { mustBeAllowed } from '../refusal.ts';
import { foreignWords, taken } from './add-vendor.ts';
import { readBusinesses, readName, readTerms } from './vendor-wish.ts';

/** Writes down everything that is said of a vendor: name, contact, Business Managers, promises. Throws `Refused`. */
export async function setVendor(
  deps: ActDeps,
  actor: Actor,
  vendor: string,
  wish: VendorWish,
): Promise<Wish<{ assigned: number }>> {
  mustBeAllowed(actor, 'accounts:change');
  const named = readName(wish.name);
  if (!named.isDone) return named;
  const businesses = readBusinesses(wish.businesses);
  if (!businesses.isDone) return businesses;
  const terms = readTerms(wish);
  if (!terms.isDone) return terms;
  const [name, businessIds] = [named.value, businesses.value];
  const at = await deps.clock.now();
  return deps.database.transaction(async (sql): Promise<Wish<{ assigned: number }>> => {
    const found = await lockVendor(sql, vendor);
    if (found === null) return { isDone: false, problem: `There is no vendor “${vendor}” any more.` };
    const [foreign] = await listForeignBusinesses(sql, found.id, businessIds);
    if (foreign !== undefined) return { isDone: false, problem: foreignWords(foreign) };
    if (!(await writeVendor(sql, found.id, { name, ...terms.value }))) return taken(name);
    await giveBusinesses(sql, found.id, businessIds, true);
    const assigned = await assignByBusiness(sql, name);
    const detail = { vendor, name, businessIds, assigned, ...terms.value };
    await insertAudit(sql, { at, actor: actor.name, action: 'vendor.set', detail });
    return { isDone: true, value: { assigned } };
  });
}
