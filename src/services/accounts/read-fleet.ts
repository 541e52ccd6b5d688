import type { FleetAccount, FleetAsk, FleetView } from '../../contract/fleet.ts';
import { unassignedVendor } from '../../domain/account.ts';
import { majorText } from '../../domain/money.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Database } from '../../ports/sql.ts';
import { type FleetRow, listAwaited, listConnectionNames, listFleet } from '../../store/fleet.ts';
import { listVendorNames } from '../../store/operator.ts';
import { mustBeAllowed } from '../refusal.ts';

const perPage = 50;

/** One page of the fleet with what was entered by hand, and what is awaited. Throws `Refused`. */
export async function readFleet(
  { database: { sql } }: { database: Pick<Database, 'sql'> },
  actor: Actor,
  { words, vendor, connection, state, page }: FleetAsk,
): Promise<FleetView> {
  mustBeAllowed(actor, 'accounts:change');
  const { rows, total } = await listFleet(sql, {
    ...{ words, connection, state },
    vendor: vendor === unassignedVendor ? '' : vendor,
    ...{ most: perPage, skip: (page - 1) * perPage },
  });
  const [awaited, vendors, connections] = [
    await listAwaited(sql),
    await listVendorNames(sql),
    await listConnectionNames(sql),
  ];
  const pages = Math.max(1, Math.ceil(total / perPage));
  return { accounts: rows.map(shown), total, pages, awaited, vendors, connections };
}

function shown({ no: _, operatorLimitMinor, metaLimitMinor, ...row }: FleetRow): FleetAccount {
  return {
    ...row,
    operatorLimit: operatorLimitMinor === null ? null : majorText(operatorLimitMinor, row.currency),
    limitMinor: operatorLimitMinor ?? metaLimitMinor,
  };
}
