import { isZone } from '../../domain/calendar.ts';
import type { Actor } from '../../domain/permissions.ts';
import { quietUntil } from '../../domain/quiet-hours.ts';
import { moveHeld } from '../../store/held-messages.ts';
import { insertAudit, lockMember, updateHours, type MemberHours } from '../../store/members.ts';
import { mustBeAllowed } from '../refusal.ts';
import type { MembersDeps, Wish } from './members-deps.ts';
import { parseEmail } from './parse-email.ts';

/** What of the hours is to change; what is not given stays, `quiet` null ends the quiet hours. */
export interface HoursWish {
  timezone?: string | undefined;
  quiet?: MemberHours['quiet'] | undefined;
}

type Deps = Pick<MembersDeps, 'database' | 'clock'>;

/** Sets the actor's own time zone and quiet hours. Throws `Refused`. */
export async function setOwnHours(deps: Deps, actor: Actor, wish: HoursWish): Promise<Wish<MemberHours>> {
  mustBeAllowed(actor, 'alerts:receive');
  return setHours(deps, actor, actor.name, wish);
}

/** Sets those of any member. Throws `Refused` when the actor may not. */
export async function setHoursOf(
  deps: Deps,
  actor: Actor,
  email: string,
  wish: HoursWish,
): Promise<Wish<MemberHours>> {
  mustBeAllowed(actor, 'members:change');
  return setHours(deps, actor, parseEmail(email) ?? email, wish);
}

async function setHours(
  { database, clock }: Deps,
  actor: Actor,
  email: string,
  wish: HoursWish,
): Promise<Wish<MemberHours>> {
  const problem = problemOf(wish);
  if (problem !== null) return { isDone: false, problem };
  const at = await clock.now();
  return database.transaction(async (sql): Promise<Wish<MemberHours>> => {
    const member = await lockMember(sql, email);
    if (member === null) return { isDone: false, problem: `There is no member ${email}.` };
    const { hours: before } = member;
    const after = {
      timezone: wish.timezone ?? before.timezone,
      quiet: wish.quiet === undefined ? before.quiet : wish.quiet,
    };
    await updateHours(sql, member.id, after);
    const quiet = after.quiet === null ? null : { timezone: after.timezone, ...after.quiet };
    await moveHeld(sql, member.id, quietUntil(quiet, at) ?? at);
    const detail = { email: member.email, from: before, to: after };
    await insertAudit(sql, { at, actor: actor.name, action: 'member.hours_set', detail });
    return { isDone: true, value: after };
  });
}

function problemOf({ timezone, quiet }: HoursWish): string | null {
  // Newer runtimes take offsets such as +02:00 for zones too; those know nothing of summer time.
  if (timezone !== undefined && !(/^[A-Za-z]/.test(timezone) && isZone(timezone)))
    return `"${timezone}" is no time zone; they are called like Europe/Berlin.`;
  if (!quiet) return null;
  const { from, to } = quiet;
  if (from === '' || to === '') return 'Quiet hours need both a beginning and an end.';
  if (![from, to].every((time) => /^([01]\d|2[0-3]):[0-5]\d$/.test(time)))
    return 'Quiet hours are times of day such as 22:00 and 07:00.';
  return from === to ? 'Quiet hours must begin and end at different times.' : null;
}
