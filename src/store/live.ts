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
  await sql`select announce_live(${JSON.stringify(event)})`;
}

/** The channel on which the topic's old name is said when it got another one. */
export const movedChannel = 'arbhub_live_moved';

/** The topic on which screens hear by Realtime; from the first time on there is one, and news are said there. */
export async function openTopic(sql: Sql): Promise<string> {
  await sql`insert into live_topics (name) values (new_topic_name()) on conflict do nothing`;
  const topic = await readTopic(sql);
  if (topic === null) throw new Error('the live topic has gone while it was opened');
  return topic;
}

/** The topic as it is called now; null while nobody hears by Realtime. */
export async function readTopic(sql: Sql): Promise<string | null> {
  const [row] = await sql<{ name: string }>`select name from live_topics`;
  return row?.name ?? null;
}

/** Whether the database itself says the news, because it is Supabase's. */
export async function hasRealtime(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ has: boolean }>`select has_realtime() as has`;
  return row?.has ?? false;
}

/** Lets members listen at Supabase's Realtime; false where that could not be done. */
export async function letMembersListen(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ may: boolean }>`select let_members_listen() as may`;
  return row?.may ?? false;
}
