import type { Metadata } from 'next';
import { requireActor } from '../../../../server/guard.ts';
import { house } from '../../../../server/house.ts';
import { readMembers } from '../../../../services/members/read-members.ts';
import { AdminScreen } from '../../../../ui/admin/admin-screen.tsx';
import { Members } from '../../../../ui/admin/members.tsx';
import { LiveShell } from '../../live-shell.tsx';
import { shellOf } from '../../shell-of.ts';
import { add, disable, setRole } from './actions.ts';

export const metadata: Metadata = { title: 'Members' };

export default async function Page() {
  const actor = await requireActor('members:change');
  const deps = await house();
  const shell = await shellOf(deps, actor);
  const members = await readMembers(deps, actor);
  return (
    <LiveShell here="admin" {...shell}>
      <AdminScreen here="members">
        <Members members={members} own={actor.name} now={shell.now} actions={{ add, setRole, disable }} />
      </AdminScreen>
    </LiveShell>
  );
}
