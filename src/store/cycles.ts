import type { Sql } from '../ports/sql.ts';

export type CycleKind = 'status' | 'metrics' | 'alerts' | 'daily';

/** The right to do one shard of one slot. Whoever holds an older fence can write nothing any more. */
export interface Claim {
  kind: CycleKind;
  slot: number;
  shard: number;
  fence: number;
}

/** What one shard is about: of a connection's accounts those whose number is `part` modulo `parts`. Null = no account. */
export interface ShardPlan {
  connectionId: number | null;
  part: number;
  parts: number;
}

export interface ClaimedShard extends ShardPlan {
  claim: Claim;
  /** What an earlier run of this shard had counted before it was cut short. */
  report: object | null;
}

/** A clock that was ahead leaves slots of the future behind; beyond this they count as never begun. */
const clockToleranceMs = 60_000;

/** Whether a slot is done. A cycle that claims to have begun in the future is not. */
export async function isSlotDone(sql: Sql, kind: CycleKind, slot: number, at: number): Promise<boolean> {
  const rows = await sql`
    select 1 from cycles where kind = ${kind} and slot = ${slot} and finished_at is not null
      and started_at <= ${at + clockToleranceMs}::timestamptz`;
  return rows.length > 0;
}

/** Opens a slot with its shards, unless that has been done. Runs in a transaction of its own. */
export async function openCycle(
  sql: Sql,
  cycle: { kind: CycleKind; slot: number; at: number; plan: readonly ShardPlan[] },
): Promise<void> {
  const { kind, slot, at, plan } = cycle;
  const opened = await sql`
    insert into cycles (kind, slot, started_at) values (${kind}, ${slot}, ${at})
    on conflict (kind, slot) do update set started_at = excluded.started_at, finished_at = null, report = null
      where cycles.started_at > ${at + clockToleranceMs}::timestamptz
    returning slot`;
  if (opened.length === 0) return;
  await sql`delete from shards where kind = ${kind} and slot = ${slot}`;
  await sql`
    insert into shards (kind, slot, shard, connection_id, part, parts)
    select ${kind}, ${slot}::int8, n - 1, connection_id, part, parts
    from unnest(${plan.map((s) => s.connectionId)}::int[], ${plan.map((s) => s.part)}::int[], ${plan.map((s) => s.parts)}::int[])
      with ordinality as s (connection_id, part, parts, n)`;
}

/** Takes the next free shard of a slot for `leaseMs`; null when all are done or in other hands. */
export async function claimShard(
  sql: Sql,
  cycle: { kind: CycleKind; slot: number; owner: string; at: number; leaseMs: number },
): Promise<ClaimedShard | null> {
  const { kind, slot, owner, at, leaseMs } = cycle;
  const [row] = await sql<ShardPlan & { shard: number; fence: number; report: object | null }>`
    -- A subquery in FROM may be run again for each shard of the slot, and each time take another one; this runs once.
    with free as materialized (
      select shard from shards
      where kind = ${kind} and slot = ${slot} and finished_at is null
        and (lease_until is null or lease_until < ${at} or lease_until > ${at + leaseMs + clockToleranceMs}::timestamptz)
      order by shard limit 1 for update skip locked)
    update shards s set owner = ${owner}, fence = nextval('fences'), lease_until = ${at + leaseMs},
      started_at = coalesce(s.started_at, ${at}::timestamptz)
    from free
    where s.kind = ${kind} and s.slot = ${slot} and s.shard = free.shard
    returning s.shard, s.fence, s.connection_id as "connectionId", s.part, s.parts, s.report`;
  if (row === undefined) return null;
  const { shard, fence, ...plan } = row;
  return { ...plan, claim: { kind, slot, shard, fence } };
}

/** Keeps a claim until a later moment; false when it has been taken over. */
export async function renewClaim(sql: Sql, claim: Claim, until: number): Promise<boolean> {
  const rows = await sql`
    update shards set lease_until = ${until}
    where kind = ${claim.kind} and slot = ${claim.slot} and shard = ${claim.shard} and fence = ${claim.fence}
      and finished_at is null
    returning shard`;
  return rows.length > 0;
}

/** Somebody else has the shard now; what its former holder still wanted to write is his to write no more. */
export class ClaimLost extends Error {}

