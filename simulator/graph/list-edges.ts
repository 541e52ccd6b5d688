/** The edges that list accounts: of the token's user, and of each Business Manager. */
import { viewAccount, type Simulation } from '../simulation.ts';
import { operatorBusiness } from '../world/vendors.ts';
import { readAccount } from './account-node.ts';
import type { Field } from './fields.ts';
import { pageOf, type Page } from './paging.ts';

export type ListEdge = 'owned' | 'client' | 'pending';

/** One page of accounts. A field that an account rejects is left out of its row: the page must not fail for one. */
export function listAccounts(
  simulation: Simulation,
  indices: readonly number[],
  fields: readonly Field[],
  page: Page,
  nowMs: number,
): object {
  const visible = withoutHidden(simulation, indices, nowMs);
  const listed = pageOf(visible.length, page);
  const data = visible.slice(listed.from, listed.to).map((index) => {
    const account = viewAccount(simulation, index, nowMs);
    const isRejecting =
      fields.some((field) => field.name === 'adtrust_dsl') && account.state().isLimitRejected;
    return readAccount(
      account,
      isRejecting ? fields.filter((field) => field.name !== 'adtrust_dsl') : fields,
    );
  });
  return { data, ...(listed.paging ? { paging: listed.paging } : {}) };
}

/** The accounts behind an edge of a Business Manager. */
export function accountsOf(simulation: Simulation, businessId: string, edge: ListEdge): readonly number[] {
  const { fleet } = simulation;
  if (edge === 'pending') return [];
  const isOperator = businessId === operatorBusiness(fleet.seed).id;
  if (edge === 'client') return isOperator ? fleet.indices : [];
  return fleet.indices.filter((index) => fleet.traits(index).business.id === businessId);
}

export function findBusiness({ fleet }: Simulation, id: string): { id: string; name: string } | undefined {
  const vendors = fleet.vendors.flatMap((vendor) => vendor.businesses);
  return [...vendors, operatorBusiness(fleet.seed)].find((business) => business.id === id);
}

function withoutHidden(
  { fleet, book }: Simulation,
  indices: readonly number[],
  nowMs: number,
): readonly number[] {
  const lost = book.holding(nowMs).filter((entry) => entry.kind === 'access_lost');
  if (lost.length === 0) return indices;
  const hidden = new Set(lost.flatMap((entry) => entry.account_ids));
  return indices.filter((index) => !hidden.has(fleet.traits(index).accountId));
}
