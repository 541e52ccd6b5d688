import type { Sql } from '../ports/sql.ts';

/** Snapshots keep their slot in four bytes: seconds since this instant (epoch ms), good until 2088. */
const slotEpoch = Date.UTC(2020, 0, 1);

/** The slot column's value for an instant (epoch ms). */
export function slotSeconds(at: number): number {
  return Math.floor((at - slotEpoch) / 1000);
}

/** The first slot value at or after an instant: what a stretch of time is bounded with. */
export function firstSlotFrom(at: number): number {
  return Math.ceil((at - slotEpoch) / 1000);
}

/** The instant (epoch ms) of a slot column's value. */
export function slotInstant(seconds: number): number {
  return slotEpoch + seconds * 1000;
}

/** Makes sure that the day partitions from `firstDay` (UTC, `YYYY-MM-DD`) exist for `days` days. */
export async function ensurePartitions(sql: Sql, firstDay: string, days: number): Promise<void> {
  await sql`select ensure_snapshot_partitions(${firstDay}::date, ${days}::int)`;
}

/**
 * Lays a closed day's snapshots out by account, so that an account's day lies on neighbouring pages and its index is full.
 * Writers of that day wait meanwhile; a day is packed once it is over. Answers whether there was one to pack.
 */
export async function packSnapshots(sql: Sql, day: string): Promise<boolean> {
  const [row] = await sql<{ packed: boolean }>`select pack_snapshot_partition(${day}::date) as packed`;
  return row?.packed ?? false;
}
