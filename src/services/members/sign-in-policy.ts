import type { Actor } from '../../domain/permissions.ts';
import { announceMember } from '../../store/live.ts';
import { insertAudit } from '../../store/members.ts';
import { findSecondStep, readPolicy, writePolicy } from '../../store/second-steps.ts';
import { mustBeAllowed } from '../refusal.ts';
import type { MembersDeps, Wish } from './members-deps.ts';

/** Whether admins may do nothing without a second step. Throws `Refused`. */
export async function readSignInPolicy(
  deps: Pick<MembersDeps, 'database'>,
  actor: Actor,
): Promise<{ isNeededOfAdmins: boolean }> {
  mustBeAllowed(actor, 'members:change');
  return { isNeededOfAdmins: await readPolicy(deps.database.sql) };
}

/**
 * Makes every admin set a second step up before he may do anything else, from his next request on; or no longer. Whoever asks
 * for it must have one: somebody has to be left who can take it back. Throws `Refused`.
 */
export async function setSignInPolicy(
  deps: MembersDeps,
  actor: Actor,
  { isNeededOfAdmins }: { isNeededOfAdmins: boolean },
): Promise<Wish<null>> {
  mustBeAllowed(actor, 'members:change');
  const at = await deps.clock.now();
  return deps.database.transaction(async (sql): Promise<Wish<null>> => {
    if (isNeededOfAdmins && !(await findSecondStep(sql, actor.name)).isOn)
      return { isDone: false, problem: 'Set up your own second step first, under Your settings.' };
    await writePolicy(sql, isNeededOfAdmins);
    await announceMember(sql, 'all');
    const detail = { admins: isNeededOfAdmins ? 'needed' : 'not needed' };
    await insertAudit(sql, { at, actor: actor.name, action: 'sign_in.second_step_policy', detail });
    return { isDone: true, value: null };
  });
}
