import type { Sql } from '../ports/sql.ts';

/** A message that waited for the end of quiet hours. */
export interface HeldMessage {
  id: number;
  channelId: number;
  alertId: number;
  openedAt: number;
  title: string;
  body: string;
}

/** Locks and answers the held messages whose quiet hours are over, by channel, oldest first. */
export async function lockHeld(sql: Sql, at: number): Promise<HeldMessage[]> {
  return sql<HeldMessage>`
    select d.id, d.channel_id as "channelId", d.alert_id as "alertId", a.opened_at as "openedAt",
      coalesce(d.words ->> 'title', a.title) as title, coalesce(d.words ->> 'body', a.body) as body
    from deliveries d join alerts a on a.id = d.alert_id
    where d.state = 'held' and d.due_at <= ${at}
    order by d.channel_id, d.created_at, d.id for update of d`;
}

/** What is held for a member waits until then (epoch ms) from now on: his quiet hours are others. */
export async function moveHeld(sql: Sql, memberId: string, dueAt: number): Promise<void> {
  await sql`
    update deliveries d set due_at = ${dueAt} from channels c
    where c.id = d.channel_id and c.member_id = ${memberId} and d.state = 'held'`;
}

/** Ends held messages: sent as they are, or told in a digest. */
export async function endHeld(
  sql: Sql,
  ids: readonly number[],
  state: 'pending' | 'digested',
): Promise<void> {
  await sql`update deliveries set state = ${state} where id = any (${ids}::int8[]) and state = 'held'`;
}
