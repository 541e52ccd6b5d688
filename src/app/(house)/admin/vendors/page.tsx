import type { Metadata } from 'next';
import { requireActor } from '../../../../server/guard.ts';
import { house } from '../../../../server/house.ts';
import { readVendors } from '../../../../services/vendors/read-vendors.ts';
import { AdminScreen } from '../../../../ui/admin/admin-screen.tsx';
import { Vendors } from '../../../../ui/admin/vendors.tsx';
import { LiveShell } from '../../live-shell.tsx';
import { shellOf } from '../../shell-of.ts';
import { add, pause, resume, set } from './actions.ts';

export const metadata: Metadata = { title: 'Vendors' };

export default async function Page() {
  const actor = await requireActor('accounts:change');
  const deps = await house();
  const shell = await shellOf(deps, actor);
  const vendors = await readVendors(deps, actor);
  return (
    <LiveShell here="admin" {...shell}>
      <AdminScreen here="vendors">
        <Vendors vendors={vendors} actions={{ add, set, pause, resume }} />
      </AdminScreen>
    </LiveShell>
  );
}
