import type { Sql } from '../ports/sql.ts';

/** How many tries a subject has within how long; after the last one it pauses for as long again. */
export interface Allowance {
  tries: number;
  windowMs: number;
}

export type Try =
  /** Counted as failed until `giveBackTry` says otherwise. */
  { isAllowed: true; left: number } | { isAllowed: false; pausedUntil: number };

/**
 * Takes one try of the subject before its outcome is known, so that a thousand guesses at once do not slip past the count.
 * Must run in a transaction of its own: it holds a lock on the subject until the end.
 */
export async function takeTry(sql: Sql, subject: string, allowance: Allowance, at: number): Promise<Try> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${subject}, 0))`;
  const [row] = await sql<{ window_start: number; tries: number }>`
    select window_start, tries from throttles where subject = ${subject} order by window_start desc limit 1`;
  const isRunning = row !== undefined && at < row.window_start + allowance.windowMs;
  const before = isRunning ? row.tries : 0;
  if (isRunning && before >= allowance.tries) {
    return { isAllowed: false, pausedUntil: row.window_start + allowance.windowMs };
  }
  const left = allowance.tries - before - 1;
  // The pause is counted from the last try, not from the first.
  const windowStart = isRunning && left > 0 ? row.window_start : at;
  await sql`delete from throttles where subject = ${subject}`;
  await sql`
    insert into throttles (subject, window_start, tries) values (${subject}, ${windowStart}, ${before + 1})`;
  return { isAllowed: true, left };
}

/** Takes one try back that turned out not to be a failure. */
export async function giveBackTry(sql: Sql, subject: string): Promise<void> {
  await sql`update throttles set tries = tries - 1 where subject = ${subject} and tries > 0`;
}

/** Removes windows that began before `before` and have no say any more. */
export async function deleteOldTries(sql: Sql, prefix: string, before: number): Promise<void> {
  await sql`
    delete from throttles where (subject, window_start) in (
      select subject, window_start from throttles
      where starts_with(subject, ${prefix}) and window_start <= ${before}
      for update skip locked)`;
}
