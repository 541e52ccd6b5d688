'use server';

import { revalidatePath } from 'next/cache';
import {
  emailForm,
  invitationForm,
  memberForm,
  newMemberForm,
  policyForm,
  roleForm,
} from '../../../../contract/admin.ts';
import { requireActor, requireOwnPage } from '../../../../server/guard.ts';
import { house } from '../../../../server/house.ts';
import type { Act } from '../../../../services/alerts/acts.ts';
import { addMember } from '../../../../services/members/add-member.ts';
import { changeRole } from '../../../../services/members/change-role.ts';
import { disableMember } from '../../../../services/members/disable-member.ts';
import { enableMember } from '../../../../services/members/enable-member.ts';
import { resetSecondStep } from '../../../../services/members/end-second-step.ts';
import { inviteMember, withdrawInvitation } from '../../../../services/members/invite-member.ts';
import type { Wish } from '../../../../services/members/members-deps.ts';
import { makeResetLink } from '../../../../services/members/reset-password.ts';
import { setSignInPolicy } from '../../../../services/members/sign-in-policy.ts';
import type { OnceAnswer } from '../../../../ui/kit/once-form.tsx';
import { wishOf } from '../wish-of.ts';

export async function add(form: FormData): Promise<Act> {
  return wishOf({ ...here, schema: newMemberForm, form }, addMember);
}

/** Asks somebody in; the link stands in the answer only where no mail could carry it. */
export async function invite(form: FormData): Promise<OnceAnswer> {
  await requireOwnPage();
  const actor = await requireActor('members:change');
  const given = invitationForm.safeParse(Object.fromEntries(form));
  if (!given.success) return unreadable;
  const asked = await inviteMember(await house(), actor, given.data);
  if (!asked.isDone) return asked;
  revalidatePath(here.page);
  const { email } = asked.value;
  if (asked.value.isSent) return { isDone: true, told: `Invited. The mail to ${email} is on its way.` };
  const about = `${asked.value.problem} Give this link to ${email}: it works once, for 7 days, and is not shown again.`;
  return { isDone: true, told: 'Invited.', once: { about, text: asked.value.link } };
}

export async function withdraw(form: FormData): Promise<Act> {
  return wishOf({ ...here, schema: emailForm, form }, withdrawInvitation);
}

/** A link to a new password, for the admin to hand over. */
export async function makeLink(form: FormData): Promise<OnceAnswer> {
  await requireOwnPage();
  const actor = await requireActor('members:change');
  const given = emailForm.safeParse(Object.fromEntries(form));
  if (!given.success) return unreadable;
  const made = await makeResetLink(await house(), actor, given.data);
  if (!made.isDone) return made;
  const about = `Give this link to ${given.data.email}: it leads to a new password, works once, for an hour, and is not shown again.`;
  return { isDone: true, told: 'Made.', once: { about, text: made.value.link } };
}

/** Gives a member another role; he has to sign in again. */
export async function setRole(form: FormData): Promise<Act> {
  return wishOf({ ...here, schema: roleForm, form }, changeRole);
}

/** Shuts a member out, when his e-mail was typed once more. */
export async function disable(form: FormData): Promise<Act> {
  return wishOf(
    { ...here, schema: memberForm, form },
    async (deps, actor, { email, confirmed }): Promise<Wish<unknown>> =>
      confirmed === email
        ? disableMember(deps, actor, { email })
        : { isDone: false, problem: `Type “${email}” to confirm.` },
  );
}

export async function enable(form: FormData): Promise<Act> {
  return wishOf({ ...here, schema: emailForm, form }, enableMember);
}

/** Takes a member's second step away, who has lost phone and codes. */
export async function resetTotp(form: FormData): Promise<Act> {
  return wishOf({ ...here, schema: emailForm, form }, resetSecondStep);
}

/** Whether admins may do nothing without a second step. */
export async function setPolicy(form: FormData): Promise<Act> {
  return wishOf({ ...here, schema: policyForm, form }, (deps, actor, { admins }) =>
    setSignInPolicy(deps, actor, { isNeededOfAdmins: admins === 'needed' }),
  );
}

const here = { action: 'members:change', page: '/admin/members' } as const;
const unreadable: OnceAnswer = { isDone: false, problem: 'This cannot be read: fill in every field.' };
