import type { CycleReport } from '../domain/cycle-report.ts';
import type { Sql } from '../ports/sql.ts';

export type CycleKind = 'status' | 'metrics' | 'alerts' | 'daily';

/** The right to run one slot. Whoever holds an older fence can write nothing any more. */
export interface Claim {
  kind: CycleKind;
  slot: number;
  fence: number;
}

/** Takes a slot for `leaseMs`; null when it is done already or somebody else is at it. */
export async function claimSlot(
  sql: Sql,
  cycle: { kind: CycleKind; slot: number; owner: string; at: number; leaseMs: number },
): Promise<Claim | null> {
  const { kind, slot, owner, at, leaseMs } = cycle;
  const [row] = await sql<{ fence: number }>`
    insert into cycles (kind, slot, owner, lease_until, started_at)
    values (${kind}, ${slot}, ${owner}, ${at + leaseMs}, ${at})
    on conflict (kind, slot) do update
      set owner = excluded.owner, fence = nextval('fences'),
          lease_until = excluded.lease_until, started_at = excluded.started_at
      where cycles.finished_at is null and cycles.lease_until < excluded.started_at
    returning fence`;
  return row === undefined ? null : { kind, slot, fence: row.fence };
}

/** Throws when the claim has been taken over; until the transaction ends nobody can take it over then. */
export async function holdClaim(sql: Sql, claim: Claim): Promise<void> {
  const held = await sql`
    select 1 from cycles where kind = ${claim.kind} and slot = ${claim.slot} and fence = ${claim.fence} for share`;
  if (held.length === 0) throw new Error(`the claim on ${claim.kind} slot ${claim.slot} has been taken over`);
}

/** Ends a slot with its report. A claim that was taken over ends nothing. */
export async function finishCycle(
  sql: Sql,
  claim: Claim,
  at: number,
  report: CycleReport | object,
): Promise<void> {
  await sql`
    update cycles set finished_at = ${at}, report = ${JSON.stringify(report)}::jsonb
    where kind = ${claim.kind} and slot = ${claim.slot} and fence = ${claim.fence}`;
}

/** Gives a slot back unfinished, so that the next process need not wait for the lease to run out. */
export async function releaseClaim(sql: Sql, claim: Claim, at: number): Promise<void> {
  await sql`
    update cycles set lease_until = ${at - 1}
    where kind = ${claim.kind} and slot = ${claim.slot} and fence = ${claim.fence} and finished_at is null`;
}
