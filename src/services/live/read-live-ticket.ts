import type { LiveTicket } from '../../contract/live-ticket.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CookieJar, SignIn } from '../../ports/sign-in.ts';
import type { Database } from '../../ports/sql.ts';
import { letMembersListen, openTopic } from '../../store/live.ts';
import { mustBeAllowed } from '../refusal.ts';

interface Deps {
  database: Pick<Database, 'sql'>;
  clock: Pick<Clock, 'now'>;
  signIn: Pick<SignIn, 'outsideToken'>;
  config: { supabase: { url: string; anonKey: string } | null };
}

/**
 * What the actor's browser needs to hear news by Supabase Realtime; null where they come another way, and for a program, which has
 * no session. Throws `Refused`.
 */
export async function readLiveTicket(
  deps: Deps,
  actor: Actor,
  jar: Pick<CookieJar, 'getAll'>,
): Promise<LiveTicket | null> {
  mustBeAllowed(actor, 'accounts:read');
  const { supabase } = deps.config;
  const token = supabase === null ? null : await deps.signIn.outsideToken(jar);
  if (supabase === null || token === null) return null;
  const { sql } = deps.database;
  await letMembersListen(sql);
  return {
    url: `${supabase.url.replace(/^http/, 'ws')}/realtime/v1`,
    key: supabase.anonKey,
    topic: await openTopic(sql),
    token,
    now: await deps.clock.now(),
  };
}
