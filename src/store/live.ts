import type { Sql } from '../ports/sql.ts';

/** The channel on which every process hears of committed changes. */
export const liveChannel = 'arbhub_live';

/** The channel on which every process hears whose right to look may have changed; `all` for everybody's. */
export const memberChannel = 'arbhub_members';

/** Has every process ask, once the transaction has committed, whether the open lines of this member may stay. */
export async function announceMember(sql: Sql, email: string): Promise<void> {
  await sql`select pg_notify(${memberChannel}, ${email})`;
}

// PostgreSQL refuses a notification of 8000 bytes or more.
const mostNamed = 300;

/** Tells every open board, once the transaction has committed, that these accounts changed. */
export async function announceChanged(sql: Sql, accountIds: readonly string[]): Promise<void> {
  if (accountIds.length === 0) return;
  await notify(sql, { type: 'changed', accountIds: accountIds.length > mostNamed ? 'all' : accountIds });
}

/** Tells every open board that a sweep saw all accounts but these. */
export async function announceChecked(sql: Sql, at: number, failed: readonly string[]): Promise<void> {
  await notify(sql, { type: 'checked', at, failed: failed.slice(0, mostNamed) });
}

// The wire shape is contract/live-event.ts; whoever listens parses it with that schema.
async function notify(sql: Sql, event: object): Promise<void> {
  await sql`select pg_notify(${liveChannel}, ${JSON.stringify(event)})`;
}
