/** The edges that list accounts: of the token's user, and of each Business Manager. */
import { viewAccount, type Simulation } from '../simulation.ts';
import type { Fleet } from '../world/fleet.ts';
import { operatorBusiness, type Business } from '../world/vendors.ts';
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
  const listed = pageOf(indices.length, page);
  const data = indices.slice(listed.from, listed.to).map((index) => {
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

/** Which of the reached accounts stand behind an edge of a Business Manager. */
export function accountsOf(
  { fleet }: Simulation,
  businessId: string,
  edge: ListEdge,
  reached: readonly number[],
): readonly number[] {
  if (edge === 'pending') return [];
  const isOperator = businessId === operatorBusiness(fleet.seed).id;
  if (edge === 'client') return isOperator ? reached : [];
  return reached.filter((index) => fleet.traits(index).business.id === businessId);
}

export function findBusiness({ fleet }: Simulation, id: string): Business | undefined {
  return allBusinesses(fleet).find((business) => business.id === id);
}

/** The operator's own Business Manager, then those that own an account the token reaches. */
export function businessesOf({ fleet }: Simulation, reached: readonly number[]): readonly Business[] {
  const owners = new Set(reached.map((index) => fleet.traits(index).business.id));
  const operatorId = operatorBusiness(fleet.seed).id;
  return allBusinesses(fleet).filter(({ id }) => id === operatorId || owners.has(id));
}

function allBusinesses({ seed, vendors }: Fleet): readonly Business[] {
  return [operatorBusiness(seed), ...vendors.flatMap((vendor) => vendor.businesses)];
}
