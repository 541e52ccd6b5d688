'use server';

import { memberForm, newMemberForm, roleForm } from '../../../../contract/admin.ts';
import type { Act } from '../../../../services/alerts/acts.ts';
import { addMember } from '../../../../services/members/add-member.ts';
import { changeRole } from '../../../../services/members/change-role.ts';
import { disableMember } from '../../../../services/members/disable-member.ts';
import type { Wish } from '../../../../services/members/members-deps.ts';
import { wishOf } from '../wish-of.ts';

export async function add(form: FormData): Promise<Act> {
  return wishOf({ ...here, schema: newMemberForm, form }, addMember);
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

const here = { action: 'members:change', page: '/admin/members' } as const;
