import type { Actor } from '../../domain/permissions.ts';
import { findMember, type MemberRow } from '../../store/members.ts';
import { giveBackTry } from '../../store/throttles.ts';
import type { MembersDeps, Wish } from './members-deps.ts';
import { describeSignIn, mailSubject, takeMailTry } from './sign-in.ts';

/**
 * Whether whoever sits at the actor's screen knows his password. Whoever found the screen open has no more guesses than at the
 * sign-in.
 */
export async function proveSelf(deps: MembersDeps, actor: Actor, password: string): Promise<Wish<MemberRow>> {
  const taken = await takeMailTry(deps, actor.name);
  if (taken.outcome === 'paused') return { isDone: false, problem: describeSignIn(taken) };
  const member = await findMember(deps.database.sql, actor.name);
  const isRight = await deps.signIn.verifyPassword(password, member?.password_hash ?? null, actor.name);
  if (member === null || !isRight) return { isDone: false, problem: 'The current password is wrong.' };
  await giveBackTry(deps.database.sql, mailSubject(member.email));
  return { isDone: true, value: member };
}
