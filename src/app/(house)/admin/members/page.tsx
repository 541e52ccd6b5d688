import type { Metadata } from 'next';
import { requireActor } from '../../../../server/guard.ts';
import { house } from '../../../../server/house.ts';
import { readInvitations } from '../../../../services/members/invite-member.ts';
import { readMembers } from '../../../../services/members/read-members.ts';
import { readSignInPolicy } from '../../../../services/members/sign-in-policy.ts';
import { AdminScreen } from '../../../../ui/admin/admin-screen.tsx';
import { Members } from '../../../../ui/admin/members.tsx';
import { LiveShell } from '../../live-shell.tsx';
import { shellOf } from '../../shell-of.ts';
import {
  add,
  disable,
  enable,
  invite,
  makeLink,
  resetTotp,
  setPolicy,
  setRole,
  withdraw,
} from './actions.ts';

export const metadata: Metadata = { title: 'Members' };

export default async function Page() {
  const actor = await requireActor('members:change');
  const deps = await house();
  const shell = await shellOf(deps, actor);
  const members = await readMembers(deps, actor);
  const invitations = await readInvitations(deps, actor);
  const policy = await readSignInPolicy(deps, actor);
  return (
    <LiveShell here="admin" {...shell}>
      <AdminScreen here="members">
        <Members
          {...{ members, invitations, ...policy }}
          actions={{ add, invite, withdraw, makeLink, setRole, disable, enable, resetTotp, setPolicy }}
          own={actor.name}
          now={shell.now}
        />
      </AdminScreen>
    </LiveShell>
  );
}
