import type { Sql } from '../ports/sql.ts';
import { takeTurn } from './accounts.ts';
import { slotSeconds } from './snapshots.ts';
import type { CycleKind } from './cycles.ts';

/** Two processes that ask for the time one after the other need not write in that order. */
const toleranceMs = 30_000;

/** Whether the clock has been set back: a cycle of this kind has begun in what is the future now. */
export async function wasSetBack(sql: Sql, kind: CycleKind, slot: number, at: number): Promise<boolean> {
  const rows = await sql`
    select 1 from cycles
    where kind = ${kind} and slot >= ${slot} and started_at > ${at + toleranceMs}::timestamptz limit 1`;
  return rows.length > 0;
}

/**
 * Lets go of everything that would wait for a time that was, or never should have been: slots that are still to come count as
 * never begun, and pauses, retries and rests end now. What was read stays; newer readings replace it.
 */
export async function forgetFuture(sql: Sql, at: number): Promise<void> {
  await sql`delete from cycles where started_at > ${at + toleranceMs}::timestamptz`;
  // Not before: a writer that waits for its turn holds its claim meanwhile.
  await takeTurn(sql);
  await sql`delete from pauses where set_at > ${at}`;
  await sql`update connections set retry_at = ${at} where retry_at > ${at}`;
  await sql`update channels set paused_until = null where paused_until > ${at}`;
  await sql`update deliveries set due_at = ${at} where state in ('pending', 'retry') and due_at > ${at}`;
  await sql`
    update deliveries set lease_until = ${at + toleranceMs}
    where state = 'claimed' and lease_until > ${at + toleranceMs}::timestamptz`;
  await sql`update conditions set slot = ${slotSeconds(at)} where slot > ${slotSeconds(at)}::int`;
  await sql`update hints set read_at = ${at} where read_at > ${at}`;
  await sql`
    update latest set observed_at = least(observed_at, ${at}::timestamptz),
      metrics_at = least(metrics_at, ${at}::timestamptz),
      unreachable_since = least(unreachable_since, ${at}::timestamptz),
      -- A day that was only concluded from silence was the wrong clock's; Meta's own days are right.
      day = case when metrics_at > ${at}::timestamptz and spend_minor = 0 and impressions = 0 then null else day end
    where observed_at > ${at} or metrics_at > ${at} or unreachable_since > ${at}`;
  await sql`update particulars set history_failed_at = null where history_failed_at > ${at}`;
}