/** Throws `ClaimLost` when the claim has been taken over; until the transaction ends nobody can take it over then. */
export async function holdClaim(sql: Sql, claim: Claim): Promise<void> {
  const held = await sql`
    select 1 from shards
    where kind = ${claim.kind} and slot = ${claim.slot} and shard = ${claim.shard} and fence = ${claim.fence}
    for share`;
  if (held.length === 0)
    throw new ClaimLost(
      `the claim on ${claim.kind} slot ${claim.slot} shard ${claim.shard} has been taken over`,
    );
}

/** Ends a shard with what it counted. A claim that was taken over ends nothing. */
export async function finishShard(sql: Sql, claim: Claim, at: number, report: object): Promise<void> {
  await sql`
    update shards set finished_at = ${at}, lease_until = null, report = ${JSON.stringify(report)}::jsonb
    where kind = ${claim.kind} and slot = ${claim.slot} and shard = ${claim.shard} and fence = ${claim.fence}`;
}

/** Gives a shard back unfinished, with what it counted so far, so that the next one need not wait for the lease to run out. */
export async function releaseClaim(sql: Sql, claim: Claim, report: object | null): Promise<void> {
  await sql`
    update shards set lease_until = null, report = ${report === null ? null : JSON.stringify(report)}::jsonb
    where kind = ${claim.kind} and slot = ${claim.slot} and shard = ${claim.shard} and fence = ${claim.fence}
      and finished_at is null`;
}

/** Locks a slot whose shards are all done and whose report is missing; answers what they counted, or null. */
export async function lockFinished(
  sql: Sql,
  kind: CycleKind,
  slot: number,
): Promise<{ startedAt: number; reports: object[] } | null> {
  const [cycle] = await sql<{ startedAt: number }>`
    select started_at as "startedAt" from cycles
    where kind = ${kind} and slot = ${slot} and finished_at is null for update`;
  if (cycle === undefined) return null;
  const shards = await sql<{ report: object | null; isDone: boolean }>`
    select report, finished_at is not null as "isDone" from shards where kind = ${kind} and slot = ${slot} order by shard`;
  if (shards.some(({ isDone }) => !isDone)) return null;
  return { ...cycle, reports: shards.flatMap(({ report }) => report ?? []) };
}

/** Ends a slot with its report. */
export async function finishCycle(
  sql: Sql,
  kind: CycleKind,
  slot: number,
  at: number,
  report: object,
): Promise<void> {
  await sql`
    update cycles set finished_at = ${at}, report = ${JSON.stringify(report)}::jsonb where kind = ${kind} and slot = ${slot}`;
}

/** Forgets shards and reports that nobody asks about any more. */
export async function dropOldCycles(sql: Sql, shardsBefore: number, cyclesBefore: number): Promise<void> {
  await sql`
    delete from shards s using cycles c
    where c.kind = s.kind and c.slot = s.slot and c.started_at < ${shardsBefore}`;
  await sql`delete from cycles where started_at < ${cyclesBefore}`;
}

/** What the last finished metrics cycle came to for one connection. */
export interface CycleCounts {
  connectionId: number;
  attempted: number;
  succeeded: number;
  failures: { kind: string; count: number }[];
}

/** The counts of the last finished metrics cycle, by connection; its parts are added up. */
export async function countLastCycle(sql: Sql): Promise<CycleCounts[]> {
  return sql<CycleCounts>`
    with last as (
      select slot from cycles where kind = 'metrics' and finished_at is not null order by finished_at desc limit 1),
    parts as (
      select s.connection_id, s.report from shards s join last on last.slot = s.slot
      where s.kind = 'metrics' and s.connection_id is not null and s.report is not null)
    select connection_id as "connectionId", sum((report ->> 'attempted')::int)::int as attempted,
      sum((report ->> 'succeeded')::int)::int as succeeded,
      coalesce((
        select jsonb_agg(jsonb_build_object('kind', kind, 'count', count) order by count desc, kind)
        from (
          select f.key as kind, sum(f.value::int) as count
          from parts p cross join lateral jsonb_each_text(p.report -> 'failures') f
          where p.connection_id = parts.connection_id group by f.key) by_kind), '[]') as failures
    from parts group by connection_id`;
}
