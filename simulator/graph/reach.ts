/** Which accounts a token reaches: its part of the fleet, and what scenarios granted it or took away. */
import type { Simulation } from '../simulation.ts';
import type { Fleet } from '../world/fleet.ts';
import type { Call } from './call.ts';
import { accessNotGranted, noSuchObject } from './errors.ts';
import { isInPart, partPrefix } from './part.ts';

const RULINGS = ['grant', 'access_lost'] as const;
const REMEMBERED_PARTS = 200;
const parts = new WeakMap<Fleet, Map<string, readonly number[]>>();

/** Throws the protocol's error when the token of a call does not reach an account. */
export function refuseUnreachable(call: Call, node: string, index: number): void {
  const { simulation, token, nowMs } = call;
  const { accountId } = simulation.fleet.traits(index);
  const [ruling] = simulation.book.holdingFor(RULINGS, nowMs, { accountId, token });
  if (ruling?.kind === 'grant') return;
  if (ruling && (ruling.code === 200 || ruling.code === 10)) throw accessNotGranted(ruling.code);
  if (ruling || !isInPart(token, index)) throw noSuchObject(node);
}

/** Indices of every account that a token reaches, in the fleet's order. */
export function reachedBy({ fleet, book }: Simulation, token: string, nowMs: number): readonly number[] {
  const hasAccess = new Map<string, boolean>();
  for (const { kind, account_ids } of book.holdingFor(RULINGS, nowMs, { token })) {
    // The newest ruling on an account comes first and counts.
    for (const id of account_ids) if (!hasAccess.has(id)) hasAccess.set(id, kind === 'grant');
  }
  if (hasAccess.size === 0) return partOfFleet(fleet, token);
  return fleet.indices.filter(
    (index) => hasAccess.get(fleet.traits(index).accountId) ?? isInPart(token, index),
  );
}

function partOfFleet(fleet: Fleet, token: string): readonly number[] {
  const prefix = partPrefix(token);
  if (prefix === '') return fleet.indices;
  const known = parts.get(fleet) ?? new Map<string, readonly number[]>();
  parts.set(fleet, known);
  const remembered = known.get(prefix);
  if (remembered) return remembered;
  if (known.size >= REMEMBERED_PARTS) known.clear();
  const indices = fleet.indices.filter((index) => isInPart(prefix, index));
  known.set(prefix, indices);
  return indices;
}
